import { formatCount, plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import type { Review } from '../model/review.ts';
import { completenessLine } from '../read-details.ts';
import { countsLine, KIND_NAMES, summaryLine, VERDICT_TONES, verdictLine } from '../wording.ts';
import { createLineWriter, type LineWriter, type LineWriterOptions } from './line-writer.ts';

/** Rows of hazards, and of diagnostics. */
const ROWS_MAX = 4;

/** A plan on one screen: at most 24 lines, each clipped to the width; the last line sums up. */
export function renderPlanSummary(review: Review, { width, color }: LineWriterOptions): string {
  const out = createLineWriter({ width, color, isClipped: true });
  const { stored, target, plan, groups } = review;
  const what = stored ? `Plan ${plan.id}` : 'Comparison';
  out.line(visible(`${what} for ${target.name ?? target.api_url}`), { tone: 'heading' });
  out.line(visible(completenessLine(review)), { tone: 'quiet' });
  out.line(visible(verdictLine(review)), { tone: VERDICT_TONES[review.verdict.code] });
  for (const { message } of review.doubts) out.line(visible(message), { lead: '!', leadTone: 'hazard' });
  for (const { kind, counts } of groups)
    out.line(`${KIND_NAMES[kind].padEnd(12)} ${countsLine(counts)}`, { indent: 2 });
  writeHazards(out, review);
  writeDrift(out, review);
  writeDiagnostics(out, review);
  // Wrapped, not clipped: this line must be read in full.
  const last = createLineWriter({ width, color });
  const sum = summaryLine(review);
  if (sum !== '') last.line(sum, { tone: 'heading' });
  return out.toString() + last.toString();
}

function writeHazards(out: LineWriter, { hazards }: Review): void {
  const alarms = hazards.filter(({ severity }) => severity !== 'note');
  for (const { code, refs } of alarms.slice(0, ROWS_MAX))
    out.line(`${code} (${formatCount(refs.length)})`, { indent: 2, lead: '!', leadTone: 'hazard' });
  if (alarms.length > ROWS_MAX)
    out.line(`and ${plural(alarms.length - ROWS_MAX, 'more kind')} of hazard`, { indent: 4 });
}

function writeDrift(out: LineWriter, { drift }: Review): void {
  if (drift === null || drift.length === 0) return;
  out.line(`${plural(drift.length, 'resource')} edited in Saleor`, {
    indent: 2,
    lead: '~',
    leadTone: 'update',
  });
}

function writeDiagnostics(out: LineWriter, { diagnostics }: Review): void {
  for (const { severity, code, items } of diagnostics.slice(0, ROWS_MAX))
    out.line(`${severity} ${code} (${formatCount(items.length)})`, { indent: 2, lead: '-', tone: 'quiet' });
  if (diagnostics.length > ROWS_MAX)
    out.line(`and ${plural(diagnostics.length - ROWS_MAX, 'more kind')} of error or warning`, {
      indent: 4,
      tone: 'quiet',
    });
}
