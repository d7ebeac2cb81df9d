import { formatCount, plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { createLineWriter, type LineWriter } from '../text/line-writer.ts';
import { type AttributeFilters, type StorefrontReview, valueText } from './storefront-review.ts';

interface StorefrontTextOptions {
  readonly width: number;
  readonly color: boolean;
  /** Every finding and every filter value. */
  readonly isFull: boolean;
}

/** Findings of a group, without `isFull`; of notes only the number. */
const ITEMS_MAX = 5;

const LEADS = { error: '!', warning: '-', note: '-' } as const;

export function storefrontText(
  review: StorefrontReview,
  { width, color, isFull }: StorefrontTextOptions,
): string {
  const out = createLineWriter({ width, color });
  out.line(visible(`Storefront ${review.api_url}, channel ${review.channel}, as an anonymous shopper`), {
    tone: 'heading',
  });
  out.line(review.figures, { tone: 'quiet' });
  for (const group of review.groups) writeGroup(out, group, isFull);
  out.blank();
  writeFilters(out, review, isFull);
  for (const line of [review.skipped, review.excluded]) if (line !== null) out.line(line);
  out.line(review.verdict, { tone: review.isRight ? 'good' : 'hazard' });
  return out.toString();
}

function writeGroup(out: LineWriter, group: StorefrontReview['groups'][number], isFull: boolean): void {
  const { severity, code, cause, hint, items } = group;
  out.blank();
  out.line(`${severity} ${code} (${formatCount(items.length)}): ${cause}`, {
    lead: LEADS[severity],
    leadTone: severity === 'error' ? 'hazard' : 'quiet',
    tone: severity === 'error' ? 'plain' : 'quiet',
  });
  const shown = isFull ? items : items.slice(0, severity === 'note' ? 0 : ITEMS_MAX);
  for (const { ref, message } of shown) out.line(visible(message), { indent: 2, lead: visible(ref) });
  const more = items.length - shown.length;
  if (more > 0 && shown.length > 0)
    out.line(`and ${plural(more, 'more finding')} (--full lists them)`, { indent: 2 });
  out.line(visible(hint), { indent: 2, lead: '>', tone: 'quiet' });
}

function writeFilters(out: LineWriter, { attributes }: StorefrontReview, isFull: boolean): void {
  if (attributes.length === 0) return;
  const widest = Math.max(...attributes.map(({ attribute }) => attribute.length));
  out.line('Filters', { tone: 'heading' });
  for (const one of attributes) {
    const { attribute, values } = one;
    out.line(visible(`${attribute.padEnd(widest)}  ${plural(values.length, 'value')}, ${stateText(one)}`), {
      indent: 2,
    });
    if (!isFull) continue;
    for (const count of values)
      out.line(
        visible(
          `${valueText(count)}: ${formatCount(count.found)} of ${plural(count.planned, 'planned product')} found, ${formatCount(count.total)} in all`,
        ),
        { indent: 6 },
      );
  }
  out.blank();
}

/** `as planned`, `2 wrong, 1 missing`; without a listed product nothing was compared. */
function stateText({ values, wrong, missing }: AttributeFilters): string {
  if (wrong + missing > 0)
    return [
      ...(wrong > 0 ? [`${formatCount(wrong)} wrong`] : []),
      ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
    ].join(', ');
  return values.every(({ planned, total }) => planned === 0 && total === 0)
    ? 'no product to find'
    : 'as planned';
}
