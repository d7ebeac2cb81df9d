import { HIDDEN } from '../state/hidden.ts';
import { isPlain, type Json, type JsonObject, namesOf } from '../state/json.ts';
import type { Plan } from './plan.ts';

/**
 * The plan file's printed form: members in a fixed order, one patch operation a line, one snapshot resource a line,
 * so that a pull request shows what changed and nothing else. The form is canonical: parsing and printing gives the
 * same bytes, so no second reading of a file is possible.
 */
export function printPlan(plan: Plan): string {
  const value = plan as unknown as JsonObject;
  const members = Object.keys(ORDER)
    .map((name) => `  ${text(name)}: ${(ORDER[name] ?? line)(value[name] as Json)}`)
    .join(',\n');
  return `{\n${members}\n}\n`;
}

type Printer = (value: Json) => string;

/** Hidden characters are written as \u…, so that no editor or forge can hide one. */
const text = (value: string): string =>
  isPlain(value) ? `"${value}"` : JSON.stringify(value).replace(HIDDEN, escaped);

const escaped = (found: string): string =>
  found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** On one line, members in code-unit order. */
function line(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  const object = value as JsonObject;
  let members = '';
  for (const name of namesOf(object))
    members += `${members === '' ? '' : ', '}${text(name)}: ${line(object[name] as Json)}`;
  return `{${members}}`;
}

const indented = (depth: number): string => '  '.repeat(depth);

/** One item a line. */
const lines =
  (depth: number, item: Printer = line): Printer =>
  (value) => {
    const items = value as readonly Json[];
    if (items.length === 0) return '[]';
    return `[\n${items.map((one) => indented(depth + 1) + item(one)).join(',\n')}\n${indented(depth)}]`;
  };

/** One member a line, in code-unit order, each printed by its own printer. */
const block =
  (depth: number, printer: (name: string) => Printer): Printer =>
  (value) => {
    const object = value as JsonObject;
    const members = namesOf(object);
    if (members.length === 0) return '{}';
    const rows = members.map(
      (name) => `${indented(depth + 1)}${text(name)}: ${printer(name)(object[name] as Json)}`,
    );
    return `{\n${rows.join(',\n')}\n${indented(depth)}}`;
  };

const CHANGE = ['ref', 'action', 'reason', 'before', 'after', 'patch', 'needs', 'ids', 'provenance'];

const change: Printer = (value) => {
  const object = value as JsonObject;
  const rows = CHANGE.map(
    (name) => `      ${text(name)}: ${(name === 'patch' ? lines(3) : line)(object[name] as Json)}`,
  );
  return `{\n${rows.join(',\n')}\n    }`;
};

const attribute = block(3, (name) => (name === 'values' ? block(4, () => line) : line));

const actual = block(1, (name) =>
  name === 'attributes'
    ? block(2, () => attribute)
    : name === 'permissions' || name === 'locales'
      ? line
      : block(2, () => line),
);

const reverts = block(2, (name) => (name === 'documents' ? block(3, () => line) : line));

const desired = block(1, (name) =>
  name === 'taxonomies' ? block(2, () => lines(3)) : name === 'reverts' ? reverts : lines(2),
);

const contract = block(1, (name) => (name === 'attributes' || name === 'metadata' ? lines(2) : line));

/** The members of a plan, in their printed order. */
const ORDER: Readonly<Record<string, Printer>> = {
  format_version: line,
  target: line,
  source: line,
  options: line,
  summary: line,
  errored: line,
  completeness: line,
  hazards: lines(1),
  left_out: lines(1),
  diagnostics: lines(1),
  changes: lines(1, change),
  contract,
  registry: line,
  desired,
  actual,
};

/** Plain JSON with two blanks a level and the same care for hidden characters. */
export const printJson = (value: Json): string =>
  `${JSON.stringify(value, null, 2).replace(HIDDEN, escaped)}\n`;
