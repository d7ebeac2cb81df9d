import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ENVIRONMENT } from '../../src/cli/definitions/environment.ts';
import { COMMANDS } from '../../src/cli/definitions/index.ts';
import { bare, WORDS } from '../../src/cli/definitions/positionals.ts';
import { createWorkspace, removeWorkspaces } from '../support/workspace.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

afterAll(removeWorkspaces);
const at = createWorkspace();

test('--help lists every command, and each page names every option and fits 80 columns', async () => {
  const all = await at.call(['--help']);
  for (const { name } of COMMANDS) expect(all.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  const pages = await Promise.all(COMMANDS.map(({ name }) => at.call([name, '--help'])));
  for (const [index, { name, options, examples, exits }] of COMMANDS.entries()) {
    const { code, stdout, stderr } = pages[index] as (typeof pages)[number];
    expect([name, code, stderr]).toEqual([name, 0, '']);
    const { stdout: advanced } = await at.call([name, '--help', '--advanced']);
    for (const [option, { isOn }] of Object.entries(options)) {
      const written = `--${isOn ? 'no-' : ''}${option}`;
      expect([name, stdout]).toEqual([name, expect.stringContaining(written)]);
      expect([name, advanced]).toEqual([name, expect.stringContaining(`  ${written}`)]);
    }
    // A screen, with the options of every day; plan, sync and the steps of ci have two.
    const most = ['plan', 'sync', 'ci'].includes(name) ? 67 : 50;
    expect([name, stdout.trimEnd().split('\n').length <= most]).toEqual([name, true]);
    expect([name, examples.length >= 2]).toEqual([name, true]);
    for (const [line] of examples) expect(stdout).toContain(line);
    for (const [exit, meaning] of Object.entries(exits))
      expect(stdout).toMatch(
        new RegExp(`^  ${exit}  ${escaped(meaning.split(' ').slice(0, 3).join(' '))}`, 'm'),
      );
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
    'sync_wagtail_to_saleor: there is no option --strct\n  Did you mean --strict? sync_wagtail_to_saleor --help lists the options.\n',
  );
});

test('every word of every command is described, and each of a closed set is refused with the nearest', async () => {
  for (const { words } of COMMANDS)
    for (const word of words) expect([word, WORDS[bare(word)]?.describe]).toEqual([word, expect.any(String)]);
  const id = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
  const plan = resolve('plans', id);
  const cases = [
    [['snapshot', 'salor'], 'Did you mean saleor?'],
    [['audit', 'verfy'], 'Did you mean verify?'],
    [['plan', 'dif'], 'Did you mean diff?'],
    [['completion', 'zhs'], 'Did you mean zsh'],
    [['lint', '--format', 'cvs'], 'Did you mean csv'],
    [['helo'], 'Did you mean help?'],
    [['help', 'verfiy'], 'Did you mean verify?'],
    [['approve', plan, '--as', 'a', '--yes', '--accept', 'rename_value'], 'Did you mean renames_value?'],
  ] as const;
  for (const [words, hint] of cases) {
    const { code, stdout, stderr } = await at.call(words);
    expect({ words, code, stdout, stderr }).toEqual({
      words,
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(hint),
    });
  }
});

test('a target that the config lacks is refused with the nearest', async () => {
  const folder = createWorkspace();
  folder.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      targets: { staging: { saleor_api_url: 'https://shop.example.com/graphql/' } },
    }),
  );
  const { code, stderr } = await folder.call(['status', '--target', 'stagin']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Did you mean staging? It has staging.')]);
});

test('every environment variable that the program reads is in the reference, and no other', () => {
  const read = new Set<string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.ts$/.test(path))
        for (const [, name] of readFileSync(path, 'utf8').matchAll(/\benv(?:\?\.)?\[?'([A-Z][A-Z0-9_]+)'/g))
          read.add(name as string);
    }
  };
  walk('src');
  // Read by proxySettings in either case, and by Node itself.
  for (const name of ['HTTPS_PROXY', 'NODE_EXTRA_CA_CERTS']) read.add(name);
  // A name made of another.
  read.add('SALEOR_TOKEN_FILE');
  // Set by the completion scripts for yargs, and by nobody else.
  read.delete('SHELL');
  // What a forge sets in each of its jobs is named in the text of one entry.
  const named = [...read].filter((name) => Object.values(ENVIRONMENT).some((text) => text.includes(name)));
  const own = [...read].filter((name) => name in ENVIRONMENT || !named.includes(name));
  expect(own.sort()).toEqual(Object.keys(ENVIRONMENT).sort());
});
