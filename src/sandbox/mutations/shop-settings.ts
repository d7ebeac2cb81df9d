import type { Context, Resolvers } from '../graphql/context.ts';
import { requirePermission } from '../graphql/permissions.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

function update(
  { input }: { input: { readonly allowStorefrontTraffic?: boolean } },
  { store, caller }: Context,
) {
  requirePermission(caller, ['MANAGE_SETTINGS']);
  refuseUnknownMembers('shopSettingsUpdate', input, ['allowStorefrontTraffic']);
  if (typeof input.allowStorefrontTraffic === 'boolean')
    store.shop.allowStorefrontTraffic = input.allowStorefrontTraffic;
  return { shop: { kind: 'Shop', ...store.shop } };
}

export const shopMutations: Resolvers = { shopSettingsUpdate: mutationResolver(update) };
