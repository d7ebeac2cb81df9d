import type { Context, Resolvers } from '../graphql/context.ts';
import { need } from '../graphql/permissions.ts';
import { mutation, only } from './payload.ts';

function update(
  { input }: { input: { readonly allowStorefrontTraffic?: boolean } },
  { store, caller }: Context,
) {
  need(caller, ['MANAGE_SETTINGS']);
  only('shopSettingsUpdate', input, ['allowStorefrontTraffic']);
  if (typeof input.allowStorefrontTraffic === 'boolean')
    store.shop.allowStorefrontTraffic = input.allowStorefrontTraffic;
  return { shop: { kind: 'Shop', ...store.shop } };
}

export const shopMutations: Resolvers = { shopSettingsUpdate: mutation(update) };
