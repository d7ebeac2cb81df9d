import { visible } from '../../core/text/invisible-characters.ts';
import type { Review } from '../model/review.ts';
import { countsLine, KIND_NAMES, summaryLine, typedFlags, VERDICT_TONES, verdictLine } from '../wording.ts';
import { writeFindings } from './brief-findings.ts';
import { CHANGES_FRAME, writeFirstChanges } from './first-changes.ts';
import { createLineWriter, type LineWriter, type LineWriterOptions } from './line-writer.ts';

/**
 * Lines of a brief at 80 columns: two screens of 30. The command that prints it adds up to 6 lines, with the next commands.
 */
const LINES_MAX = 54;
/** Changes that are shown however long the rest is. */
const CHANGES_MIN = 5;
/** Narrower than this, a line is wrapped and not cut: too little of it would remain. */
const CLIP_MIN = 60;

export interface BriefOptions extends LineWriterOptions {
  /** The command that shows the plan in full. */
  readonly showCommand?: string | undefined;
}

/**
 * What a reviewer needs first, on two screens: verdict, counts, hazards, skipped pages by reason, errors and warnings by code,
 * and the first changes. `renderFull` gives the complete text, which is returned if it is not longer.
 */
export function renderPlanBrief(review: Review, options: BriefOptions, renderFull: () => string): string {
  const rows = review.groups.reduce((sum, { changes }) => sum + changes.length, review.skipped.length);
  // A change takes at least one line: a large plan is not rendered in vain.
  const full = rows > LINES_MAX ? null : renderFull();
  if (full !== null && countLines(full) <= LINES_MAX) return full;
  const wraps = { canClip: false, rows: ROWS_MAX };
  const wrapped = rows > LINES_MAX ? null : compose(review, options, wraps);
  if (wrapped !== null && countLines(wrapped) <= LINES_MAX) return wrapped;
  const clips = { ...wraps, canClip: options.width >= CLIP_MIN };
  const clipped = compose(review, options, clips);
  return countLines(clipped) <= LINES_MAX
    ? clipped
    : compose(review, options, { ...clips, rows: ROWS_LEAST });
}

/** Kinds of findings with a line of their own, in each section: usually, and where there are findings of many kinds. */
const ROWS_MAX = 6;
const ROWS_LEAST = 2;

interface Extent {
  readonly canClip: boolean;
  readonly rows: number;
}

function compose(review: Review, options: BriefOptions, { canClip, rows }: Extent): string {
  const partOf = (write: (out: LineWriter) => void): string => {
    const out = createLineWriter({ width: options.width, color: options.color, canClip });
    write(out);
    return out.toString();
  };
  const last = partOf((out) => writeSummary(out, review));
  const head = partOf((out) => {
    writeIdentity(out, review);
    writeVerdict(out, review);
    writeCounts(out, review);
    writeFindings(out, review, rows);
  });
  const room = Math.max(CHANGES_MIN, LINES_MAX - countLines(head) - countLines(last) - CHANGES_FRAME);
  const changes = partOf((out) => writeFirstChanges(out, review, { room, showCommand: options.showCommand }));
  return [head, changes, last].filter((part) => part.trim() !== '').join('\n');
}

const countLines = (text: string): number => text.split('\n').length - 1;

function writeIdentity(out: LineWriter, review: Review): void {
  const { stored, plan, target, source } = review;
  const name = target.name ?? target.api_url;
  const shop = target.shop === null ? '' : ` (${target.shop.name}, Saleor ${target.shop.version})`;
  out.line(visible(`${stored ? `Plan ${plan.id}` : 'Comparison'} for ${name}${shop}`), { tone: 'heading' });
  const options = typedFlags(review, '; ');
  out.line(visible(`${sourceText(source.kind, source.locale)}${options}`), { tone: 'quiet' });
}

const sourceText = (kind: string, locale: string): string =>
  kind === 'report' ? 'reverts what a report says was applied' : `from Wagtail (${kind}, ${locale})`;

function writeVerdict(out: LineWriter, review: Review): void {
  out.blank();
  for (const { message } of review.doubts)
    out.line(visible(message), { lead: '!', leadTone: 'hazard', tone: 'hazard' });
  out.line(visible(verdictLine(review)), { tone: VERDICT_TONES[review.verdict.code] });
}

function writeSummary(out: LineWriter, review: Review): void {
  const sum = summaryLine(review);
  if (sum !== '') out.line(sum, { tone: 'heading' });
}

function writeCounts(out: LineWriter, { groups }: Review): void {
  if (groups.length > 0) out.blank();
  for (const { kind, counts } of groups)
    out.line(`${KIND_NAMES[kind].padEnd(12)}  ${countsLine(counts)}`, { indent: 2 });
}
