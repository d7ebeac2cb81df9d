import { didYouMean } from '../text/did-you-mean.ts';
import { isRecord } from './records.ts';

/** A generated validator of a JSON Schema (scripts/generate.mjs). */
export interface Validator {
  (value: unknown): boolean;
  readonly errors: readonly SchemaError[] | null;
}

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
}

/** Place (a JSON pointer, `*` for any step) → the names of the members that an object there may have. */
type KnownMembers = Readonly<Record<string, readonly string[]>>;

/**
 * Errors of a document, each with its place: `attributes[3].slug: must have only …`; empty for a valid one. A document of another
 * `format` has only that error, because none of its members are expected. With `members`, an unknown member is reported with the
 * nearest, and the first one of a kind of place with all allowed ones.
 */
export function faultsOf(validate: Validator, value: unknown, members: KnownMembers = {}): readonly string[] {
  if (validate(value)) return [];
  // Places without a fault: only the first thousand are kept (scripts/generate.mjs).
  const errors = (validate.errors ?? []).filter((error) => error !== undefined);
  const format = errors.filter(
    ({ instancePath, keyword }) => instancePath === '/format' && keyword === 'const',
  );
  const listed = new Set<string>();
  const faults = (format.length > 0 ? format : errors).map((error) => faultOf(error, value, members, listed));
  return [...new Set(faults)];
}

/** `listed`: places whose allowed members are listed already. */
function faultOf(
  { instancePath, keyword, params }: SchemaError,
  value: unknown,
  members: KnownMembers,
  listed: Set<string>,
): string {
  const steps = instancePath.split('/').slice(1).map(unescaped);
  const place = steps
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  const pattern = patternOf(steps, members);
  const known = members[pattern] ?? [];
  const isListed = listed.has(pattern);
  if (keyword === 'additionalProperties') listed.add(pattern);
  const words = WORDS[keyword]?.({ params, found: at(value, steps), known, isListed }) ?? 'is not valid';
  return place === '' ? words : `${place}: ${words}`;
}

const unescaped = (step: string): string => step.replace(/~1/g, '/').replace(/~0/g, '~');

function at(value: unknown, steps: readonly string[]): unknown {
  let found = value;
  for (const step of steps) {
    if (Array.isArray(found)) found = found[Number(step)];
    else if (isRecord(found)) found = found[step];
    else return undefined;
  }
  return found;
}

/** Each step as the schema names it, or `*`. */
function patternOf(steps: readonly string[], members: KnownMembers): string {
  let pattern = '';
  for (const step of steps) pattern += members[pattern]?.includes(step) ? `/${step}` : '/*';
  return pattern;
}

interface Fault {
  readonly params: Readonly<Record<string, unknown>>;
  /** The value at the place. */
  readonly found: unknown;
  /** Members that an object at the place may have. */
  readonly known: readonly string[];
  /** Whether an earlier error lists them. */
  readonly isListed: boolean;
}

/** Characters of a value that are shown. */
const MAX_SHOWN = 40;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'text in quotes',
};

/** Only the kind: a text in a wrong place may be a secret. */
function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object'
    ? 'an object'
    : typeof value === 'boolean'
      ? String(value)
      : `the number ${value}`;
}

const joined = (names: readonly unknown[]): string => names.map(String).join(', ');
/** ` Did you mean …?`, after a prefix, and the allowed members. */
function withHelp(what: string, near: string, allowed: readonly string[]): string {
  const choice = allowed.length === 0 ? '' : `${near === '' ? '.' : ''} Allowed: ${joined(allowed)}`;
  return `${what}${near === '' ? '' : `. ${near}`}${choice}`;
}

/** Forms by the pattern of the schema. */
const FORMS: Readonly<Record<string, string>> = {
  '^1\\.[0-9]+$': 'must be "1.0", the version that this sailplan reads',
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}$': 'must be a day, such as 2026-12-31',
  '^[-a-zA-Z0-9_]+$': 'may contain only English letters, digits, - and _',
  '^[a-z0-9][a-z0-9._-]*$':
    'may contain only lower-case letters, digits, dots, - and _, and must begin with a letter or digit',
  '^[a-z0-9][a-z0-9_-]*$':
    'may contain only lower-case letters, digits, - and _, and must begin with a letter or digit',
  '^refs/(heads|remotes)/[A-Za-z0-9][A-Za-z0-9._/-]*$': 'must be a full ref, such as refs/heads/main',
  '^[0-9a-f]{64}$': 'must be a SHA-256: 64 digits and letters a to f',
  '^[A-Za-z]{2,3}([_-][A-Za-z0-9]+)*$': 'must be a language, such as en or pt-br',
};

/** By ajv's keyword: the generated validators contain no messages. */
const WORDS: Readonly<Record<string, (fault: Fault) => string>> = {
  additionalProperties: ({ params, known, isListed }) => {
    const name = String(params['additionalProperty']);
    return withHelp(`there is no member "${name}"`, didYouMean(name, known), isListed ? [] : known);
  },
  anyOf: () => 'does not have an allowed form',
  const: ({ params, found }) => `must be ${shown(params['allowedValue'])}, not ${shown(found)}`,
  enum: ({ params, found }) => {
    const allowed = [params['allowedValues']].flat().map(String);
    const near = typeof found === 'string' ? didYouMean(found, allowed) : '';
    return withHelp(`must be one of ${joined(allowed)}, not ${shown(found)}`, near, []);
  },
  'false schema': () => 'is not allowed here',
  exclusiveMinimum: ({ params, found }) => `must be more than ${params['limit']}, not ${shown(found)}`,
  if: () => 'cannot be combined with the other members',
  maxItems: ({ params }) => `may have at most ${params['limit']} items`,
  maxLength: ({ params }) => `may have at most ${params['limit']} characters`,
  maximum: ({ params, found }) => `must be at most ${params['limit']}, not ${shown(found)}`,
  minItems: ({ params }) => `needs at least ${params['limit']} item${params['limit'] === 1 ? '' : 's'}`,
  minLength: ({ params }) =>
    params['limit'] === 1 ? 'is empty' : `needs at least ${params['limit']} characters`,
  minProperties: ({ params }) =>
    `needs at least ${params['limit']} member${params['limit'] === 1 ? '' : 's'}`,
  minimum: ({ params, found }) => `must be at least ${params['limit']}, not ${shown(found)}`,
  not: () => 'is not allowed',
  oneOf: () => 'must have exactly one of the allowed forms',
  pattern: ({ params }) => FORMS[String(params['pattern'])] ?? `must have the form ${params['pattern']}`,
  propertyNames: ({ params }) => `"${params['propertyName']}" is not an allowed name`,
  required: ({ params }) => `the member "${params['missingProperty']}" is missing`,
  type: ({ params, found }) =>
    `must be ${[params['type']]
      .flat()
      .map((type) => KINDS[String(type)] ?? String(type))
      .join(' or ')}, not ${kindOfValue(found)}`,
  uniqueItems: ({ params }) => `items ${Number(params['j']) + 1} and ${Number(params['i']) + 1} are the same`,
};
