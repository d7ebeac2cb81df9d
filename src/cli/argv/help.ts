import { CHAPTERS, type Command, GROUPS, type Option } from '../definitions/index.ts';
import { meaning, written } from '../definitions/placeholders.ts';
import { bare, WORDS } from '../definitions/positionals.ts';

/** In general; each command's own page says what they mean there. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done, or nothing to change',
  1: 'an error; drift, lint: something is wrong or was left out',
  2: 'something differs (drift, plan --detailed-exitcode, sync --strict)',
  3: 'refused: not approved, altered, for another shop, or locked',
  4: 'stale: the shop changed since the plan was made; nothing was written',
  5: 'incomplete: apply the same plan again',
};

/** All commands, one a line. */
export function overview(width: number): string {
  return [
    'sailplan: make a Saleor shop equal to what a Wagtail site says',
    '',
    'Usage: sailplan <command> [options]',
    ...CHAPTERS.flatMap(([title, commands]) => [
      '',
      `${title}:`,
      ...commands.map(({ name, describe }) => row(name, describe, 14, width)),
    ]),
    '',
    'sailplan <command> --help shows its options, with examples.',
    '',
    ...exitRows(EXIT_CODES, width),
  ].join('\n');
}

/** One command: what it does, its options in groups, two examples. `called` is how the program was called. */
export function commandHelp(command: Command, called: string, width: number): string {
  const { words, describe, options, examples, exits } = command;
  return [
    `Usage: ${usage(command, called)}`,
    '',
    ...wrapped(describe, 0, width),
    ...(words.length === 0 ? [] : ['', 'Words:']),
    ...words.map((word) => row(bare(word), WORDS[bare(word)]?.describe ?? '', 12, width)),
    ...optionGroups(options).flatMap(([title, names]) => [
      '',
      `${title}:`,
      ...names.map((name) => optionRow(name, options[name] as Option, width)),
    ]),
    '',
    'Examples:',
    ...examples.flatMap(([line, meaning]) => [`  ${line}`, ...wrapped(meaning, 6, width)]),
    '',
    ...exitRows(exits, width),
  ].join('\n');
}

export function usage({ words, options }: Pick<Command, 'words' | 'options'>, called: string): string {
  const places = words.map((word) => (word.startsWith('[') ? word : `<${word}>`));
  const hasOptions = Object.keys(options).length > 0;
  return [called, ...places, ...(hasOptions ? ['[options]'] : [])].join(' ');
}

const exitRows = (exits: Command['exits'], width: number): readonly string[] => [
  'Exit codes:',
  ...Object.entries(exits).map(([code, meaning]) => row(code, meaning, 5, width)),
];

/** Group titles with the options that this command has of each; what no group names comes first. */
export function optionGroups(options: Command['options']): readonly (readonly [string, readonly string[]])[] {
  const all = new Set(Object.values(GROUPS).flat());
  const own = Object.keys(options).filter((name) => !all.has(name));
  const others = Object.entries(GROUPS).map(
    ([title, names]) => [title, names.filter((name) => Object.hasOwn(options, name))] as const,
  );
  return [['Options', own] as const, ...others].filter(([, names]) => names.length > 0);
}

const optionRow = (name: string, option: Option, width: number): string =>
  row(written(name, option), meaning(name, option), 26, width);

function row(left: string, right: string, indent: number, width: number): string {
  const start = `  ${left}`;
  const column = width < 60 ? 6 : indent;
  const lines = wrapped(right, column, width);
  if (start.length + 2 > column) return [start, ...lines].join('\n');
  return [start + (lines[0] ?? '').slice(start.length), ...lines.slice(1)].join('\n');
}

/** Words in lines of a width, each line indented; a word longer than a line stands alone. */
function wrapped(text: string, indent: number, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one);
}
