import { Failure } from '../../core/failure.ts';
import { canonical, isSame } from '../../core/json/canonical-json.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { idOf } from '../../plan/plan.ts';
import { nameError } from '../approver-name.ts';
import validate, { type Approval, type Author } from '../generated/approval.js';
import { parseTime } from '../timestamps.ts';

const APPROVAL_TYPE = 'urn:sailplan:approval:v1';
const AUTHOR_TYPE = 'urn:sailplan:author:v1';

/** in-toto Statement v1 (github.com/in-toto/attestation, spec/v1/statement.md) about exactly one plan. */
export type Statement<P> = {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly [{ readonly name: 'plan'; readonly digest: { readonly sha256: string } }];
  readonly predicateType: string;
  readonly predicate: P;
};

export type { Approval, Author } from '../generated/approval.js';

/**
 * The statement of an approval or a rejection. Adds the plan's id and sorts the hazards.
 * Throws a Failure (usage) for an invalid name, time or comment.
 */
export function approvalStatement(
  planDigest: string,
  approval: Omit<Approval, 'plan_id'>,
): Statement<Approval> {
  const accepted_hazards = [...new Set(approval.accepted_hazards)].sort();
  return validated(
    makeStatement(planDigest, APPROVAL_TYPE, { ...approval, accepted_hazards, plan_id: idOf(planDigest) }),
  );
}

/** The statement of a plan's author. Throws a Failure (usage) for an invalid name or time. */
export function authorStatement(planDigest: string, author: Omit<Author, 'plan_id'>): Statement<Author> {
  return validated(makeStatement(planDigest, AUTHOR_TYPE, { ...author, plan_id: idOf(planDigest) }));
}

/** Prints the payload of an envelope: RFC 8785, UTF-8. */
export const printStatement = (value: Statement<Approval> | Statement<Author>): Uint8Array =>
  new TextEncoder().encode(canonical(value));

/** Reads the payload of an approval after its signature was verified. Throws a Failure (approval_invalid). */
export const readApproval = (payload: Uint8Array): Statement<Approval> =>
  readStatement(payload, APPROVAL_TYPE) as Statement<Approval>;

/** Reads the payload of an author's statement after its signature was verified. Throws a Failure (approval_invalid). */
export const readAuthor = (payload: Uint8Array): Statement<Author> =>
  readStatement(payload, AUTHOR_TYPE) as Statement<Author>;

const makeStatement = <P>(planDigest: string, predicateType: string, predicate: P): Statement<P> => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'plan', digest: { sha256: planDigest } }],
  predicateType,
  predicate,
});

function validated<P extends Approval | Author>(value: Statement<P>): Statement<P> {
  const error = errorIn(value);
  if (error !== null)
    throw new Failure('usage', error, 'docs/approval.md describes names, times and hazards.');
  return value;
}

function readStatement(payload: Uint8Array, type: string): unknown {
  const value = parsePayload(payload);
  const found = value['predicateType'];
  const error =
    found === type ? errorIn(value) : `the statement is of type ${JSON.stringify(found)}, not ${type}`;
  if (error !== null)
    throw new Failure('approval_invalid', error, 'Statements are written by sailplan: approve again.');
  return value;
}

/** Parses a payload whose bytes equal the canonical form of their content, so that two readers cannot differ. */
function parsePayload(payload: Uint8Array): JsonObject {
  try {
    const text = decodeUtf8(payload);
    const value = parseJson(text);
    if (canonical(value) === text && typeof value === 'object' && value !== null) return value as JsonObject;
  } catch {
    // sailplan never writes such a statement, so the error does not matter.
  }
  throw new Failure(
    'approval_invalid',
    'the payload is not a statement in canonical JSON (RFC 8785)',
    'Statements are written by sailplan: approve again.',
  );
}

function errorIn(value: JsonObject): string | null {
  if (Object.hasOwn(value, 'payload')) return 'an envelope was found where a statement is expected';
  const [error] = faultsOf(validate, value);
  if (error !== undefined) return error;
  const { subject, predicate } = value as Statement<Approval & Author>;
  return (
    (predicate.plan_id === idOf(subject[0].digest.sha256) ? null : 'plan_id is not that of the digest') ??
    nameError(predicate.approver ?? predicate.author) ??
    timeError(predicate) ??
    hazardError(predicate)
  );
}

function timeError({ at, expires_at = null }: { at: string; expires_at?: string | null }): string | null {
  const [from, until] = [parseTime(at), expires_at === null ? null : parseTime(expires_at)];
  if (from === null) return `at: ${at} is not a time`;
  if (expires_at !== null && (until === null || until <= from)) {
    return `expires_at: ${expires_at} is not a time after ${at}`;
  }
  return null;
}

function hazardError({ accepted_hazards = [] }: { accepted_hazards?: readonly string[] }): string | null {
  const sorted = [...new Set(accepted_hazards)].sort();
  return isSame(sorted, accepted_hazards) ? null : 'accepted_hazards are not sorted';
}
