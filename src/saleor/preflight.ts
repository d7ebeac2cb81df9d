import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { Preflight } from './generated/operations.ts';
import type { Reader } from './graphql/client.ts';
import { requireList } from './graphql/pagination.ts';

/** Which app and which shop: the first request of every command. */
export interface Greeting {
  readonly shop: ShopInfo;
  /** The permissions of the token that sailplan can need, sorted. */
  readonly permissions: readonly string[];
  /** null: the token belongs to a person; only an app can have metadata of its own in the shop. */
  readonly app: { readonly id: string; readonly name: string } | null;
  readonly problems: readonly Diagnostic[];
}

export type ShopInfo = {
  readonly name: string;
  readonly domain: string;
  readonly version: string;
};

const PERMISSIONS = [
  'MANAGE_PRODUCTS',
  'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES',
  'MANAGE_TRANSLATIONS',
] as const;

/** Minor versions of Saleor 3 (docs/saleor.md#versions). */
const OLDEST = 21;
const NEWEST = 24;

/** Throws a Failure: token_invalid, version_unsupported, answer_invalid, or those of the connection. */
export async function greet(reader: Reader): Promise<Greeting> {
  const { app, me, shop } = await reader.query(Preflight, {});
  if (app === null && me === null) {
    throw new Failure('token_invalid', `${reader.url}: the token does not belong to an app or a person`);
  }
  const texts: readonly unknown[] = [
    shop?.domain?.host,
    shop?.version,
    shop?.name,
    ...(app === null ? [] : [app.id]),
  ];
  if (texts.some((text) => typeof text !== 'string'))
    throw new Failure(
      'answer_invalid',
      `${reader.url}: the answer lacks the shop’s host, version or name, or the id of the app`,
    );
  const permissions = requireList(app?.permissions ?? me?.userPermissions ?? [], 'permissions of the token');
  const granted = new Set(permissions.map((permission) => permission?.code));
  return {
    shop: { name: shop.name, domain: shop.domain.host, version: shop.version },
    permissions: PERMISSIONS.filter((permission) => granted.has(permission)),
    app: app === null ? null : { id: app.id, name: app.name ?? '' },
    problems: judgeVersion(reader.url, shop.version),
  };
}

/** Minor version of a Saleor 3; infinite for a later major version, -1 for an earlier one and for any other text. */
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
      `sailplan supports Saleor 3.${OLDEST} to 3.${NEWEST}.`,
    );
  }
  if (minor <= NEWEST) return [];
  const data = { version, oldest: `3.${OLDEST}`, newest: `3.${NEWEST}` };
  return [{ severity: 'warning', code: 'shop_version_newer', ref: 'shop', data }];
}
