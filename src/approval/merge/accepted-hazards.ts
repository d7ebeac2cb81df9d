import { Failure } from '../../core/failure.ts';
import { parseStrictOr } from '../../core/json/duplicate-members.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import type { AcceptFile } from '../generated/accept.js';
import validate, { members } from '../generated/accept.js';

/** Prints plans/<id>/accept.json (mode merge). People may also write the file, in any JSON layout. */
export function printAccept(planDigest: string, codes: readonly string[]): string {
  const file: AcceptFile = {
    format: 'sailplan-accept',
    format_version: '1.0',
    plan_digest: planDigest,
    accepted_hazards: [...new Set(codes)].sort(),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The codes that an accept.json accepts. `known`: codes of all hazards. Throws a Failure (hazard_not_accepted) when the
 * file is malformed, is for another plan, or names an unknown hazard.
 */
export function readAccept(
  bytes: Uint8Array,
  planDigest: string,
  known: readonly string[],
): readonly string[] {
  const { plan_digest, accepted_hazards } = parse(bytes);
  if (plan_digest !== planDigest) throw refused(`it is for the plan with the digest ${plan_digest}`);
  const unknown = accepted_hazards.find((code) => !known.includes(code));
  if (unknown !== undefined) {
    throw refused(`there is no hazard ${unknown}. ${didYouMean(unknown, known)}`.trimEnd());
  }
  return accepted_hazards;
}

function parse(bytes: Uint8Array): AcceptFile {
  const value: unknown = parseStrictOr(bytes, refused);
  const [fault] = faultsOf(validate, value, members);
  if (fault !== undefined) throw refused(fault);
  return value as AcceptFile;
}

const refused = (because: string): Failure =>
  new Failure(
    'hazard_not_accepted',
    `accept.json: ${because}`,
    'Delete the file and write it again with sailplan approve --accept.',
  );
