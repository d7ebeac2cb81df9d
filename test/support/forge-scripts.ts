import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, type CommandResult, openShopWorkspace, type ShopWorkspace } from './shop-workspace.ts';

/** A bare repository in the role of the forge, with clones in the roles of its runners and people. */
export interface Forge {
  readonly desk: ShopWorkspace;
  /** Clones the protected branch, as a job does; returns the folder. */
  clone(): string;
  git(folder: string, ...args: readonly string[]): string;
  /** Runs a script of examples/ci in a clone. */
  script(folder: string, name: string, ...words: readonly string[]): Promise<CommandResult>;
  /** Merges a branch, as the button of a forge does. */
  merge(branch: string, options?: Merging): void;
  /** Commits to the protected branch without a pull request. */
  commit(path: string, change: (text: string) => string): void;
  readonly env: Record<string, string>;
  /** Returns the requests and comments of the forge. */
  state(): ForgeState;
}

interface Merging {
  readonly atMs?: number;
  readonly squash?: boolean;
}

export interface ForgeState {
  readonly requests: readonly { readonly number: number; readonly head: string; readonly title: string }[];
  readonly comments: readonly { readonly id: number; readonly number: number; readonly body: string }[];
  readonly calls: readonly string[];
}

/** The part of `gh` that the scripts use. */
const GH = `#!/usr/bin/env node
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const path = process.env.FORGE_STATE;
const state = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { requests: [], comments: [], calls: [] };
const args = process.argv.slice(2);
const after = (name) => args[args.indexOf(name) + 1];
const body = () => readFileSync(args.includes('--body-file') ? after('--body-file') : after('--field').slice('body=@'.length), 'utf8');
state.calls.push(args.slice(0, 2).join(' '));
if (args[0] === 'pr' && args[1] === 'list') {
  const found = state.requests.find(({ head }) => head === after('--head'));
  if (found) console.log(found.number);
} else if (args[0] === 'pr' && args[1] === 'create') {
  state.requests.push({ number: state.requests.length + 1, head: after('--head'), title: after('--title'), body: body() });
} else if (args[0] === 'api' && args.includes('PATCH')) {
  const id = Number(args.find((one) => one.startsWith('repos/')).split('/').at(-1));
  state.comments.find((one) => one.id === id).body = body();
} else if (args[0] === 'api' && args.includes('POST')) {
  const number = Number(args.find((one) => one.startsWith('repos/')).split('/').at(-2));
  state.comments.push({ id: 100 + state.comments.length, number, body: body() });
} else if (args[0] === 'api') {
  const number = Number(args[1].split('/').at(-2));
  for (const one of state.comments) if (one.number === number && one.body.startsWith('<!-- sailplan -->')) console.log(one.id);
} else process.exit(64);
writeFileSync(path, JSON.stringify(state));
`;

const PERSON = { GIT_AUTHOR_NAME: 'Kim Doe', GIT_AUTHOR_EMAIL: 'kim@example.com' };

export async function openForge(policy: (folder: string) => object): Promise<Forge> {
  const desk = await openShopWorkspace();
  const at = (...parts: readonly string[]) => join(desk.folder, ...parts);
  mkdirSync(at('bin'));
  writeFileSync(at('bin/gh'), GH);
  chmodSync(at('bin/gh'), 0o755);
  const env: Record<string, string> = {
    ...desk.env,
    PATH: `${at('bin')}:${process.env['PATH']}`,
    HOME: desk.folder,
    FORGE: 'github',
    FORGE_STATE: at('state.json'),
    GITHUB_REPOSITORY: 'example/shop',
    SAILPLAN: `${process.execPath} ${CLI}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...PERSON,
    GIT_COMMITTER_NAME: 'Forge',
    GIT_COMMITTER_EMAIL: 'noreply@forge.example.com',
  };
  let clones = 0;
  const git = (folder: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe' })
      .toString()
      .trim();
  const clone = () => {
    clones += 1;
    const folder = at(`clone-${clones}`);
    git(desk.folder, 'clone', '-q', at('forge.git'), folder);
    // The site's export, as a job before this one leaves it: never committed.
    writeFileSync(join(folder, '.git', 'info', 'exclude'), 'catalog.json\n');
    return folder;
  };
  git(desk.folder, 'init', '-q', '--bare', '-b', 'main', at('forge.git'));
  const first = clone();
  cpSync('examples/ci', join(first, 'ci'), { recursive: true });
  const config = { format: 'sailplan-config', format_version: '1.0', desired: 'catalog.json' };
  writeFileSync(join(first, 'sailplan.config.json'), JSON.stringify(config));
  writeFileSync(join(first, 'sailplan.policy.json'), JSON.stringify(policy(first), null, 2));
  git(first, 'add', '-A');
  git(first, 'commit', '-q', '-m', 'Rules');
  git(first, 'push', '-q', 'origin', 'HEAD:main');
  const forge: Forge = {
    desk,
    clone,
    git,
    env,
    script: (folder, name, ...words) => {
      cpSync(at('catalog.json'), join(folder, 'catalog.json'));
      return bash(folder, [`ci/${name}`, ...words], env);
    },
    merge(branch, { atMs = Date.now(), squash = false } = {}) {
      const folder = clone();
      const date = `${Math.floor(atMs / 1000)} +0000`;
      const dated = {
        env: { ...env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
        stdio: 'pipe' as const,
      };
      const run = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args], dated);
      if (squash) {
        run('merge', '-q', '--squash', `origin/${branch}`);
        run('commit', '-q', '-m', 'Squashed');
      } else run('merge', '-q', '--no-ff', '-m', `Merge ${branch}`, `origin/${branch}`);
      run('push', '-q', 'origin', 'HEAD:main');
    },
    commit(path, change) {
      const folder = clone();
      const file = join(folder, path);
      writeFileSync(file, change(existsSync(file) ? readFileSync(file, 'utf8') : ''));
      git(folder, 'add', '-A');
      git(folder, 'commit', '-q', '-m', `Change ${path}`);
      git(folder, 'push', '-q', 'origin', 'HEAD:main');
    },
    state: () =>
      existsSync(at('state.json'))
        ? JSON.parse(readFileSync(at('state.json'), 'utf8'))
        : { requests: [], comments: [], calls: [] },
  };
  return forge;
}

function bash(cwd: string, words: readonly string[], env: Record<string, string>): Promise<CommandResult> {
  return new Promise((done, failed) => {
    const child = spawn('bash', words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
    child.on('error', failed);
    child.on('close', (code) => done({ code, out, err }));
  });
}
