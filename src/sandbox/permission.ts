import { denied, FieldError } from './failure.ts';
import type { AppRecord, MetadataOwner } from './record.ts';

export const TYPES = 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES';
export const PAGES = 'MANAGE_PAGE_TYPES_AND_ATTRIBUTES';
export const CUSTOMERS = 'MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES';
export const PRODUCTS = 'MANAGE_PRODUCTS';
export const TRANSLATIONS = 'MANAGE_TRANSLATIONS';

/** Who asks. A wrong token, an inactive app and no token are all the same nobody (recording 10-auth-failures). */
export type Caller =
  | { readonly kind: 'app'; readonly app: AppRecord }
  | { readonly kind: 'staff' }
  | { readonly kind: 'anonymous' };

export const has = (caller: Caller, permission: string): boolean =>
  caller.kind === 'staff' || (caller.kind === 'app' && caller.app.permissions.includes(permission));

export function need(caller: Caller, permissions: readonly string[]): void {
  if (!permissions.some((p) => has(caller, p))) throw denied(permissions);
}

export function needLogin(caller: Caller): void {
  if (caller.kind === 'anonymous') throw denied(['AUTHENTICATED_STAFF_USER', 'AUTHENTICATED_APP']);
}

const ownerPermission = {
  Attribute: TYPES,
  ProductType: TYPES,
  Product: PRODUCTS,
  App: 'MANAGE_APPS',
} as const;

/** An app may always read and write its own (recording 17-app-metadata). */
const isOwn = (caller: Caller, owner: MetadataOwner): boolean =>
  owner.kind === 'App' && caller.kind === 'app' && caller.app.pk === owner.pk;

export function needToWrite(caller: Caller, owner: MetadataOwner): void {
  if (!isOwn(caller, owner)) need(caller, [ownerPermission[owner.kind]]);
}

export function needToReadPrivate(caller: Caller, owner: MetadataOwner): void {
  if (!isOwn(caller, owner) && !has(caller, ownerPermission[owner.kind]))
    throw new FieldError('You do not have permission to perform this action', 'PermissionDenied');
}
