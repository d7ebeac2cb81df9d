import { existsSync, readFileSync } from 'node:fs';
import { capital, cell, GENERATED, table } from './markdown.ts';

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** docs/reference/<name>.md of a file in schemas/: a table of all members. */
export function schemaPage(file: string): string {
  const schema = JSON.parse(readFileSync(`schemas/${file}`, 'utf8')) as Schema;
  const defined = schema.definitions ?? {};
  const named = Object.entries(defined).filter(([, part]) => isObject(part));
  const lines = [
    GENERATED,
    '',
    `# ${capital(file.replace('.schema.json', ''))}`,
    '',
    cell(schema.description ?? ''),
    '',
    ...introOf(file),
    `Schema: [schemas/${file}](../../schemas/${file}). \`name*\` must be there.`,
    ...membersOf(schema, defined),
    ...named.flatMap(([name, part]) => [
      '',
      `## ${name}`,
      ...(part.description === undefined ? [] : ['', part.description]),
      ...membersOf(part, defined),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a page explains before its table of members: scripts/reference/intro/. */
function introOf(file: string): readonly string[] {
  const path = `scripts/reference/intro/${file.replace('.schema.json', '.md')}`;
  return existsSync(path) ? [readFileSync(path, 'utf8').trimEnd(), '', '## Members', ''] : [];
}

const isObject = ({ properties, additionalProperties }: Schema): boolean =>
  properties !== undefined || typeof additionalProperties === 'object';

/** A table of the members, members of members too. */
function membersOf(schema: Schema, defined: Defined): readonly string[] {
  const rows = rowsOf(schema, '', defined);
  return rows.length === 0 ? [] : ['', ...table(['member', 'type', 'meaning'], rows)];
}

type Defined = Readonly<Record<string, Schema>>;

function rowsOf(schema: Schema, prefix: string, defined: Defined): readonly (readonly string[])[] {
  const choices = [schema.then, schema.else].filter((part) => part?.properties !== undefined);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const mark = schema.required?.includes(name) ? '*' : '';
    const inner = member.items !== undefined && isObject(member.items) ? member.items : member;
    return [
      [`\`${path}\`${mark}`, typeOf(member, defined), cell(meaningOf(member, defined))],
      ...(isObject(inner) ? rowsOf(inner, `${path}${inner === member ? '' : '[]'}.`, defined) : []),
    ];
  });
  const each = schema.additionalProperties;
  const others =
    typeof each !== 'object'
      ? []
      : [
          [`\`${prefix}NAME\``, typeOf(each, defined), cell(meaningOf(each, defined))],
          ...(isObject(each) ? rowsOf(each, `${prefix}NAME.`, defined) : []),
        ];
  return [
    ...own,
    ...others,
    ...choices
      .flatMap((part) => rowsOf(part as Schema, prefix, defined))
      .filter(([name]) => !own.some(([known]) => known?.replace('*', '') === name?.replace('*', ''))),
  ];
}

const nameOf = ({ $ref = '' }: Schema): string => $ref.split('/').at(-1) ?? '';

/** Its own words, else those of what it refers to and has no part of its own here. */
const meaningOf = (schema: Schema, defined: Defined): string =>
  schema.description ?? defined[nameOf(schema)]?.description ?? '';

function typeOf(schema: Schema, defined: Defined): string {
  const referred = defined[nameOf(schema)];
  if (referred !== undefined && !isObject(referred)) return typeOf(referred, defined);
  if (schema.$ref !== undefined) return `[${nameOf(schema)}](#${nameOf(schema).toLowerCase()})`;
  if (schema.const !== undefined) return `\`${cell(JSON.stringify(schema.const))}\``;
  if (schema.enum !== undefined)
    return schema.enum.map((one) => `\`${cell(JSON.stringify(one))}\``).join(', ');
  const some = schema.oneOf ?? schema.anyOf;
  if (some !== undefined) return some.map((one) => typeOf(one, defined)).join(' or ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items, defined)}`;
  const types = [schema.type ?? (isObject(schema) ? 'object' : 'anything')].flat().join(' or ');
  const limits = [
    schema.pattern === undefined ? '' : `\`${cell(schema.pattern)}\``,
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : `≤ ${schema.maximum}`,
  ].filter((limit) => limit !== '');
  return [types, ...limits].join(' ');
}
