import { COMMANDS, type Command, GROUPS, type Option } from './table.ts';

const EXIT_CODES = `Exit codes:
  0  done, or nothing to change
  1  an error; drift, lint: something is wrong or was left out
  2  something differs (drift, plan --detailed-exitcode, sync --strict)
  3  refused: not approved, altered, for another shop, or locked
  4  stale: the shop changed since the plan was made; nothing was written
  5  incomplete: apply the same plan again`;

/** All commands, one a line. */
export function overview(width: number): string {
  const rows = COMMANDS.map(({ name, describe }) => row(name, describe, 12, width));
  return [
    'sailplan: make a Saleor shop equal to what a Wagtail site says',
    '',
    'Usage: sailplan <command> [options]',
    '',
    'Commands:',
    ...rows,
    '',
    'sailplan <command> --help shows its options, with examples.',
    '',
    EXIT_CODES,
  ].join('\n');
}

/** One command: what it does, its options in groups, two examples. `called` is how the program was called. */
export function page({ words, describe, options, examples }: Command, called: string, width: number): string {
  const places = words.map((word) => (word.startsWith('[') ? word : `<${word}>`));
  const hasOptions = Object.keys(options).length > 0;
  return [
    `Usage: ${[called, ...places, ...(hasOptions ? ['[options]'] : [])].join(' ')}`,
    '',
    ...wrapped(describe, 0, width),
    ...grouped(options).flatMap(([title, names]) => [
      '',
      `${title}:`,
      ...names.map((name) => optionRow(name, options[name] as Option, width)),
    ]),
    '',
    'Examples:',
    ...examples.flatMap(([line, meaning]) => [`  ${line}`, ...wrapped(meaning, 6, width)]),
    '',
    EXIT_CODES,
  ].join('\n');
}

/** Group titles with the options that this command has of each; what no group names comes first. */
function grouped(options: Command['options']): readonly (readonly [string, readonly string[]])[] {
  const all = new Set(Object.values(GROUPS).flat());
  const own = Object.keys(options).filter((name) => !all.has(name));
  const others = Object.entries(GROUPS).map(
    ([title, names]) => [title, names.filter((name) => Object.hasOwn(options, name))] as const,
  );
  return [['Options', own] as const, ...others].filter(([, names]) => names.length > 0);
}

function optionRow(name: string, option: Option, width: number): string {
  const shown = option.isOn ? `--no-${name}` : `--${name}`;
  const value = placeholder(name, option);
  const text = option.isOn ? `switches this off: ${option.describe}` : option.describe;
  const choices = option.choices === undefined || value.includes('|') ? '' : `: ${option.choices.join(', ')}`;
  return row(value === '' ? shown : `${shown} ${value}`, text + choices, 26, width);
}

/** What stands after the option, in capitals. */
const VALUES: Readonly<Record<string, string>> = {
  desired: 'SRC',
  out: 'PATH',
  actual: 'FILE',
  config: 'FILE',
  contract: 'FILE',
  policy: 'FILE',
  'report-path': 'FILE',
  'capability-registry': 'SRC',
  'header-env': 'NAME=VAR',
  'only-slugs': 'A,B,…',
  exclude: 'REF,…',
  'wagtail-url': 'URL',
  'media-base-url': 'URL',
  target: 'NAME',
  'plan-id': 'ID',
  'force-unlock': 'ID',
  as: 'WHO',
  accept: 'CODE,…',
  sign: 'KEY',
  expires: 'SPAN',
  format: 'FORMAT',
  'on-conflict': 'stop|skip',
  site: 'HOST',
};

function placeholder(name: string, { type }: Option): string {
  if (type === 'switch') return '';
  return VALUES[name] ?? (type === 'count' ? 'N' : 'TEXT');
}

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
