import { type Args, list } from './io.ts';

/** The environment variables that hold secrets: their values are kept out of everything that is written. */
export function secretsIn(
  args: Args,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const named = list(args, 'header-env').map((one) => one.split('=', 2)[1] ?? '');
  const names = ['SALEOR_TOKEN', 'WAGTAIL_TOKEN', 'WAGTAIL_V3_TOKEN', ...named];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, secretPart(env[name])]] : [])));
}

/** `Token abc`: the scheme is no secret. */
const secretPart = (value: string): string => /^[A-Za-z]+ (.+)$/.exec(value)?.[1] ?? value;
