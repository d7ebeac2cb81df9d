import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from '../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../src/cli/definitions/index.ts';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

jest.setTimeout(300_000);

/** README, docs and examples: all that a person reads, but first-steps.md, which is made by running it. */
const PAGES = [
  'README.md',
  ...pagesIn('docs'),
  ...pagesIn('examples'),
  'wagtail/README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
].filter((page) => page !== 'docs/first-steps.md');

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? pagesIn(join(folder, entry.name))
      : /\.md$/.test(entry.name)
        ? [join(folder, entry.name)]
        : [],
  );
}

/** Every call of the program in a page's code, without comment, prompt and what is said of it on the same line. */
function callsIn(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8').replace(/\\\n\s*/g, ' ');
  const blocks = [...text.matchAll(/^```.*?\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, code = '']) => code,
  );
  return (
    [...blocks, ...inline]
      .map((line) =>
        line
          .trim()
          .replace(/^\$ |^npx /, '')
          .replace(/\s{2,}(#.*|\w+)$/, ''),
      )
      .filter((line) => /^(sailplan|sync_wagtail_to_saleor) /.test(line))
      // A line of usage shows places, and an ellipsis stands for what the reader has.
      .filter((line) => !/[<[…]/.test(line))
      // In a sentence the plan may be missing: `sailplan apply --json`.
      .map((line) => line.replace(/^(sailplan init --ci)$/, '$1 github'))
      .map((line) => line.replace(/^(sailplan (?:show|approve|verify|apply|revert)) (?=-)/, '$1 PLAN '))
  );
}

const calls = [...new Set(PAGES.flatMap(callsIn))].sort();

/**
 * Needs a server that is not there, or the clone of a forge (test/scenarios/ci-workflows.test.ts): such a line is parsed, and run
 * by nobody.
 */
const needsServer = (line: string): boolean => /https:|api-v2|sandbox|^sailplan ci | --ci\b/.test(line);

let sandbox: Sandbox;
let served: ServedProgram;
let master: Workspace;
let id = '';
const archived = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';

beforeAll(async () => {
  sandbox = await startSandbox({ seed: demoShop() });
  master = createWorkspace();
  const env = { ...shopEnv(sandbox), SAILPLAN_ARCHIVE_KEY: join(master.path, '.ssh/id_ed25519') };
  const ok = async (words: readonly string[]) => {
    const { code, stdout, stderr } = await master.call(words, { env });
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
    return stdout;
  };
  master.write('catalog.json', JSON.stringify(demoExport()));
  cpSync('examples/contract', join(master.path, 'contract'), { recursive: true });
  cpSync('plans', join(master.path, 'plans'), { recursive: true });
  served = await serveProgram();
  for (const [name, bin] of [
    ['sailplan', 'cli'],
    ['sync_wagtail_to_saleor', 'sync'],
  ] as const)
    writeFileSync(join(master.path, name), served.script(bin), { mode: 0o755 });
  await master.shell(
    'mkdir -p .ssh .config/fish/completions && ssh-keygen -q -t ed25519 -N "" -f .ssh/id_ed25519',
  );
  const signers = 'plans/policy/allowed_signers';
  const key = master.read('.ssh/id_ed25519.pub').split(' ').slice(0, 2).join(' ');
  master.write(signers, `${master.read(signers)}ci@example.com namespaces="sailplan" ${key}\n`);
  await ok(['init', '--desired', 'catalog.json']);
  id = JSON.parse(await ok(['plan', '--create-missing', '--json'])).id;
  await ok(['approve', id, '--as', 'ada@example.com', '--yes']);
  await ok(['apply', id]);
  await ok(['snapshot', 'saleor', '--out', 'shop.json']);
  for (const { slug } of demoShop().products) sandbox.edit.publish(slug, 'default-channel');
});
afterAll(async () => {
  removeWorkspaces();
  await served.close();
  await sandbox.close();
});

/** With this folder's plan and files in the places that a reader fills in. */
const filled = (line: string): string =>
  line
    .replace(/0c2f4b7a91d3e855|\b(PLAN|PATH|ID)\b/g, id)
    .replace('diff A B', `diff ${id} ${archived}`)
    .replace(/\bFILE\b/g, 'plans/policy/allowed_signers')
    .replace(/\bCOMMAND\b/g, 'plan')
    // A person types the id on the terminal.
    .replace(/^(sailplan approve)(?!.*--(yes|plan-id))/, `$1 --plan-id ${id}`);

/** A word that a shell would split and unquote. */
const wordsOf = (line: string): readonly string[] =>
  (line.replace(/ [|>].*$/, '').match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ''));

test('there are calls to try, of every command', () => {
  const named = new Set(calls.map((line) => (/^sync_/.test(line) ? 'sync' : line.split(' ')[1])));
  expect(COMMANDS.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

test('every documented call has words and options that the program knows', async () => {
  for (const line of calls) {
    const [program = '', ...words] = wordsOf(filled(line));
    // Alone, a command's name names the command: `sailplan apply` refuses.
    if (words.length === 1 && !words[0]?.startsWith('-')) continue;
    const command = program === 'sailplan' ? null : 'sync';
    await expect(parse(words, { name: program, command }, 80).then(() => line)).resolves.toBe(line);
  }
});

test('every option that a page names is one of the program’s', () => {
  const known = new Set([
    ...COMMANDS.flatMap(({ options }) => Object.keys(options)),
    ...['help', 'version', 'color', 'page', 'mark', 'policy', 'dry-run', 'get-yargs-completions'],
  ]);
  /** Of ssh-keygen, npm, npx, node, git and manage.py. */
  const others = [
    'no-install',
    'include',
    'ignore-scripts',
    'testPathPattern',
    'testMatch',
    'no-git-tag-version',
    'workspaces',
    'omit',
    'package',
    'heap-growing-percent',
    'max-old-space-size',
  ];
  const unknown = PAGES.filter((page) => !/^(examples\/)?wagtail\//.test(page)).flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/(?<![\w-])--([a-z][a-zA-Z-]+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !known.has(name) && !known.has(name.replace(/^no-/, '')) && !others.includes(name))
      .map((name) => `${page}: --${name}`),
  );
  expect(unknown).toEqual([]);
});

/** Plans are bound to a target with its channel, and were made without one. */
const CHANNEL = { SALEOR_CHANNEL_SLUG: 'default-channel' };

/** In the folder after an apply, with one offering that is wrong on purpose. Everything else ends in 0. */
function exitOf(line: string): number {
  if (/--contract|--from-shop/.test(line)) return 0;
  // The sandbox has no search index.
  if (line.includes('storefront --search')) return 2;
  if (/^sailplan (lint|drift|storefront)/.test(line) || / --strict/.test(line)) return 1;
  return line.includes('plan diff') ? 2 : 0;
}

test('every documented call that needs no further server runs and ends as it is documented', async () => {
  const lines = calls
    .filter((line) => !needsServer(line) && !(/^sailplan \w+$/.test(line) && isRefusedAlone(line)))
    .map(filled);
  const waiting = [...lines];
  const wrong: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const path = mkdtempSync(`${master.path}-`);
      cpSync(master.path, path, { recursive: true });
      const place = line.includes('--contract') ? join(path, 'contract') : path;
      const first = line.startsWith('sailplan init') ? 'rm sailplan.config.json &&' : '';
      // The demo starts the program itself.
      const called = line.replace(/^sailplan(?= demo)/, '$SAILPLAN');
      const { code, stderr } = await master.shell(
        `cd ${place} && ${first} PATH=${path}:$PATH && HOME=${path} && ${called}`,
        { env: { ...shopEnv(sandbox), ...(line.includes(' storefront') ? CHANNEL : {}) } },
      );
      if (code !== exitOf(line)) wrong.push({ line, code, stderr: stderr.slice(0, 400) });
      rmSync(path, { recursive: true, force: true });
    }
  };
  await Promise.all([worker(), worker()]);
  expect(wrong).toEqual([]);
  expect(lines.length).toBeGreaterThan(40);
});

/** `sailplan show` in a sentence names the command; it needs a word to run, or a folder with one plan. */
const isRefusedAlone = (line: string): boolean => {
  const command = COMMANDS.find(({ name }) => name === line.split(' ')[1]);
  const needsOne = (word: string) => word === '[path]' || !word.startsWith('[');
  return command?.words.some(needsOne) === true || command?.name === 'init';
};

test('what is only parsed needs a site, a shop of one’s own, or runs until it is stopped', () => {
  for (const line of calls.filter(needsServer))
    expect(line).toMatch(
      /example\.com|api-v2|sailplan sandbox|^sailplan ci |^sailplan (?:init|doctor) .*--ci|--verify-storefront/,
    );
});
