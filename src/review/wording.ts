import type { Kind } from '../core/resource-ref.ts';
import { formatCount, plural } from '../core/text/counting.ts';
import type { Action } from '../diff/model.ts';
import type { Cause } from '../plan/drift-causes.ts';
import type { Refreshed } from '../plan/plan-metadata.ts';
import type { Counts, Summary } from '../plan/summary.ts';
import type { Impact, Review, Verdict } from './model/review.ts';

/** Words that all media share; none of them holds text from outside. */

export const GLYPHS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-' };

export const ACTIONS: readonly Action[] = ['create', 'update', 'delete'];

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  attribute: 'Attributes',
  assignment: 'Assignments',
  value: 'Values',
  translation: 'Translations',
  product: 'Products',
};

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  wagtail_changed: 'Wagtail changed',
  saleor_edited: 'edited in Saleor',
  both: 'Wagtail changed and edited in Saleor',
  first_sync: 'first sync',
  unknown: 'cause unknown',
};

export const NONE_TEXT = '(none)';

/** What stands beside the plan can be changed by whoever can write the folder, and no approval is for it. */
export const NOT_APPROVED_NOTE =
  'made.json (maker, names, links, users of values) is no part of what is approved.';

/** `80 to create, 28 to update`; what is zero is not said. */
export const countsLine = (counts: Counts): string =>
  ACTIONS.filter((action) => counts[action] > 0)
    .map((action) => `${formatCount(counts[action])} to ${action}`)
    .join(', ');

const PLAN_WORDS: Readonly<Partial<Record<Verdict['code'], string>>> = {
  errored: 'Errored plan',
  altered: 'Altered plan',
};

/** The tone in which each verdict is printed. */
export const VERDICT_TONES = {
  no_changes: 'good',
  ready: 'good',
  hazards: 'hazard',
  errored: 'hazard',
  altered: 'hazard',
} as const;

/** `Plan: 33 to create, 12 to update, 0 to delete. 28 offerings not compared.` */
export function summaryLine({
  stored,
  verdict,
  counts,
  held_back,
}: Pick<Review, 'stored' | 'verdict' | 'counts' | 'held_back'>): string {
  const rest = counts.left_out === 0 ? '' : ` ${notComparedText(counts)}.`;
  // A plan with changes lists what is held back; without any, nothing else would say that the two sides differ.
  const held = held_back.length === 0 ? '' : ` ${formatCount(held_back.length)} held back.`;
  if (verdict.code === 'no_changes') return `No changes.${rest}${held}`;
  const what = ACTIONS.map((action) => `${formatCount(counts[action])} to ${action}`).join(', ');
  return `${PLAN_WORDS[verdict.code] ?? (stored ? 'Plan' : 'Differs')}: ${what}.${rest}`;
}

export const notComparedText = ({ left_out }: Pick<Summary, 'left_out'>): string =>
  `${plural(left_out, 'offering')} not compared`;

/** The command that shows all of it. */
export const fullViewCommand = ({ stored, plan }: Pick<Review, 'stored' | 'plan'>): string =>
  stored ? `sailplan show ${plan.id} --format html` : 'sailplan drift --format html';

/** What was read whole, with the figures where they are known. */
export function completenessLine({
  completeness,
  refreshed,
}: Pick<Review, 'completeness' | 'refreshed'>): string {
  if (completeness.length === 0) return 'Not said to be read whole.';
  const words = completeness.map(({ collection, items, total }) =>
    items === null || total === null
      ? collection.replaceAll('_', ' ')
      : items === total
        ? `${formatCount(items)} ${collection}`
        : `${formatCount(items)} of ${formatCount(total)} ${collection}`,
  );
  return `Read whole: ${words.join(', ')}.${refreshed === undefined ? '' : ` ${refreshedLine(refreshed)}`}`;
}

/** What --refresh changed did not ask the shop for again. */
const refreshedLine = ({ from, since, written, read_again, kept }: Refreshed): string =>
  `Of the products ${formatCount(kept)} ${kept === 1 ? 'is' : 'are'} kept from ${from} (the shop as it was written up to ${since}); ${formatCount(written)} ${written === 1 ? 'was' : 'were'} written since, ${formatCount(read_again)} read again.`;

/** `export, en, anonymous` */
export const sourceLine = ({ source }: Pick<Review, 'source'>): string =>
  [
    source.kind,
    source.locale,
    ...(source.page_type === null ? [] : [source.page_type]),
    ...(source.access === 'unknown' ? [] : [source.access]),
  ].join(', ');

/** `, channel gsv`, where one is named */
export const channelText = ({ channel }: { readonly channel?: string }): string =>
  channel === undefined ? '' : `, channel ${channel}`;

/**
 * `14 compared products, 20 products of the whole shop (published with a price: 18 in gsv)`; `write` as the medium writes
 * slugs. With a price, because Saleor's own filter counts a product without one as not published.
 */
export function holdersText(
  { holding, products, published }: Impact,
  write: (slug: string) => string,
): string {
  const compared = plural(holding, 'compared product');
  if (products === null) return compared;
  return `${compared}, ${plural(products, 'product')} of the whole shop${publishedWords(published, write)}`;
}

function publishedWords(published: Impact['published'], write: (slug: string) => string): string {
  const channels = Object.entries(published ?? {});
  const some = channels.filter(([, count]) => count > 0);
  if (channels.length === 0) return '';
  if (some.length === 0) return ' (none published with a price)';
  return ` (published with a price: ${some.map(([channel, count]) => `${formatCount(count)} in ${write(channel)}`).join(', ')})`;
}

/** What becomes of the filter, with slugs written as the medium writes them. */
export function filterSlugText({ slug }: Impact, action: Action, write: (slug: string) => string): string {
  if (slug === null) return 'its filter slug stays';
  const before = slug.before === null ? NONE_TEXT : write(slug.before);
  if (action === 'delete') return `the filter ${before} goes`;
  return `its filter slug goes from ${before} to ${slug.after === null ? 'what Saleor makes of it' : write(slug.after)}`;
}
