import { type Caller, PRODUCTS, TRANSLATIONS, TYPES } from '../graphql/permissions.ts';
import type { AppRecord } from './records.ts';
import type { Store } from './store.ts';

/** One token of each kind. Saleor's app tokens have 30 characters; it does not look up others. */
export interface Tokens {
  /** All permissions that sailplan uses, with MANAGE_TRANSLATIONS. */
  readonly full: string;
  /** MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES and MANAGE_PRODUCTS: all but translations. */
  readonly two: string;
  /** MANAGE_PRODUCTS. */
  readonly limited: string;
  /** MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES. */
  readonly types: string;
  /** An app without a permission. */
  readonly none: string;
  /** A deactivated app. */
  readonly inactive: string;
  /** A staff user with every permission. */
  readonly staff: string;
  /** The staff user's expired token. */
  readonly expired: string;
}

const paddedToken = (name: string): string => `sandbox-${name}-`.padEnd(30, 'x');

export const defaultTokens: Tokens = {
  full: paddedToken('full'),
  two: paddedToken('two'),
  limited: paddedToken('limited'),
  types: paddedToken('types'),
  none: paddedToken('none'),
  inactive: paddedToken('inactive'),
  staff: paddedToken('staff'),
  expired: paddedToken('expired'),
};

/** Primary key, name and permissions as recorded; only `full` is an addition. */
const APPS: readonly (readonly [keyof Tokens, number, string, readonly string[]])[] = [
  ['two', 1, 'shop-sync', [TYPES, PRODUCTS]],
  ['limited', 2, 'shop-sync-limited', [PRODUCTS]],
  ['types', 3, 'shop-sync-types', [TYPES]],
  ['none', 4, 'shop-sync-none', []],
  ['inactive', 5, 'shop-sync-inactive', [TYPES, PRODUCTS]],
  ['full', 6, 'shop-sync-full', [TYPES, PRODUCTS, TRANSLATIONS]],
];

export function addApps(store: Store, tokens: Tokens): void {
  for (const [key, pk, name, permissions] of APPS) {
    const app: AppRecord = {
      kind: 'App',
      pk,
      name,
      token: tokens[key],
      isActive: key !== 'inactive',
      permissions,
      metadata: new Map(),
      privateMetadata: new Map(),
    };
    store.apps.set(pk, app);
  }
}

/** The owner of this token; an unknown token or an inactive app is anonymous. */
export function callerOf(store: Store, tokens: Tokens, given: string): Caller {
  if (given === tokens.staff) return { kind: 'staff' };
  if (given === tokens.expired) return { kind: 'expired' };
  for (const app of store.apps.values())
    if (given !== '' && app.token === given && app.isActive) return { kind: 'app', app };
  return { kind: 'anonymous' };
}
