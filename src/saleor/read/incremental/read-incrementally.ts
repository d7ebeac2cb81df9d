import type { Contract } from '../../../contract/contract.ts';
import type { Reader } from '../../graphql/client.ts';
import { type ActualRead, type ReadOptions, readActualState } from '../read-actual.ts';
import { changedCall, type IncrementalBase, type RefreshFigures, readChanged } from './read-changed.ts';

/**
 * Saleor's side as readActualState returns it, but reads only products that changed since an earlier read. `refreshed`
 * describes the read; a text: why all products were read instead; null: no product is named. Throws the same as
 * readActualState.
 */
export async function readIncrementally(
  reader: Reader,
  contract: Contract,
  base: IncrementalBase,
  options: Omit<ReadOptions, 'strategy'>,
): Promise<ActualRead & { readonly refreshed: RefreshFigures | string | null }> {
  let refreshed: RefreshFigures | string | null = null;
  const read = await readActualState(reader, contract, {
    ...options,
    strategy: {
      firstCall: changedCall(contract, base.looked),
      read: async (wanted, shop) => {
        const outcome = await readChanged({ reader, contract, wanted, base, shop });
        refreshed = typeof outcome === 'string' ? outcome : outcome.refreshed;
        return typeof outcome === 'string' ? null : outcome;
      },
    },
  });
  return { ...read, refreshed };
}
