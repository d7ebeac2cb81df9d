import type { Kind } from '../core/resource-ref.ts';
import { formatCount, plural } from '../core/text/counting.ts';
import type { Action } from '../diff/model.ts';
import type { Cause } from '../plan/drift-causes.ts';
import type { Counts } from '../plan/summary.ts';
import type { Impact, Review, Verdict } from './model/review.ts';

/**
 * Texts that all formats share. Those built from a review or a target contain text from outside, not escaped: each format
 * escapes what it prints.
 */

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

/** No approval covers provenance.json: anyone who can write the plan's folder can change it. */
export const NOT_APPROVED_NOTE =
  'Not covered by the approval: author, titles, links and user counts (provenance.json).';

/** Marks in the Markdown what comes from there: people approve what they read in a pull request. */
export const TOLD = '†';

/** The tone in which each verdict is printed. */
export const VERDICT_TONES = {
  no_changes: 'good',
  ready: 'good',
  hazards: 'hazard',
  errored: 'hazard',
  altered: 'hazard',
} as const;

/** `80 to create, 28 to update`, without the actions whose count is zero. */
export const countsLine = (counts: Counts): string =>
  ACTIONS.filter((action) => counts[action] > 0)
    .map((action) => `${formatCount(counts[action])} to ${action}`)
    .join(', ');

/** `80 to create, 28 to update, 0 to delete` */
export const allCountsLine = (counts: Counts): string =>
  ACTIONS.map((action) => `${formatCount(counts[action])} to ${action}`).join(', ');

const PLAN_WORDS: Readonly<Partial<Record<Verdict['code'], string>>> = {
  errored: 'Errored plan',
  altered: 'Altered plan',
};

/**
 * `Plan: 33 to create, 12 to update, 0 to delete. 28 of 60 pages skipped.` Empty for a plan without changes: its verdict has the
 * same content.
 */
export function summaryLine({
  stored,
  verdict,
  counts,
  offerings,
  skipped_by_flags,
}: Pick<Review, 'stored' | 'verdict' | 'counts' | 'offerings' | 'skipped_by_flags'>): string {
  if (verdict.code === 'no_changes') return '';
  const share = skippedShare({ counts, offerings, skipped_by_flags });
  const skippedSentence = share === '' ? '' : ` ${share}.`;
  const subject = PLAN_WORDS[verdict.code] ?? (stored ? 'Plan' : 'Differs');
  return `${subject}: ${allCountsLine(counts)}.${skippedSentence}`;
}

/** `37 of 47 pages skipped`, including pages that flags exclude; '' where there are none. */
export function skippedShare({
  counts,
  offerings,
  skipped_by_flags,
}: Pick<Review, 'counts' | 'offerings' | 'skipped_by_flags'>): string {
  const skipped = counts.skipped + skipped_by_flags;
  const all = offerings + skipped_by_flags;
  if (skipped === 0) return '';
  // A plan that somebody wrote may skip more pages than it has.
  return all < skipped
    ? `${plural(skipped, 'page')} skipped`
    : `${formatCount(skipped)} of ${plural(all, 'page')} skipped`;
}

/** The verdict with the share of the pages that are skipped: `Review with care: 24 hazards. 37 of 47 pages skipped.` */
export function verdictLine(
  review: Pick<Review, 'verdict' | 'counts' | 'offerings' | 'skipped_by_flags'>,
): string {
  const share = skippedShare(review);
  // A verdict without changes includes the share.
  return share === '' || review.verdict.code === 'no_changes'
    ? review.verdict.line
    : `${review.verdict.line} ${share}.`;
}

/**
 * The flags that decided what is planned. A comparison shows none: `drift` and `sync` compare everything without any flag being
 * typed.
 */
export const typedFlags = ({ stored, flags }: Pick<Review, 'stored' | 'flags'>, before = ''): string =>
  stored && flags.length > 0 ? `${before}${flags.join(' ')}` : '';

/** The command that shows all of the review. */
export const fullViewCommand = ({ stored, plan }: Pick<Review, 'stored' | 'plan'>): string =>
  stored ? `sailplan show ${plan.id} --format html` : 'sailplan drift --format html';

/** `export, en, anonymous` */
export const sourceLine = ({ source }: Pick<Review, 'source'>): string =>
  [
    source.kind,
    source.locale,
    ...(source.page_type === null ? [] : [source.page_type]),
    ...(source.access === 'unknown' ? [] : [source.access]),
  ].join(', ');

/** `, channel gsv`, where a channel is given. */
export const channelText = ({ channel }: { readonly channel?: string }): string =>
  channel === undefined ? '' : `, channel ${channel}`;

/**
 * `14 compared products, 20 products in the whole shop (published with a price: 18 in gsv)`. `escapeSlug` escapes a slug for
 * the medium; `mark` follows a text that comes only from provenance.json. Published products without a price are not counted,
 * because Saleor's own filter treats them as not published.
 */
export function holdersText(
  { holding, products, published }: Impact,
  escapeSlug: (slug: string) => string,
  mark = '',
): string {
  const compared = plural(holding, 'compared product');
  if (products === null) return compared;
  return `${compared}, ${plural(products, 'product')} in the whole shop${publishedText(published, escapeSlug)}${mark}`;
}

function publishedText(published: Impact['published'], escapeSlug: (slug: string) => string): string {
  const channels = Object.entries(published ?? {});
  if (channels.length === 0) return '';
  const counted = channels.filter(([, count]) => count > 0);
  if (counted.length === 0) return ' (none published with a price)';
  const texts = counted.map(([channel, count]) => `${formatCount(count)} in ${escapeSlug(channel)}`);
  return ` (published with a price: ${texts.join(', ')})`;
}

/** What happens to the slug that filters use. `escapeSlug` escapes a slug for the medium. */
export function filterSlugText(
  { slug }: Impact,
  action: Action,
  escapeSlug: (slug: string) => string,
): string {
  if (slug === null) return 'its filter slug does not change';
  const before = slug.before === null ? NONE_TEXT : escapeSlug(slug.before);
  if (action === 'delete') return `the filter ${before} is removed`;
  const after = slug.after === null ? 'a slug chosen by Saleor' : escapeSlug(slug.after);
  return `its filter slug changes from ${before} to ${after}`;
}
