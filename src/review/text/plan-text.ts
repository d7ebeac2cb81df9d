import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import { withoutSkipReasons } from '../model/diagnostic-groups.ts';
import { countAlarms } from '../model/hazard-groups.ts';
import type { DiagnosticGroup, Review } from '../model/review.ts';
import { completenessLine } from '../read-details.ts';
import {
  ACTIONS,
  CAUSE_WORDS,
  channelText,
  fullViewCommand,
  GLYPHS,
  NOT_APPROVED_NOTE,
  sourceLine,
  summaryLine,
  typedFlags,
  VERDICT_TONES,
} from '../wording.ts';
import { writeChangeGroup } from './change-text.ts';
import { createLineWriter, type LineWriter, type LineWriterOptions } from './line-writer.ts';
import { renderPlanBrief } from './plan-brief.ts';
import { renderPlanSummary } from './plan-summary.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  readonly color?: boolean;
  /** At most 24 lines. */
  readonly summary?: boolean;
  /** At most two screens. */
  readonly brief?: boolean;
  /** The command that shows the plan in full, for a text that is cut. */
  readonly showCommand?: string | undefined;
}

/** A plan for a terminal: drift first, then changes by kind, then diagnostics and hazards; the last line sums up. */
export function renderPlanText(review: Review, options: TextOptions = {}): string {
  const { width = 80, color = false } = options;
  if (options.summary === true) return renderPlanSummary(review, { width, color });
  const renderFull = () => renderPlanFull(review, { width, color });
  return options.brief === true
    ? renderPlanBrief(review, { width, color, showCommand: options.showCommand }, renderFull)
    : renderFull();
}

function renderPlanFull(review: Review, { width, color }: LineWriterOptions): string {
  const out = createLineWriter({ width, color });
  writeHeading(out, review);
  writeDoubts(out, review);
  writeDrift(out, review);
  writeLegend(out, review);
  for (const group of review.groups) writeChangeGroup(out, group);
  writeSkipped(out, review);
  writeDiagnostics(out, review);
  writeExcluded(out, review);
  writeRemarks(out, review);
  writeHazards(out, review);
  out.blank();
  // The share of skipped pages is in the line below, or in a verdict without changes.
  out.line(visible(review.verdict.line), { tone: VERDICT_TONES[review.verdict.code] });
  const sum = summaryLine(review);
  if (sum !== '') out.line(sum, { tone: 'heading' });
  return out.toString();
}

function writeHeading(out: LineWriter, review: Review): void {
  const { stored, target, source, plan, contract, made } = review;
  const writeFact = (name: string, value: string) =>
    out.line(visible(value), { lead: name.padEnd(8), leadTone: 'quiet' });
  const name = target.name === null ? '' : `${target.name} `;
  const shop = target.shop === null ? '' : ` (${target.shop.name}, Saleor ${target.shop.version})`;
  const wagtail = source.wagtail === null ? '' : ` (Wagtail ${source.wagtail})`;
  const flagsText = typedFlags(review, '; ');
  out.line(stored ? `Plan ${plan.id}` : 'Comparison only; no plan saved', { tone: 'heading' });
  writeFact('target', `${name}${target.api_url}${channelText(target)}${shop}`);
  writeFact('source', `${sourceLine(review)}${wagtail}`);
  writeFact('contract', `${contract.name}, named by ${contract.naming}${flagsText}`);
  if (made !== null) writeFact(stored ? 'planned' : 'read', `${made.at} by ${made.by} with ${made.tool}`);
  if (made !== null && stored) writeFact('', NOT_APPROVED_NOTE);
  writeFact(
    made !== null && !stored ? '' : 'read',
    completenessLine(review).replace('Read completely: ', 'complete: '),
  );
}

function writeTitle(out: LineWriter, title: string): void {
  out.blank();
  out.line(title, { tone: 'heading' });
}

function writeDoubts(out: LineWriter, { doubts }: Review): void {
  if (doubts.length > 0) out.blank();
  for (const { message } of doubts)
    out.line(visible(message), { lead: '!', leadTone: 'hazard', tone: 'hazard' });
}

function writeDrift(out: LineWriter, { drift }: Review): void {
  if (drift === null || drift.length === 0) return;
  writeTitle(
    out,
    `Drift: ${plural(drift.length, 'resource')} edited in Saleor since the last converged plan`,
  );
  for (const { ref, title, fields } of drift) {
    out.line(`${visible(ref)}  ${quoted(title)}`, { indent: 2, lead: '~', leadTone: 'update' });
    for (const { name, cause } of fields) out.line(`${visible(name)}: ${CAUSE_WORDS[cause]}`, { indent: 6 });
  }
}

/** Explains the glyphs that occur, and no others. */
function writeLegend(out: LineWriter, { counts, hazards }: Review): void {
  const actions = ACTIONS.filter((action) => counts[action] > 0);
  if (actions.length === 0) return;
  const entries = actions.map((action) => `${GLYPHS[action]} ${action}`);
  out.blank();
  out.line([...entries, ...(countAlarms(hazards) > 0 ? ['! hazard'] : [])].join('   '), { tone: 'quiet' });
}

function writeSkipped(out: LineWriter, { skipped, counts }: Review): void {
  if (skipped.length === 0) return;
  writeTitle(out, `Skipped: ${plural(counts.skipped, 'page')}`);
  for (const { ref, title, because } of skipped) {
    out.line(`${visible(ref)}  ${quoted(title)}`, { indent: 2, lead: '!', leadTone: 'hazard' });
    for (const { message } of because) out.line(visible(message), { indent: 6 });
  }
}

function writeDiagnostics(out: LineWriter, review: Review): void {
  for (const group of withoutSkipReasons(review))
    writeDiagnosticGroup(out, group, group.total, fullViewCommand(review));
}

/** Messages of one code. */
const MESSAGES_MAX = 3;
const SEVERITY_NAMES = { error: 'Error', warning: 'Warning', note: 'Note' };

/** `total` counts the items of the group with those that are printed above; `command` shows all of them. */
function writeDiagnosticGroup(
  out: LineWriter,
  { severity, code, hint, items }: DiagnosticGroup,
  total: number,
  command: string,
): void {
  const above = total - items.length;
  const aboveText = above === 0 ? '' : `, ${items.length === 0 ? 'all' : formatCount(above)} listed above`;
  out.blank();
  out.line(`${SEVERITY_NAMES[severity]}: ${code} (${formatCount(total)})${aboveText}`, {
    tone: severity === 'error' ? 'hazard' : 'update',
  });
  for (const { message } of items.slice(0, MESSAGES_MAX))
    out.line(visible(message), { indent: 2, lead: '-' });
  if (items.length > MESSAGES_MAX)
    out.line(`and ${formatCount(items.length - MESSAGES_MAX)} more: ${command}`, {
      indent: 4,
      tone: 'quiet',
    });
  if (hint !== '') out.line(visible(hint), { indent: 2, lead: '>', tone: 'quiet' });
}

function writeExcluded(out: LineWriter, { excluded }: Review): void {
  if (excluded.length === 0) return;
  writeTitle(out, `Excluded on request: ${formatCount(excluded.length)}`);
  for (const { message } of excluded) out.line(visible(message), { indent: 2, lead: '-' });
}

const REMARK_WORDS = { non_ascii: 'is not plain ASCII', address_not_http: 'is not an http(s) address' };

function writeRemarks(out: LineWriter, { remarks }: Review): void {
  if (remarks.length === 0) return;
  writeTitle(out, 'Look closely');
  for (const { code, ref, where, value } of remarks) {
    out.line(`${visible(ref)}, ${visible(where)} ${REMARK_WORDS[code]}: ${value}`, {
      indent: 2,
      lead: '!',
      leadTone: 'hazard',
    });
  }
}

function writeHazards(out: LineWriter, { hazards }: Review): void {
  const alarms = hazards.filter(({ severity }) => severity !== 'note');
  const facts = hazards.filter(({ severity }) => severity === 'note');
  if (facts.length > 0) writeTitle(out, 'Good to know');
  for (const { code, meaning, refs } of facts) {
    out.line(`${code} (${formatCount(refs.length)})`, { indent: 2 });
    out.line(meaning, { indent: 4, tone: 'quiet' });
  }
  if (alarms.length > 0) writeTitle(out, 'Hazards');
  for (const { code, severity, meaning, refs, causes } of alarms) {
    out.line(`${code} (${formatCount(refs.length)})`, {
      indent: 2,
      lead: severity === 'danger' ? '!!' : '!',
      leadTone: 'hazard',
      tone: 'hazard',
    });
    out.line(meaning, { indent: 4, tone: 'quiet' });
    for (const ref of refs) {
      const products = causes[ref] ?? [];
      out.line(visible(`${ref}${products.length === 0 ? '' : ` (by ${products.join(', ')})`}`), {
        indent: 6,
      });
    }
  }
}
