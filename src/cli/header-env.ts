import { assertFurtherHeaders, isHeaderName } from '../app/further-headers.ts';
import { Failure } from '../core/failure.ts';

/**
 * `--header-env NAME=VARIABLE`: further headers, whose values come from the environment and never from the command line.
 * Throws a Failure (usage).
 */
export function headersFrom(
  given: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const pairs = given.map((one) => {
    const [name = '', variable = ''] = one.split('=', 2);
    if (!isHeaderName(name) || variable === '')
      throw new Failure(
        'usage',
        `--header-env ${one} is not NAME=VARIABLE`,
        'E.g. --header-env CF-Access-Client-Id=CF_ID.',
      );
    return { one, name, variable };
  });
  assertFurtherHeaders(
    pairs.map(({ name }) => name),
    '--header-env',
  );
  return Object.fromEntries(
    pairs.map(({ one, name, variable }) => {
      const value = env[variable];
      if (value === undefined || value === '')
        throw new Failure('usage', `--header-env ${one}: the variable ${variable} is not set`);
      return [name, value];
    }),
  );
}
