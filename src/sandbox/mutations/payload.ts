import type { Context, Resolver } from '../graphql/context.ts';
import { InputError, notInSandbox } from '../graphql/errors.ts';

/** What a mutation answers: members it does not have read as null. */
export interface Payload {
  readonly isPayload: true;
  readonly errors: readonly object[];
  readonly [member: string]: unknown;
}

/** Saleor keeps a second, deprecated list of the same errors under a name of its own. */
const DEPRECATED_ERROR_LISTS = ['attributeErrors', 'productErrors', 'metadataErrors', 'translationErrors'];

export function createPayload(
  members: Readonly<Record<string, unknown>>,
  errors: readonly object[] = [],
): Payload {
  const twins = Object.fromEntries(DEPRECATED_ERROR_LISTS.map((name) => [name, errors]));
  return { isPayload: true, ...twins, errors, ...members };
}

type Members = Readonly<Record<string, unknown>>;

type Perform<A> = (args: A, context: Context) => Members | Promise<Members>;

// By its shape: promises of Node's timers are of another realm inside a test runner.
const isPromise = (value: Members | Promise<Members>): value is Promise<Members> =>
  typeof (value as { readonly then?: unknown }).then === 'function';

/** Turns an InputError into a payload with errors and nothing else. */
export function mutationResolver<A>(
  perform: Perform<A>,
  onRefusal: Readonly<Record<string, unknown>> = {},
): Resolver {
  const refused = (error: unknown): Payload => {
    if (error instanceof InputError) return createPayload(onRefusal, error.problems);
    throw error;
  };
  return (_: unknown, args: A, context: Context): Payload | Promise<Payload> => {
    try {
      const members = perform(args, context);
      return isPromise(members) ? members.then((m) => createPayload(m), refused) : createPayload(members);
    } catch (error) {
      return refused(error);
    }
  };
}

/** Members of an input that no recording shows are refused, not ignored. */
export function refuseUnknownMembers(what: string, input: object, known: readonly string[]): void {
  const member = Object.keys(input).find((key) => !known.includes(key));
  if (member) throw notInSandbox(`${what}(input: {${member}})`);
}
