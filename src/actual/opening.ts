import type { Contract } from '../contract/contract.ts';
import type { Reader } from './client.ts';
import { labels } from './languages.ts';
import { type Asking, firstPageCall, type ProductPage, type Wanted } from './products.ts';
import { type Opening, openingCalls, openingOf } from './structure.ts';

/** Structure and the first hundred named products in one request, where its cost allows that; null: one by one. */
export async function openTogether(
  reader: Reader,
  contract: Contract,
  attributes: readonly string[],
  wanted: Wanted,
  locales: readonly string[],
  asking: Asking = 'attributes',
): Promise<{ readonly opening: Opening; readonly products: ProductPage } | null> {
  const page = wanted === 'all' ? null : firstPageCall(contract, wanted);
  if (page === null || asking === 'assigned_attributes') return null;
  const answers = await reader.queries([...openingCalls(attributes), page], labels(locales));
  return { opening: openingOf(answers), products: answers.at(-1) as unknown as ProductPage };
}
