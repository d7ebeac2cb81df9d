import { Failure } from '../core/failure.ts';
import { withoutByteOrderMark } from '../core/text/utf8.ts';
import { isFile, readText } from '../platform/files.ts';
import { type Args, listArg } from './io.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const SECRETS = [
  'SALEOR_TOKEN',
  'WAGTAIL_TOKEN',
  'WAGTAIL_V3_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'GITLAB_TOKEN',
  'CAPABILITY_REGISTRY_TOKEN',
  'CONTROL_PLANE_TOKEN',
];

/** The variables that contain secrets, including those of `--header-env`. */
const secretNames = (args: Args): readonly string[] => [
  ...SECRETS,
  ...listArg(args, 'header-env').map((one) => one.split('=', 2)[1] ?? ''),
];

/**
 * The environment with each secret of a file (`SALEOR_TOKEN_FILE`, as Docker, Kubernetes and systemd mount them) as if its
 * variable contained it; one line break at the end is removed. Throws a Failure (usage, file_unreadable) if a variable and its
 * file are both given, and for a text that a header cannot contain.
 */
export function withSecretFiles(args: Args, env: Environment): Environment {
  const read = secretNames(args).flatMap((name) => {
    const path = env[`${name}_FILE`];
    if (name === '' || path === undefined || path === '') return [];
    if (env[name]) throw new Failure('usage', `${name} and ${name}_FILE are both set`, 'Unset one of them.');
    const secret = withoutByteOrderMark(secretIn(path, `${name}_FILE`)).replace(/\r?\n$/, '');
    if (secret === '')
      throw new Failure('usage', `${name}_FILE: ${path} is empty`, 'Write only the secret into it.');
    return [[name, secret] as const];
  });
  const whole = { ...env, ...Object.fromEntries(read) };
  const files = new Set(read.map(([name]) => name));
  for (const name of secretNames(args))
    assertSendable(files.has(name) ? `${name}_FILE` : name, whole[name] ?? '');
  return whole;
}

/**
 * The same, as far as possible, for messages about typed words. Reads only regular files: a pipe gives its secret only once,
 * and without a writer it never ends.
 */
export function withFound(env: Environment): Environment {
  try {
    const files = Object.entries(env).filter(([name, path]) => !name.endsWith('_FILE') || isFile(path ?? ''));
    return withSecretFiles({}, Object.fromEntries(files));
  } catch {
    return env;
  }
}

/** Longer than any token. */
const MOST_SECRET_BYTES = 64 * 1024;

function secretIn(path: string, variable: string): string {
  try {
    return readText(path, { mostBytes: MOST_SECRET_BYTES, allowsPipe: true });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${variable}: ${error.message}`, error.hint);
  }
}

/**
 * A secret with a line break, or with a space at an end, was pasted wrongly; Node's error about it would contain the secret.
 */
function assertSendable(name: string, value: string): void {
  const fault =
    value === ''
      ? null
      : value.trim() !== value
        ? 'begins or ends with a space or a line break'
        : /[^ -~]/.test(value)
          ? 'contains a line break or a character that is not allowed in a header'
          : name.startsWith('SALEOR_TOKEN') && value.includes(' ')
            ? 'contains a space: give only the token, without "Bearer"'
            : null;
  if (fault !== null) throw new Failure('usage', `${name} ${fault}`, 'Set it to the secret only.');
}

/** Name → secret: their values are kept out of everything that is written. */
export const secretsIn = (args: Args, env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(secretNames(args).flatMap((name) => (env[name] ? [[name, secretPart(env[name])]] : [])));

/** `Token abc`: the scheme is not a secret. */
const secretPart = (value: string): string =>
  /^(?:ApiKey|Basic|Bearer|JWT|Token) (.+)$/i.exec(value)?.[1] ?? value;
