// TypeScript types of the JSON Schemas: one type alias for each definition and each titled part, all members readonly. Aliases
// and not interfaces, since only they can be given where a JSON value is asked for.
import { dirname, relative } from 'node:path';

const JSON_TYPES = 'src/core/json/json-value.ts';

/**
 * path → text of the type files of one schema. `main`: where its own types go. `homes`: path → names of the types that lower
 * layers use and that are declared there instead. `foreign`: place in the schema (`/properties/contract`) → a type that is
 * declared by hand or by another schema, and the file that exports it.
 */
export function typeFiles(schema, { main, homes = {}, foreign = {}, banner }) {
  const homeOf = new Map(Object.entries(homes).flatMap(([path, names]) => names.map((name) => [name, path])));
  const declared = new Map();
  const context = { schema, foreign, declared };
  declare(schema, '', schema.title, context);
  for (const name of Object.keys(schema.definitions ?? {})) reference(`#/definitions/${name}`, context);
  const files = new Map([[main, []], ...Object.keys(homes).map((path) => [path, []])]);
  for (const name of homeOf.keys())
    if (!declared.has(name)) throw new Error(`${schema.title}: there is no type ${name}`);
  for (const [name, type] of declared) files.get(homeOf.get(name) ?? main).push({ name, ...type });
  const place = (name) => (declared.has(name) ? (homeOf.get(name) ?? main) : undefined);
  return new Map([...files].map(([path, types]) => [path, `${banner}\n${printed(path, types, place)}`]));
}

function printed(path, types, place) {
  const imports = new Map();
  for (const { uses } of types)
    for (const [name, from] of uses) {
      const file = from ?? place(name);
      if (file !== path) imports.set(file, new Set([...(imports.get(file) ?? []), name]));
    }
  const lines = [...imports]
    .map(
      ([file, names]) => `import type { ${[...names].sort().join(', ')} } from '${specifier(path, file)}';`,
    )
    .sort();
  const body = types.map(
    ({ name, text, description }) => `${doc(description, '')}export type ${name} = ${text};\n`,
  );
  return `${lines.length === 0 ? '' : `${lines.join('\n')}\n`}\n${body.join('\n')}`;
}

/** Generated declarations have no .ts beside them. */
function specifier(from, to) {
  const path = relative(dirname(from), to).replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

const doc = (text, indent) => (text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`);

/** Adds a named type, and gives its name. */
function declare(schema, at, name, context) {
  const known = context.declared.get(name);
  if (known !== undefined && known.at !== at) throw new Error(`${name} is two types: ${known.at} and ${at}`);
  if (known !== undefined) return name;
  const uses = new Map();
  const type = { at, text: '', uses, description: schema.description };
  context.declared.set(name, type);
  type.text = typeOf(schema, at, { ...context, uses }, '');
  return name;
}

const pascal = (name) => name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());

/** The type of a reference: its name, or the type itself where that is a text, number, boolean or list without a title. */
function reference(ref, context) {
  const at = ref.slice(1);
  const name = at.split('/').at(-1);
  const target = context.schema.definitions[name];
  if (context.foreign[at] === undefined && target.title === undefined && isPlain(target))
    return typeOf(target, at, { ...context, uses: context.uses ?? new Map() }, '');
  return named(target, at, target.title ?? pascal(name), context);
}

function named(schema, at, name, context) {
  const known = context.foreign[at];
  if (known !== undefined) {
    context.uses?.set(known.type, known.from);
    return known.type;
  }
  context.uses?.set(name, undefined);
  return declare(schema, at, name, context);
}

const isPlain = ({ type, enum: values }) =>
  values === undefined && ['string', 'integer', 'number', 'boolean', 'array'].includes(type);

/** `indent`: that of the line on which the type begins. */
function typeOf(schema, at, context, indent) {
  const inside = (part, step) => partOf(part, `${at}/${step}`, context, indent);
  const union = (parts) => [...new Set(parts)].join(' | ');
  if (schema.$ref !== undefined) return reference(schema.$ref, context);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literal));
  for (const choice of ['anyOf', 'oneOf'])
    if (schema[choice] !== undefined && schema.properties === undefined)
      return union(schema[choice].map((part, index) => inside(part, `${choice}/${index}`)));
  if (schema.then?.properties === undefined && schema.then !== undefined && schema.else !== undefined)
    return union([inside(schema.then, 'then'), inside(schema.else, 'else')]);
  if (Array.isArray(schema.type))
    return union(schema.type.map((type) => typeOf({ ...schema, type }, at, context, indent)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = inside(schema.items, 'items');
      return `readonly ${/^[\w.]+$/.test(item) ? item : `(${item})`}[]`;
    }
    case 'object':
      return objectOf(schema, at, context, indent);
    default:
      context.uses.set('Json', JSON_TYPES);
      return 'Json';
  }
}

function objectOf({ properties, required = [], additionalProperties }, at, context, indent) {
  if (properties === undefined && typeof additionalProperties === 'object')
    return `Readonly<Record<string, ${partOf(additionalProperties, `${at}/additionalProperties`, context, indent)}>>`;
  if (properties === undefined) {
    context.uses.set('JsonObject', JSON_TYPES);
    return 'JsonObject';
  }
  const members = Object.entries(properties).map(([name, part]) => {
    const key = `${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? '' : '?'}`;
    const type = partOf(part, `${at}/properties/${name}`, context, `${indent}  `);
    return `${doc(part.description, `${indent}  `)}${indent}  readonly ${key}: ${type};\n`;
  });
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{\n${members.join('')}${indent}}`;
}

/** A part of a schema: by its name where it has a title. */
const partOf = (schema, at, context, indent) =>
  context.foreign[at] !== undefined || (schema.title !== undefined && schema.$ref === undefined)
    ? named(schema, at, schema.title, context)
    : typeOf(schema, at, context, indent);

const literal = (value) =>
  typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : String(value);
