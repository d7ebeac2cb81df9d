import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GIT_SETTINGS } from '../git-repository.ts';
import { type CommandResult, openShopWorkspace, runCommand, type ShopWorkspace } from '../shop-workspace.ts';
import type { ForgeState, ForgeToken } from './forge-state.ts';
import { type StandInForge, startForge } from './stand-in-forge.ts';

export type ForgeKind = 'github' | 'gitlab';

/** A shop, a bare repository in the role of the forge's, its API, and clones in the roles of runners and people. */
export interface ForgeWorld {
  readonly kind: ForgeKind;
  readonly desk: ShopWorkspace;
  readonly state: ForgeState;
  readonly api: StandInForge;
  readonly bare: string;
  /** What every job of the forge has in its environment, without a token. */
  readonly jobEnv: Readonly<Record<string, string>>;
  /** Clones the protected branch, as a job does; the site's export is in it, and never committed. */
  clone(): string;
  git(folder: string, ...args: readonly string[]): string;
  /** Commits files to a branch, which is made off the protected one where it is not there; returns the commit. */
  commit(branch: string, files: Readonly<Record<string, string>>, author?: string): string;
  /** Merges a request, as the button of the forge does. */
  merge(number: number, how?: 'merge' | 'squash' | 'rebase', atMs?: number): string;
  /** A token that the next job gets. */
  token(login: string, permissions: ForgeToken['permissions']): string;
  /** Runs `sailplan …` in this process, in a fresh clone, with a token that may do all that a job may. */
  step(...words: readonly string[]): Promise<CommandResult>;
  close(): Promise<void>;
}

export const BOT = 'github-actions[bot]';
const ALL = {
  contents: 'write',
  'pull-requests': 'write',
  issues: 'write',
  statuses: 'write',
  api: 'write',
} as const;

const PERSON = {
  GIT_AUTHOR_NAME: 'Kim Doe',
  GIT_AUTHOR_EMAIL: 'kim@example.com',
  GIT_COMMITTER_NAME: 'Forge',
  GIT_COMMITTER_EMAIL: 'noreply@forge.example.com',
};

export interface WorldOptions {
  /** Files of the protected branch's first commit, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Leaves the repository without a commit. */
  readonly isEmpty?: boolean;
}

export async function openWorld(
  kind: ForgeKind,
  { files = {}, isEmpty = false }: WorldOptions = {},
): Promise<ForgeWorld> {
  const desk = await openShopWorkspace();
  const at = (...parts: readonly string[]) => join(desk.folder, ...parts);
  const bare = at('forge.git');
  let clones = 0;
  const env = { ...process.env, ...GIT_SETTINGS, ...PERSON, HOME: desk.folder };
  const gitAt = (folder: string, more: NodeJS.ProcessEnv, args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { env: { ...env, ...more }, stdio: 'pipe' })
      .toString()
      .trim();
  const git = (folder: string, ...args: readonly string[]) => gitAt(folder, {}, args);
  git(desk.folder, 'init', '-q', '--bare', '-b', 'main', bare);
  mkdirSync(join(bare, 'hooks'));
  const api = await startForge(kind, bare);
  const clone = () => {
    clones += 1;
    const folder = at(`clone-${clones}`);
    git(desk.folder, 'clone', '-q', bare, folder);
    mkdirSync(join(folder, '.git', 'info'), { recursive: true });
    writeFileSync(join(folder, '.git', 'info', 'exclude'), 'catalog.json\n');
    cpSync(at('catalog.json'), join(folder, 'catalog.json'));
    return folder;
  };
  const jobEnv: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: desk.folder,
    NO_COLOR: '1',
    ...GIT_SETTINGS,
    ...(kind === 'github'
      ? {
          GITHUB_ACTIONS: 'true',
          GITHUB_API_URL: api.address,
          GITHUB_SERVER_URL: 'https://github.example.com',
          GITHUB_REPOSITORY: 'example/shop',
          GITHUB_RUN_ID: '77',
          GITHUB_STEP_SUMMARY: at('summary.md'),
        }
      : {
          GITLAB_CI: 'true',
          CI_API_V4_URL: api.address,
          CI_SERVER_URL: 'https://gitlab.example.com',
          CI_PROJECT_ID: '7',
          CI_PROJECT_URL: 'https://gitlab.example.com/example/shop',
          CI_DEFAULT_BRANCH: 'main',
          CI_JOB_URL: 'https://gitlab.example.com/example/shop/-/jobs/77',
        }),
  };
  let tokens = 0;
  const world: ForgeWorld = {
    kind,
    desk,
    state: api.state,
    api,
    bare,
    jobEnv,
    clone,
    git,
    commit(branch, given, author = 'Kim Doe <kim@example.com>') {
      const folder = clone();
      const isThere = git(folder, 'ls-remote', '--heads', 'origin', branch) !== '';
      git(folder, 'checkout', '-q', '-B', branch, ...(isThere ? [`origin/${branch}`] : []));
      for (const [path, text] of Object.entries(given)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      git(folder, 'add', '-A', '--force', '--', ...Object.keys(given));
      git(folder, 'commit', '-q', '-m', `Change ${branch}`, `--author=${author}`);
      git(folder, 'push', '-q', 'origin', `HEAD:${branch}`);
      return git(folder, 'rev-parse', 'HEAD');
    },
    merge(number, how = 'merge', atMs = Date.now()) {
      const request = api.state.requests.find((one) => one.number === number);
      if (request === undefined || request.state !== 'open') throw new Error(`no open request ${number}`);
      const folder = clone();
      const date = `${Math.floor(atMs / 1000)} +0000`;
      const dated = { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date };
      const run = (...args: readonly string[]) => gitAt(folder, dated, args);
      if (how === 'squash') {
        run('merge', '-q', '--squash', `origin/${request.head}`);
        run('commit', '-q', '-m', `${request.title} (#${number})`);
      } else if (how === 'rebase') {
        run('checkout', '-q', '--detach', `origin/${request.head}`);
        run('rebase', '-q', '--force-rebase', 'origin/main');
        run('checkout', '-q', '-B', 'main');
      } else run('merge', '-q', '--no-ff', '-m', `Merge request ${number}`, `origin/${request.head}`);
      run('push', '-q', 'origin', 'HEAD:main');
      request.state = 'merged';
      request.mergedAs = git(folder, 'rev-parse', 'HEAD');
      return request.mergedAs;
    },
    token(login, permissions) {
      tokens += 1;
      const token = `token-of-the-test-${tokens}`;
      api.state.tokens.set(token, { login, permissions });
      return token;
    },
    step(...words) {
      const token = world.token(BOT, ALL);
      return runCommand(words, clone(), {
        ...jobEnv,
        SALEOR_API_URL: desk.env['SALEOR_API_URL'],
        SALEOR_TOKEN: desk.env['SALEOR_TOKEN'],
        [kind === 'github' ? 'GITHUB_TOKEN' : 'GITLAB_TOKEN']: token,
      });
    },
    async close() {
      await api.close();
      await desk.close();
    },
  };
  if (isEmpty) return world;
  world.commit('main', {
    'sailplan.config.json': JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      desired: 'catalog.json',
    }),
    ...files,
  });
  return world;
}

/** Reads a file of a branch; null: it is not there. */
export function fileOf({ git, bare }: ForgeWorld, branch: string, path: string): string | null {
  try {
    return `${git(bare, 'show', `${branch}:${path}`)}\n`;
  } catch {
    return null;
  }
}

export const removeClone = (folder: string): void => {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
};

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
