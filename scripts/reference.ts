import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from '../src/cli/definitions/environment.ts';
import { EXIT_CODES } from '../src/cli/definitions/exit-codes.ts';
import { CHAPTERS, COMMANDS, type Command, type Option } from '../src/cli/definitions/index.ts';
import { meaning, written } from '../src/cli/definitions/placeholders.ts';
import { bare, WORDS } from '../src/cli/definitions/positionals.ts';
import { optionGroups, usageLine } from '../src/cli/definitions/usage.ts';

/** What scripts/generate.mjs writes from the table of commands and the schemas: path → text. */
export function reference(schemas: readonly string[]): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const date = /^## [0-9.]+ · ([0-9-]{10})$/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1] ?? '';
  const release = `"${date}" "sailplan ${version}"`;
  const sync = COMMANDS.find(({ name }) => name === 'sync') as Command;
  return new Map([
    ['docs/reference/commands.md', commandsPage()],
    ...schemas.map((file) => {
      const name = file.replace('.schema.json', '');
      return [`docs/reference/${name}.md`, schemaPage(file)] as const;
    }),
    ['docs/man/sailplan.1', manual(release)],
    ['docs/man/sync_wagtail_to_saleor.1', manualOf(sync, 'sync_wagtail_to_saleor', release)],
  ]);
}

const MADE =
  '<!-- Made by `make generate` from src/cli/definitions/ and schemas/; a test finds no difference. -->';

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/</g, '&lt;');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

const exits = (codes: Command['exits']): readonly string[] =>
  table(
    ['exit code', 'meaning'],
    Object.entries(codes).map(([code, text]) => [code, cell(text)]),
  );

function commandsPage(): string {
  const lines = [
    MADE,
    '',
    '# Commands',
    '',
    '`sailplan COMMAND --help` says the same. PATH of a plan is its `plan.json`, its folder, or its id. An option stands after',
    'its command; a value that begins with `--` is written `--comment=VALUE`. Every command also takes `--help`, `--no-color`',
    'and `--color`. `sailplan help COMMAND` is `--help`, `sailplan --version` prints the version.',
    '',
    ...exits(EXIT_CODES),
    '',
    '## Environment',
    '',
    ...table(
      ['variable', 'meaning'],
      Object.entries(ENVIRONMENT).map(([name, text]) => [`\`${name}\``, cell(text)]),
    ),
    ...CHAPTERS.flatMap(([title, commands]) => ['', `## ${title}`, ...commands.flatMap(commandPart)]),
  ];
  return `${lines.join('\n')}\n`;
}

const commandPart = (command: Command): readonly string[] => [
  '',
  `### ${command.name}`,
  '',
  `${command.describe}.`,
  '',
  '```',
  usageLine(command, `sailplan ${command.name}`),
  '```',
  ...(command.words.length === 0
    ? []
    : [
        '',
        ...table(
          ['word', 'meaning'],
          command.words.map((word) => [`\`${word}\``, cell(WORDS[bare(word)]?.describe ?? '')]),
        ),
      ]),
  ...optionGroups(command.options).flatMap(([title, names]) => [
    '',
    ...table(
      [title, ''],
      names.map((name) => {
        const option = command.options[name] as Option;
        return [`\`${cell(written(name, option))}\``, cell(meaning(name, option))];
      }),
    ),
  ]),
  '',
  '```sh',
  ...command.examples.map(([line, text]) => `${line}   # ${text}`),
  '```',
  '',
  ...exits(command.exits),
];

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

function schemaPage(file: string): string {
  const schema = JSON.parse(readFileSync(`schemas/${file}`, 'utf8')) as Schema;
  const defined = schema.definitions ?? {};
  const named = Object.entries(defined).filter(([, part]) => isObject(part));
  const lines = [
    MADE,
    '',
    `# ${capital(file.replace('.schema.json', ''))}`,
    '',
    cell(schema.description ?? ''),
    '',
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
      [`\`${path}\`${mark}`, typeOf(member, defined), cell(meant(member, defined))],
      ...(isObject(inner) ? rowsOf(inner, `${path}${inner === member ? '' : '[]'}.`, defined) : []),
    ];
  });
  const each = schema.additionalProperties;
  const others =
    typeof each !== 'object'
      ? []
      : [
          [`\`${prefix}NAME\``, typeOf(each, defined), cell(meant(each, defined))],
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
const meant = (schema: Schema, defined: Defined): string =>
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

/** In input lines of at most 78 characters, as mandoc wants them. */
const filled = (text: string): string =>
  roff(text)
    .replace(/(.{1,78})( +|$)/g, '$1\n')
    .trimEnd()
    .replace(/\n\./g, '\n\\&.');

/** For troff: a dash is a minus, a dot or quote at a line's start is text. */
const roff = (text: string): string =>
  text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/[’']/g, '\\(cq')
    .replace(/`/g, '\\(ga')
    .replace(/…/g, '\\&...')
    .replace(/^\./, '\\&.');

const head = (name: string, release: string, describe: string): readonly string[] => [
  `.\\" Made by make generate from src/cli/definitions/; a test finds no difference.`,
  `.TH ${name.toUpperCase().replace(/-/g, '\\-')} 1 ${release} "User Commands"`,
  '.SH NAME',
  `${roff(name)} \\- ${roff(describe)}`,
];

const tagged = (name: string, text: string): readonly string[] => ['.TP', `.B ${roff(name)}`, filled(text)];

const exitPart = (codes: Command['exits']): readonly string[] => [
  '.SH EXIT STATUS',
  ...Object.entries(codes).flatMap(([code, text]) => tagged(code, text)),
];

const environmentPart = (): readonly string[] => [
  '.SH ENVIRONMENT',
  ...Object.entries(ENVIRONMENT).flatMap(([name, text]) => tagged(name, text)),
];

const optionsPart = ({ options }: Command, macro: string): readonly string[] =>
  optionGroups(options).flatMap(([title, names]) => [
    `${macro} "${title}"`,
    ...names.flatMap((name) => {
      const option = options[name] as Option;
      return tagged(written(name, option), meaning(name, option));
    }),
  ]);

const examplesPart = (examples: Command['examples']): readonly string[] =>
  examples.flatMap(([line, text], index) => [
    ...(index === 0 ? [] : ['.PP']),
    roff(`${capital(text)}:`),
    '.PP',
    '.RS',
    '.nf',
    roff(line),
    '.fi',
    '.RE',
  ]);

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function manual(release: string): string {
  const lines = [
    ...head('sailplan', release, 'make a Saleor shop equal to what a Wagtail site says'),
    '.SH SYNOPSIS',
    '.B sailplan',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    filled(
      'plan reads both sides and writes a plan file; people review it; apply executes exactly the approved plan and reports. A plan is named by its plan.json, its folder, or its id.',
    ),
    ...CHAPTERS.flatMap(([title, commands]) => [
      `.SH ${title.toUpperCase().includes(',') ? `"${title.toUpperCase()}"` : title.toUpperCase()}`,
      ...commands.flatMap((command) => [
        `.SS "${roff(usageLine(command, `sailplan ${command.name}`))}"`,
        filled(`${command.describe}.`),
        ...optionGroups(command.options).flatMap(([, names]) =>
          names.flatMap((name) => {
            const option = command.options[name] as Option;
            return tagged(written(name, option), meaning(name, option));
          }),
        ),
        '.PP',
        ...examplesPart(command.examples),
        '.PP',
        roff('Exit codes:'),
        ...Object.entries(command.exits).flatMap(([code, text]) => tagged(code, text)),
      ]),
    ]),
    ...exitPart(EXIT_CODES),
    ...environmentPart(),
    '.SH SEE ALSO',
    '.BR sync_wagtail_to_saleor (1)',
  ];
  return `${lines.join('\n')}\n`;
}

function manualOf(command: Command, name: string, release: string): string {
  const lines = [
    ...head(name, release, command.describe.replace(/^\w+: /, '')),
    '.SH SYNOPSIS',
    `.B ${roff(name)}`,
    '.RI [ options ]',
    '.SH DESCRIPTION',
    filled(
      'The command of the specification; sailplan sync is the same. It is a dry run unless --no-dry-run is said.',
    ),
    '.SH OPTIONS',
    ...optionsPart(command, '.SS'),
    '.SH EXAMPLES',
    ...examplesPart(command.examples),
    ...exitPart(command.exits),
    ...environmentPart(),
    '.SH SEE ALSO',
    '.BR sailplan (1)',
  ];
  return `${lines.join('\n')}\n`;
}
