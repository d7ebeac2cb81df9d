import type { DiagnosticGroup, Review } from './review.ts';

/** A group without what another section shows; `total` counts that too. */
interface RemainingGroup extends DiagnosticGroup {
  readonly total: number;
}

/**
 * Diagnostics without the reasons of skipped pages, which have a section of their own and are the same views there. A group
 * may be left without items.
 */
export function withoutSkipReasons({
  skipped,
  diagnostics,
}: Pick<Review, 'skipped' | 'diagnostics'>): readonly RemainingGroup[] {
  const reasons = new Set(skipped.flatMap(({ because }) => because));
  return diagnostics.map((group) => ({
    ...group,
    items: group.items.filter((item) => !reasons.has(item)),
    total: group.items.length,
  }));
}
