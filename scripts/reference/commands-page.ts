import { ENVIRONMENT } from '../../src/cli/definitions/environment.ts';
import { EXIT_CODES } from '../../src/cli/definitions/exit-codes.ts';
import { CHAPTERS, type Command, type Option } from '../../src/cli/definitions/index.ts';
import { meaning, written } from '../../src/cli/definitions/placeholders.ts';
import { bare, WORDS } from '../../src/cli/definitions/positionals.ts';
import { optionGroups, usageLine } from '../../src/cli/definitions/usage.ts';
import { cell, GENERATED, table } from './markdown.ts';

/** docs/reference/commands.md: exit codes, environment, and each command with its options. */
export function commandsPage(): string {
  const lines = [
    GENERATED,
    '',
    '# Commands',
    '',
    '`sailplan COMMAND --help` says the same. PATH of a plan is its `plan.json`, its folder, or its id. An option comes after',
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

const exits = (codes: Command['exits']): readonly string[] =>
  table(
    ['exit code', 'meaning'],
    Object.entries(codes).map(([code, text]) => [code, cell(text)]),
  );
