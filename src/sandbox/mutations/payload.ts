import type { Context, Resolver } from '../graphql/context.ts';
import { InputError, notInSandbox } from '../graphql/errors.ts';

/** What a mutation answers. A member that it lacks reads as null. */
export interface Payload {
  readonly isPayload: true;
  readonly errors: readonly object[];
  readonly [member: string]: unknown;
}

/** Saleor repeats the errors in a deprecated list, named by the kind of mutation. */
const DEPRECATED_ERROR_LISTS = ['attributeErrors', 'productErrors', 'metadataErrors', 'translationErrors'];

function createPayload(members: Readonly<Record<string, unknown>>, errors: readonly object[] = []): Payload {
  const deprecatedLists = Object.fromEntries(DEPRECATED_ERROR_LISTS.map((name) => [name, errors]));
  return { isPayload: true, ...deprecatedLists, errors, ...members };
}

type Members = Readonly<Record<string, unknown>>;

type Perform<A> = (args: A, context: Context) => Members | Promise<Members>;

// Not by instanceof: in a test runner the promises of Node's timers come from another realm.
const isPromise = (value: Members | Promise<Members>): value is Promise<Members> =>
  typeof (value as { readonly then?: unknown }).then === 'function';

/** Makes a resolver of a mutation. An InputError becomes a payload with errors and `onRefusal`. */
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

/** Throws notInSandbox for a member that no recording shows, instead of ignoring it. */
export function refuseUnknownMembers(what: string, input: object, known: readonly string[]): void {
  const member = Object.keys(input).find((key) => !known.includes(key));
  if (member) throw notInSandbox(`${what}(input: {${member}})`);
}
