import type { AppRecord, MetadataOwner } from '../store/records.ts';
import { FieldError, permissionDenied } from './errors.ts';

export const TYPES = 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES';
export const PAGES = 'MANAGE_PAGE_TYPES_AND_ATTRIBUTES';
export const CUSTOMERS = 'MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES';
export const PRODUCTS = 'MANAGE_PRODUCTS';
export const TRANSLATIONS = 'MANAGE_TRANSLATIONS';

/** The caller. A wrong token, an inactive app and no token all mean an anonymous caller (recording 10-auth-failures). */
export type Caller =
  | { readonly kind: 'app'; readonly app: AppRecord }
  | { readonly kind: 'staff' }
  | { readonly kind: 'anonymous' }
  /** An expired staff token: every field that needs the caller fails. */
  | { readonly kind: 'expired' };

/** Throws a FieldError for an expired staff token. */
export function requireUnexpired(caller: Caller): void {
  if (caller.kind === 'expired') throw new FieldError('Signature has expired', 'ExpiredSignatureError');
}

/** Throws a FieldError for an expired staff token. */
export function hasPermission(caller: Caller, permission: string): boolean {
  requireUnexpired(caller);
  return caller.kind === 'staff' || (caller.kind === 'app' && caller.app.permissions.includes(permission));
}

/** Throws PermissionDenied unless the caller has one of the permissions. */
export function requirePermission(caller: Caller, permissions: readonly string[]): void {
  if (!permissions.some((p) => hasPermission(caller, p))) throw permissionDenied(permissions);
}

/** Throws PermissionDenied for an anonymous caller. */
export function requireLogin(caller: Caller): void {
  requireUnexpired(caller);
  if (caller.kind === 'anonymous') throw permissionDenied(['AUTHENTICATED_STAFF_USER', 'AUTHENTICATED_APP']);
}

const permissionByOwner = {
  Attribute: TYPES,
  ProductType: TYPES,
  Product: PRODUCTS,
  App: 'MANAGE_APPS',
} as const;

/** An app may always read and write its own metadata (recording 17-app-metadata). */
const isOwnMetadata = (caller: Caller, owner: MetadataOwner): boolean =>
  owner.kind === 'App' && caller.kind === 'app' && caller.app.pk === owner.pk;

/** Throws PermissionDenied unless the caller may write the metadata of this row. */
export function requireWriteAccess(caller: Caller, owner: MetadataOwner): void {
  if (!isOwnMetadata(caller, owner)) requirePermission(caller, [permissionByOwner[owner.kind]]);
}

/** Throws PermissionDenied unless the caller may read the private metadata of this row. */
export function requirePrivateAccess(caller: Caller, owner: MetadataOwner): void {
  if (!isOwnMetadata(caller, owner) && !hasPermission(caller, permissionByOwner[owner.kind]))
    throw new FieldError('You do not have permission to perform this action', 'PermissionDenied');
}

/** All permissions that exist, in the shop's order (recording 10-auth-failures). */
export const allPermissions: readonly (readonly [string, string])[] = [
  ['HANDLE_CHECKOUTS', 'Handle checkouts'],
  ['HANDLE_PAYMENTS', 'Handle payments'],
  ['HANDLE_TAXES', 'Handle taxes'],
  ['IMPERSONATE_USER', 'Impersonate user.'],
  ['MANAGE_APPS', 'Manage apps'],
  ['MANAGE_CHANNELS', 'Manage channels.'],
  ['MANAGE_CHECKOUTS', 'Manage checkouts'],
  ['MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES', 'Manage customer types and attributes.'],
  ['MANAGE_DISCOUNTS', 'Manage promotions and vouchers.'],
  ['MANAGE_GIFT_CARD', 'Manage gift cards.'],
  ['MANAGE_MENUS', 'Manage navigation.'],
  ['MANAGE_OBSERVABILITY', 'Manage observability'],
  ['MANAGE_ORDERS', 'Manage orders.'],
  ['MANAGE_ORDERS_IMPORT', 'Manage orders import.'],
  ['MANAGE_PAGE_TYPES_AND_ATTRIBUTES', 'Manage page types and attributes.'],
  ['MANAGE_PAGES', 'Manage pages.'],
  ['MANAGE_PLUGINS', 'Manage plugins'],
  ['MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', 'Manage product types and attributes.'],
  ['MANAGE_PRODUCTS', 'Manage products.'],
  ['MANAGE_SETTINGS', 'Manage settings.'],
  ['MANAGE_SHIPPING', 'Manage shipping.'],
  ['MANAGE_STAFF', 'Manage staff.'],
  ['MANAGE_TAXES', 'Manage taxes'],
  ['MANAGE_TRANSLATIONS', 'Manage translations.'],
  ['MANAGE_USERS', 'Manage customers.'],
];
