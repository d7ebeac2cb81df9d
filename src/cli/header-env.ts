import { assertFurtherHeaders, isHeaderName } from '../app/further-headers.ts';
import { Failure } from '../core/failure.ts';
import type { Side } from '../platform/http/origin-policy.ts';

/** A header without a side would be sent to the wrong one if the command contacts both. */
const OPTION = '--header-env';

interface HeaderEnv {
  /** null: it names none. */
  readonly side: Side | null;
  readonly name: string;
  readonly variable: string;
}

/**
 * `--header-env NAME=VARIABLE`: additional headers of one side. Their values come from the environment, never from the command
 * line. `saleor:NAME=VARIABLE` and `wagtail:NAME=VARIABLE` select the side; without a side it is the only side that the
 * command contacts. Throws a Failure (usage) that never shows a value that may be a secret.
 */
export function headersFrom(
  given: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  side: Side,
): Readonly<Record<string, string>> {
  // A list of ids is contacted beside other servers: it gets only the headers that name it.
  const isList = side === 'registry' || side === 'control_plane';
  const own = given.map(parsed).filter((one) => one.side === side || (one.side === null && !isList));
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

/** Throws a Failure (usage) if a header has no side although the command contacts both. */
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

const HEADER = /^(?:(saleor|wagtail|registry|control_plane):)?([^=:]*)=(.*)$/s;

function parsed(one: string): HeaderEnv {
  const [, side = null, name = '', variable = ''] = HEADER.exec(one) ?? [];
  if (isHeaderName(name) && VARIABLE.test(variable)) return { side: side as Side | null, name, variable };
  throw new Failure(
    'usage',
    `${OPTION}${isHeaderName(name) ? ` ${name}=…` : ''} is not NAME=VARIABLE`,
    `Example: ${OPTION} CF-Access-Client-Id=CF_ID, where the variable CF_ID has the value.`,
  );
}
