import type { GraphQLResolveInfo } from 'graphql';
import type { Store } from '../store/store.ts';
import type { Caller } from './permissions.ts';

export interface Context {
  readonly store: Store;
  readonly caller: Caller;
  /** Waits between reading a product's row and writing it back. Null: no wait. */
  readonly pause: (() => Promise<void>) | null;
}

/**
 * Resolves one field. Declared as a method, so that each resolver may state the source and arguments it expects: the
 * schema has checked both before the call.
 */
export type Resolver = {
  resolve(source: unknown, args: unknown, context: Context, info: GraphQLResolveInfo): unknown;
}['resolve'];

export type Resolvers = Readonly<Record<string, Resolver>>;
