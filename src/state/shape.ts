/** A generated validator of a JSON Schema (test/generate.mjs). */
export interface Validator {
  (value: unknown): boolean;
  readonly errors: readonly SchemaError[] | null;
}

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Record<string, unknown>;
}

/** What is wrong with a document, each with its place: `attributes[3].slug: must match pattern …`; empty when it is right. */
export function faultsOf(validate: Validator, value: unknown): readonly string[] {
  if (validate(value)) return [];
  return [...new Set((validate.errors ?? []).map(faultOf))];
}

function faultOf({ instancePath, message, params }: SchemaError): string {
  const place = instancePath
    .replace(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replace(/\//g, '.')
    .replace(/^\./, '')
    .replace(/~1/g, '/')
    .replace(/~0/g, '~');
  const named = params['additionalProperty'] ?? params['allowedValues'] ?? params['allowedValue'];
  const detail = named === undefined ? '' : ` (${[named].flat().map(String).join(', ')})`;
  return `${place || 'document'}: ${message ?? 'is not valid'}${detail}`;
}
