import type { Resolvers } from '../resolve.ts';
import { attributeMutations } from './attribute.ts';
import { bulkMutations } from './bulk.ts';
import { metadataMutations } from './metadata.ts';
import { productMutations } from './product.ts';
import { shopMutations } from './shop.ts';
import { translationMutations } from './translation.ts';
import { typeMutations } from './type.ts';
import { valueMutations } from './value.ts';

export const mutations: Resolvers = {
  ...attributeMutations,
  ...bulkMutations,
  ...metadataMutations,
  ...productMutations,
  ...shopMutations,
  ...translationMutations,
  ...typeMutations,
  ...valueMutations,
};
