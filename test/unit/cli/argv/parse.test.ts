import { describe, expect, jest, test } from '@jest/globals';
import { parse } from '../../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../../src/cli/definitions/index.ts';

const SAILPLAN = { name: 'sailplan', command: null };
const SYNC = { name: 'sync_wagtail_to_saleor', command: 'sync' };

const argsOf = async (line: readonly string[], program: typeof SAILPLAN | typeof SYNC = SAILPLAN) => {
  const called = await parse(line, program, 80);
  if (called.kind !== 'command') throw new Error(called.text);
  return Object.fromEntries(Object.entries(called.args).filter(([, value]) => value !== undefined));
};
const textOf = async (line: readonly string[], program: typeof SAILPLAN | typeof SYNC = SAILPLAN) => {
  const called = await parse(line, program, 80);
  return called.kind === 'text' ? called : null;
};
const failure = (line: readonly string[], program: typeof SAILPLAN | typeof SYNC = SAILPLAN) =>
  parse(line, program, 80).then(
    () => null,
    ({ code, message, hint }) => ({ code, message, hint }),
  );

describe('what was given becomes typed arguments', () => {
  test.each<[string, readonly string[], object]>([
    ['a count is a number', ['plan', '--limit', '3'], { limit: 3 }],
    [
      'a list is split, trimmed and without doubles',
      ['plan', '--only-slugs', 'a, b,a', '--only-slugs=c'],
      { 'only-slugs': ['a', 'b', 'c'] },
    ],
    [
      'a switch, and one that is switched off',
      ['plan', '--strict', '--no-json'],
      { strict: true, json: false },
    ],
    ['a switch with true or false', ['plan', '--strict=false'], { strict: false }],
    ['a word that looks like a number stays one', ['show', '0123456789012345'], { path: '0123456789012345' }],
    [
      'a value that begins with two dashes',
      ['approve', 'x', '--comment=--yes'],
      { path: 'x', comment: '--yes' },
    ],
    [
      'a negative number and a dash are values',
      ['plan', '--desired', '-', '--target', '-1'],
      { desired: '-', target: '-1' },
    ],
    ['a text that can be off', ['verify', 'x', '--no-policy'], { path: 'x', policy: false }],
    ['a switch that is on by default', ['apply', 'x'], { path: 'x', mark: true }],
    ['the same, switched off', ['apply', 'x', '--no-mark'], { path: 'x', mark: false }],
    ['no colours', ['demo', '--no-color'], { color: false }],
    ['a lone dash is a word', ['show', '-'], { path: '-' }],
    ['an empty word stays one', ['show', ''], { path: '' }],
    ['after -- nothing is an option', ['show', '--', '-x'], { path: './-x' }],
    ['optional words', ['plan', 'diff', 'a', 'b'], { diff: 'diff', a: 'a', b: 'b' }],
  ])('%s', async (_, line, expected) => {
    expect(await argsOf(line)).toEqual(expected);
  });

  test('a bin that is one command takes that command’s options', async () => {
    expect(await argsOf(['--no-dry-run', '--plan', 'x'], SYNC)).toMatchObject({
      'dry-run': false,
      plan: 'x',
    });
    expect(await argsOf([], SYNC)).toMatchObject({ 'dry-run': true });
  });
});

describe('a usage error names the place, what was given and the next step', () => {
  const HELP = 'sailplan plan --help';
  test.each<[readonly string[], string, string]>([
    [['paln'], 'there is no command "paln"', 'Did you mean plan? List the commands: sailplan --help'],
    [['foo'], 'there is no command "foo"', 'List the commands: sailplan --help'],
    [
      ['paln', '--help'],
      'there is no command "paln"',
      'Did you mean plan? List the commands: sailplan --help',
    ],
    [
      ['help', 'verfiy'],
      'there is no command "verfiy"',
      'Did you mean verify? List the commands: sailplan --help',
    ],
    [
      ['--json', 'plan'],
      'give the command first, before --json',
      'Example: sailplan plan --desired catalog.json. List the commands: sailplan --help',
    ],
    [
      ['plan', '--limt', '3'],
      'there is no option --limt',
      `Did you mean --limit? ${HELP} lists the options.`,
    ],
    [['plan', '--no-limt'], 'there is no option --no-limt', `${HELP} lists the options.`],
    [['plan', '-strict'], 'there is no option -strict', `Did you mean --strict? ${HELP} lists the options.`],
    [['plan', '--diff', 'diff'], 'there is no option --diff', `${HELP} lists the options.`],
    [
      ['show', '--sumary', 'x'],
      'there is no option --sumary',
      'Did you mean --summary? sailplan show --help lists the options.',
    ],
    [['plan', '--no-no-strict'], 'there is no option --no-no-strict', `${HELP} lists the options.`],
    [
      ['plan', '--limit', 'abc'],
      '--limit needs a whole number of at least 1, not "abc"',
      'Example: --limit 3.',
    ],
    [['plan', '--limit='], '--limit needs a whole number of at least 1, not nothing', 'Example: --limit 3.'],
    [['plan', '--limit', '3', '--limit', '4'], '--limit is given more than once', 'Example: --limit 3.'],
    [
      ['plan', '--out', '--limit', '3'],
      '--out needs a value',
      'Write --out VALUE; if the value begins with --, write --out=VALUE.',
    ],
    [
      ['plan', '--no-out'],
      '--out needs a value',
      'Write --out VALUE; if the value begins with --, write --out=VALUE.',
    ],
    [['plan', '--out', 'a', '--out', 'b'], '--out is given more than once', 'Give it once.'],
    [['plan', '--strict=maybe'], '--strict takes no value, but got "maybe"', 'Say --strict or --no-strict.'],
    [['apply', 'x', '--no-mark=x'], '--mark takes no value, but got "x"', 'Say --mark or --no-mark.'],
    [['plan', '--strict', '--no-strict'], '--strict is given more than once', 'Give it once.'],
    [
      ['plan', '--only-slugs', 'a,,b'],
      '--only-slugs needs a value, or several separated by commas',
      'Example: --only-slugs one,two.',
    ],
    [
      ['plan', '--no-only-slugs'],
      '--only-slugs needs a value, or several separated by commas',
      'Example: --only-slugs one,two.',
    ],
    [
      ['plan', '--log='],
      '--log needs a value',
      'Write --log VALUE; if the value begins with --, write --log=VALUE.',
    ],
    [['apply', 'x', '--no-help'], 'there is no option --no-help', 'sailplan apply --help lists the options.'],
    [['apply', 'x', '--help=0'], 'there is no option --help', 'sailplan apply --help lists the options.'],
    [
      ['apply', 'x', '-h=0'],
      'there is no option -h',
      'Did you mean --header-env? sailplan apply --help lists the options.',
    ],
    [
      ['apply', 'x', '--no-version'],
      'there is no option --no-version',
      'sailplan apply --help lists the options.',
    ],
    [['apply', 'x', '--color=x'], 'there is no option --color', 'sailplan apply --help lists the options.'],
    [['plan', '--diff', 'x'], 'there is no option --diff', 'sailplan plan --help lists the options.'],
    [['plan', '--log', 'jsn'], '--log is one of text, json, not "jsn"', 'Did you mean json?'],
    [['plan', '--log', 'a"b'], '--log is one of text, json, not "a"b"', ''],
    [
      ['snapshot', 'salor'],
      '"salor" is not possible here; possible: the side to save: saleor or wagtail',
      'Did you mean saleor? sailplan snapshot --help shows the usage.',
    ],
    [
      ['snapshot', '-'],
      '"-" is not possible here; possible: the side to save: saleor or wagtail',
      'sailplan snapshot --help shows the usage.',
    ],
    [['snapshot', 'saleor', 'x'], '"x" is an extra argument', 'sailplan snapshot --help shows the usage.'],
    [['demo', ''], '"" is an extra argument', 'sailplan demo --help shows the usage.'],
    [
      ['revert'],
      'missing argument: an applied plan: its id or its first 4 digits, its folder, or the path of its report.json',
      'sailplan revert --help shows the usage.',
    ],
  ])('%j', async (line, message, hint) => {
    expect(await failure(line)).toEqual({ code: 'usage', message, hint });
  });

  test('a bin that is one command calls itself by its name', async () => {
    expect(await failure(['--strct'], SYNC)).toEqual({
      code: 'usage',
      message: 'there is no option --strct',
      hint: 'Did you mean --strict? sync_wagtail_to_saleor --help lists the options.',
    });
  });
});

describe('help', () => {
  test('is the same by each way, of the width that is asked for, and breaks no name of an option', async () => {
    const help = await textOf(['plan', '--help']);
    for (const line of [
      ['help', 'plan'],
      ['plan', '-h'],
      ['--help', 'plan'],
      ['-h', 'plan', 'diff'],
      ['plan', '--limt', '--help'],
    ])
      expect(await textOf(line)).toEqual(help);
    for (const width of [20, 60, 80, 200]) {
      const narrow = await parse(['plan', '--help', '--advanced'], SAILPLAN, width);
      const lines = narrow.kind === 'text' ? narrow.text.split('\n') : ['?'.repeat(999)];
      expect([width, Math.max(...lines.map((line) => line.length)) <= Math.max(60, width)]).toEqual([
        width,
        true,
      ]);
      expect(lines.join('\n')).toMatch(/ --capability-registry {2}/);
    }
  });

  test('each of its characters is one column wide, as the bundle counts them', async () => {
    for (const name of ['--help', ...COMMANDS.map((command) => command.name)]) {
      const help = await textOf(name === '--help' ? [name] : [name, '--help']);
      expect([name, help?.text]).toEqual([name, expect.stringMatching(/^[\n\x20-\x7e’…]+$/)]);
    }
  });

  test('no language of the environment changes it', async () => {
    const help = await textOf(['plan', '--help']);
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    try {
      expect(await textOf(['plan', '--help'])).toEqual(help);
    } finally {
      delete process.env['LC_ALL'];
    }
  });
});

test('only --help measures the lines of a help: a command that runs does not wait for it', async () => {
  const measure = jest.spyOn(Intl.Segmenter.prototype, 'segment');
  await argsOf(['plan', '--desired', 'catalog.json']);
  expect(measure).not.toHaveBeenCalled();
  await textOf(['plan', '--help']);
  expect(measure).toHaveBeenCalled();
  measure.mockRestore();
});
