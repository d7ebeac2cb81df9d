import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { Preflight } from './generated/operations.ts';
import type { Reader } from './graphql/client.ts';
import { requireList } from './graphql/pagination.ts';

/** Who we are and whom we talk to: asked before anything else. */
export interface Greeting {
  readonly shop: ShopInfo;
  /** Of the token's permissions those that this tool can need, sorted. */
  readonly permissions: readonly string[];
  /** Null for a person's token: only an app can keep a mark in the shop. */
  readonly app: { readonly id: string; readonly name: string } | null;
  readonly problems: readonly Diagnostic[];
}

export interface ShopInfo {
  readonly name: string;
  readonly domain: string;
  readonly version: string;
}

export const PERMISSIONS = [
  'MANAGE_PRODUCTS',
  'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES',
  'MANAGE_TRANSLATIONS',
] as const;

const OLDEST = 21;
const NEWEST = 24;

/** Throws a Failure: token_invalid, version_unsupported, or why there is no answer. */
export async function greet(reader: Reader): Promise<Greeting> {
  const { app, me, shop } = await reader.query(Preflight, {});
  if (app === null && me === null) {
    throw new Failure('token_invalid', `${reader.url}: the token belongs to no app and no person`);
  }
  if (typeof shop?.domain?.host !== 'string' || typeof shop.version !== 'string')
    throw new Failure(
      'answer_invalid',
      `${reader.url}: the answer does not say which shop and version it is`,
    );
  const held = requireList(app?.permissions ?? me?.userPermissions ?? [], 'permissions of the token');
  const granted = new Set(held.map((permission) => permission?.code));
  return {
    shop: { name: shop.name, domain: shop.domain.host, version: shop.version },
    permissions: PERMISSIONS.filter((permission) => granted.has(permission)),
    app: app === null ? null : { id: app.id, name: app.name ?? '' },
    problems: judgeVersion(reader.url, shop.version),
  };
}

/** Minor version of a Saleor 3; any other major version counts as newer or older than all of them. */
export function minorOf(version: string): number {
  const [major, minor] = version.split('.', 2).map(Number);
  if (major === undefined || minor === undefined || !Number.isInteger(major) || !Number.isInteger(minor))
    return -1;
  return major === 3 ? minor : major > 3 ? Number.POSITIVE_INFINITY : -1;
}

function judgeVersion(url: string, version: string): readonly Diagnostic[] {
  const minor = minorOf(version);
  if (minor < OLDEST) {
    throw new Failure(
      'version_unsupported',
      `${url}: Saleor ${version} is older than 3.${OLDEST}`,
      `This tool was made for Saleor 3.${OLDEST} to 3.${NEWEST}.`,
    );
  }
  if (minor <= NEWEST) return [];
  const data = { version, oldest: `3.${OLDEST}`, newest: `3.${NEWEST}` };
  return [{ severity: 'warning', code: 'shop_version_newer', ref: 'shop', data }];
}
