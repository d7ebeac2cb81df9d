import type { GraphQLResolveInfo } from 'graphql';
import type { Store } from '../store/store.ts';
import type { Caller } from './permissions.ts';

export interface Context {
  readonly store: Store;
  readonly caller: Caller;
  /** Between reading a product's row and writing it back; null: no time passes there. */
  readonly pause: (() => Promise<void>) | null;
}

/** One field. Each resolver names the source and arguments it expects; the schema has checked them before. */
export type Resolver = (source: never, args: never, context: Context, info: GraphQLResolveInfo) => unknown;

export type Resolvers = Readonly<Record<string, Resolver>>;
