import type { Clock } from '../../core/clock.ts';
import { Failure } from '../../core/failure.ts';
import type { Http } from '../http/client.ts';
import { allowOrigin } from '../http/origin-policy.ts';
import type { ForgeAccess } from './forge-api.ts';
import { githubSettings, gitlabSettings } from './forge-settings.ts';
import { createGithub } from './github.ts';
import { createGitlab } from './gitlab.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of `--forge`. */
export type ForgeName = 'github' | 'gitlab';

/** The forge whose job this is; null: none that is known. */
export const forgeIn = (env: Environment): ForgeName | null =>
  env['GITHUB_ACTIONS'] === 'true' ? 'github' : env['GITLAB_CI'] === 'true' ? 'gitlab' : null;

/** Address of the repository on the forge for git, and the token for it. */
export interface GitCredentials {
  /** Only an address of this origin gets the token. */
  readonly origin: string;
  readonly user: string;
  readonly token: string;
}

interface Variables {
  readonly token: string;
  readonly tokenVariable: string;
  readonly address: string;
  readonly place: string;
  readonly server: string;
}

interface Transport {
  readonly http: Http;
  readonly clock: Clock;
}

/**
 * A client of the forge that the environment names. Its token is sent only to the API's address in the environment. Throws a
 * Failure (usage, origin_not_allowed).
 */
export function forgeOf(name: ForgeName, env: Environment, transport: Transport) {
  const { access, place } = accessOf(name, env, transport);
  return name === 'gitlab'
    ? createGitlab(access, { project: place })
    : createGithub(access, { repository: place });
}

/** The settings of the repository that the environment names. Throws the same Failures. */
export function forgeSettingsOf(name: ForgeName, env: Environment, transport: Transport) {
  const { access, place } = accessOf(name, env, transport);
  return name === 'gitlab' ? gitlabSettings(access, place) : githubSettings(access, place);
}

function accessOf(
  name: ForgeName,
  env: Environment,
  { http, clock }: Transport,
): { readonly access: ForgeAccess; readonly place: string } {
  const { token, tokenVariable, address, place } = variablesOf(name, env);
  const url = allowOrigin(address, { side: 'saleor', fromConfig: false }, NOTHING);
  const shared = { address: url.href.replace(/\/+$/, ''), tokenVariable, http, clock };
  if (name === 'gitlab')
    return { access: { ...shared, name: 'GitLab', headers: { 'private-token': token } }, place };
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  return { access: { ...shared, name: 'GitHub', headers }, place };
}

const NOTHING = { list: '', bareSide: null, ignoredBecause: null };

/** null: the environment has no token, so git's own settings are used. */
export function gitCredentialsOf(name: ForgeName | null, env: Environment): GitCredentials | null {
  if (name === null) return null;
  const [user, token] =
    name === 'github'
      ? (['x-access-token', env['GITHUB_TOKEN'] || env['GH_TOKEN']] as const)
      : (['oauth2', env['GITLAB_TOKEN']] as const);
  const server =
    name === 'github' ? (env['GITHUB_SERVER_URL'] ?? 'https://github.com') : env['CI_SERVER_URL'];
  if (!token || server === undefined || !URL.canParse(server)) return null;
  return { origin: new URL(server).origin, user, token };
}

function variablesOf(name: ForgeName, env: Environment): Omit<Variables, 'server'> {
  const isGithub = name === 'github';
  const tokenVariable = isGithub ? (env['GITHUB_TOKEN'] ? 'GITHUB_TOKEN' : 'GH_TOKEN') : 'GITLAB_TOKEN';
  const needed = isGithub
    ? { token: tokenVariable, address: 'GITHUB_API_URL', place: 'GITHUB_REPOSITORY' }
    : { token: tokenVariable, address: 'CI_API_V4_URL', place: 'CI_PROJECT_ID' };
  const given = {
    token: env[needed.token] ?? '',
    address: (isGithub ? env['GITHUB_API_URL'] || 'https://api.github.com' : env['CI_API_V4_URL']) ?? '',
    place: env[needed.place] ?? '',
  };
  const missing = (['token', 'address', 'place'] as const).find((one) => given[one] === '');
  if (missing === undefined) return { ...given, tokenVariable };
  const variable = missing === 'token' && isGithub ? 'GITHUB_TOKEN' : needed[missing];
  throw new Failure(
    'usage',
    `${variable} is not set`,
    missing === 'token'
      ? `Pass a token of ${isGithub ? 'GitHub, in a job github.token, as GITHUB_TOKEN' : 'GitLab with the scope api, as a masked variable'}.`
      : `${isGithub ? 'GitHub Actions' : 'GitLab CI'} sets it in every job; elsewhere set it yourself.`,
  );
}
