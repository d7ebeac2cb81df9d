import { parseContract } from '../../contract/contract.ts';
import { Failure } from '../../core/failure.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { isRecord, own } from '../../core/json/records.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { isKnownFormat, NEWEST_FORMAT } from '../format-version.ts';
import validate from '../generated/plan.js';
import stripUnknown from '../generated/strip-unknown.js';
import type { Plan } from '../plan.ts';
import { documentFaults } from './change-documents.ts';
import { integrityOf, type ParsedPlan } from './integrity.ts';
import { isPrinted } from './print.ts';

/**
 * Reads a plan file of any format of this major version. Drops members that only a newer minor version knows: such a plan
 * can be shown, but nothing may be decided on it (`requireVerified`). `integrity` is computed when it is first read.
 * Throws a Failure (format_unknown, document_malformed).
 */
export function parsePlan(text: string): ParsedPlan {
  const value = parseJson(text);
  const [major, minor] = versionOf(value);
  const [ourMajor, ourMinor] = NEWEST_FORMAT.split('.').map(Number);
  if (major !== ourMajor) {
    throw new Failure(
      'format_unknown',
      `plan format ${major}.${minor} is not known (this version reads ${ourMajor}.x)`,
      'Use the sailplan version that wrote it, or plan again.',
    );
  }
  const isNewer = minor > Number(ourMinor);
  if (isNewer) stripUnknown(value);
  const misshapen = faultsOf(validate, value);
  const faults = misshapen.length > 0 ? misshapen : contentFaults(value as JsonObject & Plan, isNewer);
  if (faults.length > 0) {
    throw new Failure(
      'document_malformed',
      `not a plan: ${faults.slice(0, 3).join('; ')}${faults.length > 3 ? ` (and ${faults.length - 3} more)` : ''}`,
      'Plan files are written by `sailplan plan` and never edited: plan again.',
    );
  }
  const plan = value as Plan;
  return {
    plan,
    format: isKnownFormat(plan.format_version) ? 'current' : 'newer',
    integrity: integrityOf(plan, { isPrinted: () => isPrinted(plan, text), text: () => text }),
  };
}

/** Rules that the schema cannot express. The contract of a newer minor version may have rules that are unknown here. */
const contentFaults = (plan: JsonObject & Plan, isNewer: boolean): readonly string[] => [
  ...(isNewer ? [] : contractFaults(plan)),
  ...documentFaults(plan.changes),
];

export function contractFaults(plan: JsonObject): readonly string[] {
  const read = parseContract(plan['contract']);
  return 'faults' in read ? read.faults.map((fault) => `contract: ${fault}`) : [];
}

function versionOf(value: Json): [number, number] {
  const version = isRecord(value) ? own(value, 'format_version') : undefined;
  const found = typeof version === 'string' ? /^([0-9]{1,6})\.([0-9]{1,6})$/.exec(version) : null;
  if (found === null)
    throw new Failure(
      'document_malformed',
      'not a plan: format_version is missing',
      'Give the path of a plan.json, its folder or its id.',
    );
  return [Number(found[1]), Number(found[2])];
}
