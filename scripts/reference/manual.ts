import { ENVIRONMENT } from '../../src/cli/definitions/environment.ts';
import { EXIT_CODES } from '../../src/cli/definitions/exit-codes.ts';
import { CHAPTERS, type Command, type Option } from '../../src/cli/definitions/index.ts';
import { meaning, written } from '../../src/cli/definitions/placeholders.ts';
import { optionGroups, usageLine } from '../../src/cli/definitions/usage.ts';
import { capital } from './markdown.ts';

/** docs/man/sailplan.1. `release`: date and version, quoted. */
export function manual(release: string): string {
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

/** The manual of a program that is one command. */
export function commandManual(command: Command, name: string, release: string): string {
  const lines = [
    ...head(name, release, command.describe.replace(/^\w+: /, '')),
    '.SH SYNOPSIS',
    `.B ${roff(name)}`,
    '.RI [ options ]',
    '.SH DESCRIPTION',
    filled(
      'The command of the specification; sailplan sync is the same. It is a dry run unless --no-dry-run is given.',
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
