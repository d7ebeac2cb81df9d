import { afterAll, expect, test } from '@jest/globals';
import { COMMANDS } from '../src/commands/table.ts';
import { bench, removeBenches } from './support/bin.ts';

afterAll(removeBenches);
const at = bench();

test('--help lists every command, and each page names every option and fits 80 columns', async () => {
  const all = await at.call(['--help']);
  for (const { name } of COMMANDS) expect(all.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  const pages = await Promise.all(COMMANDS.map(({ name }) => at.call([name, '--help'])));
  for (const [index, { name, options, examples }] of COMMANDS.entries()) {
    const { code, stdout, stderr } = pages[index] as (typeof pages)[number];
    expect([name, code, stderr]).toEqual([name, 0, '']);
    for (const [option, { isOn }] of Object.entries(options))
      expect([name, stdout]).toEqual([name, expect.stringContaining(`  --${isOn ? 'no-' : ''}${option}`)]);
    for (const [line] of examples) expect(stdout).toContain(line);
    expect([name, stdout.split('\n').filter((line) => line.length > 80)]).toEqual([name, []]);
    expect(stdout).toContain('Exit codes:');
  }
});

test('help plan, plan -h and plan --help are one; without words the exit code is 1', async () => {
  const [word, short, long, none, version] = await Promise.all(
    [['help', 'plan'], ['plan', '-h'], ['plan', '--help'], [], ['--version']].map((words) => at.call(words)),
  );
  expect([word?.stdout, short?.stdout]).toEqual([long?.stdout, long?.stdout]);
  expect([none?.code, none?.stdout]).toEqual([1, expect.stringContaining('Usage: sailplan <command>')]);
  expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
});

test('the specification’s command speaks under its own name', async () => {
  const help = await at.call(['--help'], { bin: 'sync' });
  expect(help.stdout).toMatch(/^Usage: sync_wagtail_to_saleor \[options\]/);
  const wrong = await at.call(['--strct'], { bin: 'sync' });
  expect(wrong.stderr).toBe(
    'sync_wagtail_to_saleor: there is no option --strct\n  Did you mean --strict? sync_wagtail_to_saleor --help lists them.\n',
  );
});
