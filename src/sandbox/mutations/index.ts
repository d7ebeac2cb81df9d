import type { Resolvers } from '../graphql/context.ts';
import { attributeMutations } from './attribute.ts';
import { bulkMutations } from './attribute-bulk.ts';
import { valueMutations } from './attribute-value.ts';
import { metadataMutations } from './metadata.ts';
import { productMutations } from './product.ts';
import { typeMutations } from './product-type.ts';
import { variantMutations } from './product-variant.ts';
import { shopMutations } from './shop-settings.ts';
import { translationMutations } from './translation.ts';

export const mutations: Resolvers = {
  ...attributeMutations,
  ...bulkMutations,
  ...metadataMutations,
  ...productMutations,
  ...shopMutations,
  ...translationMutations,
  ...typeMutations,
  ...valueMutations,
  ...variantMutations,
};
