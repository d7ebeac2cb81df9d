import { formatCount } from '../core/text/counting.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Review } from './model/review.ts';

/** How the products were read, for the review; empty for a full read. */
export const readDetails = (metadata: PlanProvenance | null): Pick<Review, 'refreshed'> =>
  metadata?.refreshed ? { refreshed: metadata.refreshed } : {};

/** The collections that were read completely, with their counts where these are known. */
export function completenessLine({
  completeness,
  refreshed,
}: Pick<Review, 'completeness' | 'refreshed'>): string {
  if (completeness.length === 0) return 'It is unknown whether the read was complete.';
  const collections = completeness.map(({ collection, items, total }) => {
    if (items === null || total === null) return collection.replaceAll('_', ' ');
    const name = collectionName(collection, total);
    return items === total
      ? `${formatCount(items)} ${name}`
      : `${formatCount(items)} of ${formatCount(total)} ${name}`;
  });
  const refresh = refreshed === undefined ? '' : ` ${refreshedLine(refreshed)}`;
  return `Read completely: ${collections.join(', ')}.${refresh}`;
}

/** `product types`, `1 product type` */
function collectionName(collection: string, count: number): string {
  const name = collection.replaceAll('_', ' ');
  return count === 1 ? name.replace(/s$/, '') : name;
}

/** What --refresh changed did not read from the shop again. */
function refreshedLine({ from, since, written, read_again, kept }: NonNullable<Review['refreshed']>): string {
  const keptText = `${formatCount(kept)} ${kept === 1 ? 'is' : 'are'} kept from ${from}`;
  const writtenText = `${formatCount(written)} ${written === 1 ? 'was' : 'were'} written since`;
  return (
    `Of the products ${keptText} (the shop as of ${since}); ` +
    `${writtenText}, ${formatCount(read_again)} read again.`
  );
}
