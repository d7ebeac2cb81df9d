import { didYouMean } from '../text/did-you-mean.ts';

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

/**
 * What is wrong with a document, each with its place: `attributes[3].slug: must match pattern …`; empty for a valid one.
 * `members`: known names, of which the nearest is suggested for an unknown one.
 */
export function faultsOf(
  validate: Validator,
  value: unknown,
  members: readonly string[] = [],
): readonly string[] {
  if (validate(value)) return [];
  return [...new Set((validate.errors ?? []).map((error) => faultOf(error, members)))];
}

function faultOf({ instancePath, keyword, params }: SchemaError, members: readonly string[]): string {
  const place = instancePath
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replace(/\//g, '.')
    .replace(/^\./, '')
    .replace(/~1/g, '/')
    .replace(/~0/g, '~');
  const named = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
  const detail = named === undefined ? '' : ` (${[named].flat().map(String).join(', ')})`;
  const unknown = params['additionalProperty'];
  const hint = typeof unknown === 'string' ? didYouMean(unknown, members) : '';
  return `${place || 'document'}: ${MESSAGES[keyword]?.(params) ?? 'is not valid'}${detail}${hint === '' ? '' : `. ${hint}`}`;
}

type Params = Readonly<Record<string, unknown>>;

/** ajv's messages by keyword: the generated validators have none. */
const MESSAGES: Readonly<Record<string, (params: Params) => string>> = {
  additionalProperties: () => 'must NOT have additional properties',
  anyOf: () => 'must match a schema in anyOf',
  const: () => 'must be equal to constant',
  enum: () => 'must be equal to one of the allowed values',
  'false schema': () => 'boolean schema is false',
  exclusiveMinimum: ({ limit }) => `must be > ${limit}`,
  if: ({ failingKeyword }) => `must match "${failingKeyword}" schema`,
  maxItems: ({ limit }) => `must NOT have more than ${limit} items`,
  maxLength: ({ limit }) => `must NOT have more than ${limit} characters`,
  maximum: ({ limit }) => `must be <= ${limit}`,
  minItems: ({ limit }) => `must NOT have fewer than ${limit} items`,
  minLength: ({ limit }) => `must NOT have fewer than ${limit} characters`,
  minProperties: ({ limit }) => `must NOT have fewer than ${limit} properties`,
  minimum: ({ limit }) => `must be >= ${limit}`,
  not: () => 'must NOT be valid',
  oneOf: () => 'must match exactly one schema in oneOf',
  pattern: ({ pattern }) => `must match pattern "${pattern}"`,
  propertyNames: () => 'property name must be valid',
  required: ({ missingProperty }) => `must have required property '${missingProperty}'`,
  type: ({ type }) => `must be ${[type].flat().join(',')}`,
  uniqueItems: ({ i, j }) => `must NOT have duplicate items (items ## ${j} and ${i} are identical)`,
};
