import { parseContract } from '../../contract/contract.ts';
import { Failure } from '../../core/failure.ts';
import { type Json, type JsonObject, own } from '../../core/json/canonical-json.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import validate from '../generated/plan.js';
import { isKnownFormat, type Plan, REST_VERSION } from '../plan.ts';
import { isPrinted } from './print.ts';
import { onlyKnown } from './strip-unknown.ts';

const DEPTH_MAX = 64;

/**
 * Reads a plan file for showing: unknown members of a newer minor version are ignored, an unknown major version is
 * refused. Throws a Failure (format_unknown, document_malformed).
 */
export function readPlan(text: string): Plan {
  const value = parseJson(text);
  const [major, minor] = versionOf(value);
  const [ourMajor, ourMinor] = REST_VERSION.split('.').map(Number);
  if (major !== ourMajor) {
    throw new Failure(
      'format_unknown',
      `plan format ${major}.${minor} is not known (this version reads ${ourMajor}.x)`,
      'Use the sailplan version that wrote it, or plan again.',
    );
  }
  const isNewer = minor > Number(ourMinor);
  const known = isNewer ? onlyKnown(value) : value;
  const misshapen = faultsOf(validate, known);
  const faults = misshapen.length > 0 || isNewer ? misshapen : contractFaults(known as JsonObject);
  if (faults.length > 0) {
    throw new Failure(
      'document_malformed',
      `not a plan: ${faults.slice(0, 3).join('; ')}${faults.length > 3 ? ` (and ${faults.length - 3} more)` : ''}`,
      'Plan files are written by `sailplan plan` and never edited: plan again.',
    );
  }
  return known as unknown as Plan;
}

function contractFaults(plan: JsonObject): readonly string[] {
  const read = parseContract(plan['contract']);
  return 'faults' in read ? read.faults.map((fault) => `contract.${fault}`) : [];
}

/**
 * Reads a plan file for deciding: this exact format, and bytes that equal our own printing of what was parsed.
 * Throws a Failure (format_unknown, document_malformed, plan_altered).
 */
export function parsePlan(text: string): Plan {
  const plan = readKnown(text);
  assertPrinted(plan, text);
  return plan;
}

/** Reads a plan file of a format that this version knows whole. Throws a Failure (format_unknown, document_malformed). */
export function readKnown(text: string): Plan {
  const plan = readPlan(text);
  if (isKnownFormat(plan.format_version)) return plan;
  throw new Failure(
    'format_unknown',
    `plan format ${plan.format_version} is newer than ${REST_VERSION}, so it can be shown but not decided on`,
    'Use the sailplan version that wrote it, or plan again.',
  );
}

/** Throws a Failure (plan_altered). */
export function assertPrinted(plan: Plan, text: string): void {
  if (isPrinted(plan, text)) return;
  throw new Failure(
    'plan_altered',
    'the plan file is not in the printed form that sailplan writes, so it was edited or re-formatted',
    'Restore the file as it was written, or plan again.',
  );
}

function versionOf(value: Json): [number, number] {
  const version =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? own(value as JsonObject, 'format_version')
      : undefined;
  const found = typeof version === 'string' ? /^([0-9]{1,6})\.([0-9]{1,6})$/.exec(version) : null;
  if (found === null)
    throw new Failure(
      'document_malformed',
      'not a plan: format_version is missing',
      'Give the path of a plan.json, its folder or its id.',
    );
  return [Number(found[1]), Number(found[2])];
}

/** JSON of bounded depth, without a member named `__proto__`. */
export function parseJson(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    assertPlain(value, 0);
    return value;
  } catch (error) {
    const because = String(error).replace(/^(Syntax|Range)Error: /, '');
    throw new Failure(
      'document_malformed',
      `not JSON: ${because}`,
      'The file is cut off or is something else.',
    );
  }
}

/** Throws a SyntaxError for what is nested too deep, and for a member that would be taken for a prototype. */
function assertPlain(value: Json, level: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (level >= DEPTH_MAX) throw new SyntaxError(`nested deeper than ${DEPTH_MAX}`);
  if (Array.isArray(value)) {
    for (const item of value) assertPlain(item as Json, level + 1);
    return;
  }
  const object = value as JsonObject;
  for (const name in object) {
    if (name === '__proto__') throw new SyntaxError('it has a member named __proto__');
    const member = object[name] as Json;
    if (typeof member === 'object') assertPlain(member, level + 1);
  }
}
