import {
  GraphQLError,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  print,
  type ValueNode,
} from 'graphql';

/** Prints JSON as Python's json.dumps does; `isSorted`: with sort_keys=True. */
export function pythonJson(value: unknown, isSorted = true): string {
  if (Array.isArray(value)) return `[${value.map((v) => pythonJson(v, isSorted)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (isSorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${pythonJson(k)}: ${pythonJson(v, isSorted)}`).join(', ')}}`;
  }
  return JSON.stringify(value ?? null).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const MAX_INT = 2147483647;

const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Whether a scalar or enum accepts a JSON value. Text accepts numbers and booleans too: `5` becomes "5". */
function acceptsValue(type: string, values: readonly string[] | null, value: unknown): boolean {
  if (values) return typeof value === 'string' && values.includes(value);
  if (type === 'Int') return Number.isInteger(toInt(value)) && Math.abs(toInt(value)) <= MAX_INT;
  if (type === 'String' || type === 'ID') {
    if (typeof value === 'object')
      throw new GraphQLError('not in the sandbox: an object or a list where text is expected');
    return true;
  }
  if (type === 'Date') return typeof value === 'string' && isDate(value);
  if (type === 'DateTime') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return true;
}

/** Python's int(). Throws Python's own error for text that is not a number (recording 11-http-statuses). */
function toInt(value: unknown): number {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new GraphQLError(`could not convert string to float: '${String(value)}'`);
  return Math.trunc(number);
}

const enumNames = (type: GraphQLInputType): readonly string[] | null =>
  isEnumType(type) ? type.getValues().map((v) => v.name) : null;

/** Why a JSON value is not an input of this type, in Saleor's words. */
export function valueProblems(value: unknown, type: GraphQLInputType): readonly string[] {
  if (isNonNullType(type))
    return value === null || value === undefined
      ? [`Expected "${type}", found null.`]
      : valueProblems(value, type.ofType);
  if (value === null || value === undefined) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return valueProblems(value, type.ofType);
    return value.flatMap((item, i) => valueProblems(item, type.ofType).map((p) => `In element #${i}: ${p}`));
  }
  if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value))
      return [`Expected "${type}", found not an object.`];
    const given = value as Readonly<Record<string, unknown>>;
    const known = type.getFields();
    const unknown = Object.keys(given)
      .filter((name) => !known[name])
      .map((name) => `In field "${name}": Unknown field.`);
    const wrong = Object.values(known).flatMap((field) =>
      valueProblems(given[field.name], field.type).map((p) => `In field "${field.name}": ${p}`),
    );
    return [...unknown, ...wrong];
  }
  return acceptsValue(type.name, enumNames(type), value)
    ? []
    : [`Expected type "${type}", found ${pythonJson(value)}.`];
}

/** Converts a value without problems into one that graphql-js accepts. */
export function coerce(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return coerce(value, type.ofType);
  if (value === null || value === undefined) return value;
  if (isListType(type))
    return (Array.isArray(value) ? value : [value]).map((item) => coerce(item, type.ofType));
  if (isInputObjectType(type)) {
    const known = type.getFields();
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => {
        const field = known[name];
        return [name, field ? coerce(item, field.type) : item];
      }),
    );
  }
  if (type.name === 'Int') return toInt(value);
  if (type.name === 'Boolean') return Boolean(value);
  return type.name === 'String' || type.name === 'ID' ? String(value) : value;
}

function acceptsLiteral(type: GraphQLInputType & { readonly name: string }, node: ValueNode): boolean {
  const values = enumNames(type);
  if (values) return node.kind === Kind.ENUM && values.includes(node.value);
  switch (type.name) {
    case 'Int':
      return node.kind === Kind.INT && Math.abs(Number(node.value)) <= MAX_INT;
    case 'Float':
      return node.kind === Kind.INT || node.kind === Kind.FLOAT;
    case 'Boolean':
      return node.kind === Kind.BOOLEAN;
    case 'String':
      return node.kind === Kind.STRING;
    case 'ID':
      return node.kind === Kind.STRING || node.kind === Kind.INT;
    case 'Date':
    case 'DateTime':
      return node.kind === Kind.STRING && acceptsValue(type.name, null, node.value);
    default:
      return true;
  }
}

/** The same for a literal in the document. Variables are checked by coerceVariables. */
export function literalProblems(node: ValueNode | undefined, type: GraphQLInputType): readonly string[] {
  if (isNonNullType(type))
    return node === undefined ? [`Expected "${type}", found null.`] : literalProblems(node, type.ofType);
  if (node === undefined || node.kind === Kind.VARIABLE) return [];
  if (isListType(type)) {
    if (node.kind !== Kind.LIST) return literalProblems(node, type.ofType);
    return node.values.flatMap((item, i) =>
      literalProblems(item, type.ofType).map((p) => `In element #${i}: ${p}`),
    );
  }
  if (isInputObjectType(type)) {
    if (node.kind !== Kind.OBJECT) return [`Expected "${type}", found not an object.`];
    const known = type.getFields();
    const unknown = node.fields
      .filter((f) => !known[f.name.value])
      .map((f) => `In field "${f.name.value}": Unknown field.`);
    const wrong = Object.values(known).flatMap((field) => {
      const value = node.fields.find((f) => f.name.value === field.name)?.value;
      return literalProblems(value, field.type).map((p) => `In field "${field.name}": ${p}`);
    });
    return [...unknown, ...wrong];
  }
  return acceptsLiteral(type, node) ? [] : [`Expected type "${type}", found ${print(node)}.`];
}
