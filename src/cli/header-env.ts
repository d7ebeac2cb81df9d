import { assertFurtherHeaders, isHeaderName } from '../app/further-headers.ts';
import { Failure } from '../core/failure.ts';
import type { Side } from '../platform/http/origin-policy.ts';

/** A header that was named without a side, where both are asked, would be sent to one that it is not meant for. */
const OPTION = '--header-env';

interface HeaderEnv {
  /** null: it names none. */
  readonly side: Side | null;
  readonly name: string;
  readonly variable: string;
}

/**
 * `--header-env NAME=VARIABLE`: further headers of one side, whose values come from the environment and never from the command
 * line. `saleor:NAME=VARIABLE` and `wagtail:NAME=VARIABLE` say whose they are; one without a side is of the only side that a
 * command asks. Throws a Failure (usage); it never shows a value that may be a secret.
 */
export function headersFrom(
  given: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  side: Side,
): Readonly<Record<string, string>> {
  const own = given.map(parsed).filter((one) => one.side === side || one.side === null);
  assertFurtherHeaders(
    own.map(({ name }) => name),
    OPTION,
  );
  return Object.fromEntries(
    own.map(({ name, variable }) => {
      const value = env[variable];
      if (value === undefined || value === '')
        throw new Failure('usage', `${OPTION} ${name}=${variable}: the variable ${variable} is not set`);
      return [name, value];
    }),
  );
}

/** Throws a Failure (usage) where a header names no side although both are asked. */
export function assertSidesNamed(given: readonly string[]): void {
  const bare = given.map(parsed).find(({ side }) => side === null);
  if (bare === undefined) return;
  const { name, variable } = bare;
  throw new Failure(
    'usage',
    `${OPTION} ${name}=${variable} does not name the side of the header, but this command contacts both Saleor and Wagtail`,
    `Give ${OPTION} saleor:${name}=${variable} or ${OPTION} wagtail:${name}=${variable}, or both.`,
  );
}

/** Variables are written in capitals; anything else may be a secret that was typed in the place of one. */
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/i;

function parsed(one: string): HeaderEnv {
  const [, side = null, name = '', variable = ''] = /^(?:(saleor|wagtail):)?([^=:]*)=(.*)$/s.exec(one) ?? [];
  if (isHeaderName(name) && VARIABLE.test(variable)) return { side: side as Side | null, name, variable };
  throw new Failure(
    'usage',
    `${OPTION}${isHeaderName(name) ? ` ${name}=…` : ''} is not NAME=VARIABLE`,
    `Example: ${OPTION} CF-Access-Client-Id=CF_ID, where the variable CF_ID has the value.`,
  );
}
