import type { Json, JsonObject } from '../../core/json/canonical-json.ts';
import { parseTime } from '../timestamps.ts';

type Test = (value: Json) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isNull: Test = (value) => value === null;
const isSha256: Test = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const either =
  (...tests: readonly Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));
const oneOf =
  (...values: readonly Json[]): Test =>
  (value) =>
    values.includes(value);

/** Exactly these members, each as its test wants it. */
const record =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const object = value as JsonObject;
    const names = Object.keys(object);
    return (
      names.length === Object.keys(tests).length &&
      names.every((name) => Object.hasOwn(tests, name) && tests[name]?.(object[name] as Json) === true)
    );
  };

/** The form of a line of the archive (docs/approval.md, "The archive"). */
export const isLine: Test = record({
  approvals: (value) => Array.isArray(value) && value.every(isSha256),
  at: (value) => typeof value === 'string' && parseTime(value) !== null,
  event: oneOf('started', 'finished'),
  plan: record({
    digest: isSha256,
    id: (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
  }),
  policy: either(isNull, isSha256),
  previous: isSha256,
  report: either(isNull, isSha256),
  result: oneOf('converged', 'incomplete', null),
  sequence: (value) => Number.isSafeInteger(value),
  signature: either(isNull, record({ keyid: isText, sig: isText })),
  target: record({ api_url: isText, name: either(isNull, isText) }),
});
