import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { withoutSkipReasons } from '../model/diagnostic-groups.ts';
import type { DiagnosticView, HazardGroup, Review } from '../model/review.ts';
import type { LineWriter } from './line-writer.ts';

/** Refs on the line of one hazard. */
const REFS_MAX = 3;
/** Dangerous hazards are few and decide: more of them are named. */
const DANGERS_MAX = 10;

/**
 * Hazards, skipped pages, excluded changes, errors and warnings: repeated ones are grouped with a count. `rows`: how many kinds
 * of each have a line of their own; the others share one.
 */
export function writeFindings(out: LineWriter, review: Review, rows: number): void {
  writeHazards(out, review, rows);
  writeFacts(out, review);
  writeDrift(out, review);
  writeSkipped(out, review, rows);
  writeExcluded(out, review);
  writeProblems(out, review, rows);
  writeRemarks(out, review);
}

function writeTitle(out: LineWriter, title: string): void {
  out.blank();
  out.line(title, { tone: 'heading' });
}

function writeHazards(out: LineWriter, { hazards }: Review, rows: number): void {
  const alarms = hazards.filter(({ severity }) => severity !== 'note');
  if (alarms.length === 0) return;
  writeTitle(out, 'Hazards');
  const shown = alarms.filter(({ severity }, index) => severity === 'danger' || index < rows);
  for (const group of shown) {
    const { code, severity, refs, meaning } = group;
    out.line(`${code}${refs.length === 1 ? '' : ` (${formatCount(refs.length)})`}: ${meaning}`, {
      indent: 2,
      lead: severity === 'danger' ? '!!' : '! ',
      leadTone: 'hazard',
    });
    const max = severity === 'danger' ? DANGERS_MAX : REFS_MAX;
    const named = refs.slice(0, max).map((ref) => refText(ref, group));
    if (code !== 'bulk_change')
      out.line(`${named.join(', ')}${andMore(refs.length - max)}`, { indent: 5, tone: 'quiet' });
  }
  if (shown.length < alarms.length)
    out.line(
      `and ${alarms
        .slice(shown.length)
        .map(({ code, refs }) => `${code} (${formatCount(refs.length)})`)
        .join(', ')}`,
      { indent: 5 },
    );
}

const andMore = (count: number): string => (count > 0 ? ` and ${formatCount(count)} more` : '');

/** The ref, with the products that cause the hazard where they are known. */
function refText(ref: string, { causes }: HazardGroup): string {
  const [first, ...others] = causes[ref] ?? [];
  if (first === undefined) return visible(ref);
  return visible(`${ref} (by ${first}${andMore(others.length)})`);
}

/** Hazards of severity `note`, on one line. */
function writeFacts(out: LineWriter, { hazards }: Review): void {
  const facts = hazards.filter(({ severity }) => severity === 'note');
  if (facts.length === 0) return;
  out.blank();
  out.line(facts.map(({ code, refs }) => `${code} (${formatCount(refs.length)})`).join(', '), {
    lead: 'Good to know:',
    tone: 'quiet',
    leadTone: 'quiet',
  });
}

function writeDrift(out: LineWriter, { drift }: Review): void {
  if (drift === null || drift.length === 0) return;
  const named = drift.slice(0, REFS_MAX).map(({ ref }) => visible(ref));
  out.blank();
  out.line(
    `${plural(drift.length, 'resource')} edited in Saleor since the last applied plan: ${named.join(', ')}${andMore(drift.length - named.length)}`,
    { lead: '~', leadTone: 'update' },
  );
}

/** Reasons with the number of pages that have each, the most frequent first. */
function writeSkipped(out: LineWriter, { skipped, counts, offerings }: Review, rows: number): void {
  if (skipped.length === 0) return;
  writeTitle(out, `Skipped: ${formatCount(counts.skipped)} of ${plural(offerings, 'page')}`);
  const reasons = groupBy(
    skipped.flatMap(({ because }) => because),
    ({ code }) => code,
  );
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  writeReasons(out, sorted, rows);
}

function writeReasons(
  out: LineWriter,
  reasons: readonly (readonly [string, readonly Pick<DiagnosticView, 'message'>[]])[],
  rows: number,
): void {
  const digits = Math.max(...reasons.map(([, { length }]) => formatCount(length).length));
  for (const [code, items] of reasons.slice(0, rows)) {
    const example = `${items.length > 1 ? 'e.g. ' : ''}${items[0]?.message ?? ''}`;
    out.line(visible(`${code}: ${example}`), {
      indent: 2,
      lead: formatCount(items.length).padStart(digits),
      isClipped: true,
    });
  }
  const rest = reasons.slice(rows);
  // Wrapped, not clipped: only the codes of these are printed.
  if (rest.length > 0)
    out.line(`and ${rest.map(([code, { length }]) => `${code} (${formatCount(length)})`).join(', ')}`, {
      indent: 2,
    });
}

function writeExcluded(out: LineWriter, { excluded }: Review): void {
  if (excluded.length === 0) return;
  writeTitle(out, `Excluded on request: ${formatCount(excluded.length)}`);
  for (const { message } of excluded.slice(0, REFS_MAX))
    out.line(visible(message), { indent: 2, lead: '-', isClipped: true });
  if (excluded.length > REFS_MAX)
    out.line(`and ${formatCount(excluded.length - REFS_MAX)} more`, { indent: 4 });
}

const SEVERITY_TITLES = { error: 'Errors', warning: 'Warnings', note: 'Notes' } as const;

/** Errors, warnings and notes by code, without those that are the reason of a skipped page. */
function writeProblems(out: LineWriter, review: Review, rows: number): void {
  const remaining = withoutSkipReasons(review).filter(({ items }) => items.length > 0);
  for (const severity of ['error', 'warning', 'note'] as const) {
    const groups = remaining
      .filter((group) => group.severity === severity)
      .map(({ code, items }): [string, readonly DiagnosticView[]] => [code, items]);
    if (groups.length === 0) continue;
    writeTitle(out, SEVERITY_TITLES[severity]);
    writeReasons(out, groups, rows);
  }
}

function writeRemarks(out: LineWriter, { remarks }: Review): void {
  if (remarks.length === 0) return;
  writeTitle(out, `Unusual characters or addresses: ${formatCount(remarks.length)}`);
  for (const { ref, where, value } of remarks.slice(0, REFS_MAX))
    out.line(`${visible(ref)}, ${visible(where)}: ${value}`, {
      indent: 2,
      lead: '!',
      leadTone: 'hazard',
      isClipped: true,
    });
  if (remarks.length > REFS_MAX)
    out.line(`and ${formatCount(remarks.length - REFS_MAX)} more`, { indent: 4 });
}
