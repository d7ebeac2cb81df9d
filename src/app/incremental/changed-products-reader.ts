import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import type { RefreshFigures } from '../../saleor/read/incremental/read-changed.ts';
import { readIncrementally } from '../../saleor/read/incremental/read-incrementally.ts';
import { readActualState } from '../../saleor/read/read-actual.ts';
import type { ShopReader } from '../read-shop.ts';
import { type IncrementalStart, incrementalStart } from './earlier-read.ts';

/**
 * Reads only products that changed since an earlier read: the one that `since` names, otherwise the newest plan in `out`.
 * Gives the same result as a full read. Throws a Failure (usage) for a `since` that cannot be used.
 */
export const changedProductsReader =
  (since: string | undefined, out: string): ShopReader =>
  async ({ reader, contract, options, notes }) => {
    const start = incrementalStart(since, out, options.target);
    const read =
      start.base === null
        ? { ...(await readActualState(reader, contract, options)), refreshed: null }
        : await readIncrementally(reader, contract, start.base.earlier, options);
    const { metadata, note } = howRead(start, read.refreshed);
    notes.warn(`note: ${note}`);
    return { ...read, metadata };
  };

/** For provenance.json and the person: what was not read, or why everything was read after all. */
function howRead(
  start: IncrementalStart,
  figures: RefreshFigures | string | null,
): { readonly metadata: Partial<PlanProvenance>; readonly note: string } {
  if (start.base === null || figures === null || typeof figures === 'string') {
    const because = start.because ?? figures ?? 'no page names a product';
    return { metadata: {}, note: `all products were read: ${because}` };
  }
  const { since, written, read_again, kept } = figures;
  const { from } = start.base;
  const again = read_again === 0 ? '' : `, ${read_again} were read again`;
  return {
    metadata: { refreshed: { from, ...figures } },
    note: `of the products ${kept} are as ${from} has them, ${written} of the shop were written since ${since}${again}`,
  };
}
