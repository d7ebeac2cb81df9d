import type { Target } from '../core/actual-state.ts';
import type { Json } from '../core/json/json-value.ts';
import { plural } from '../core/text/counting.ts';
import { visible } from '../core/text/invisible-characters.ts';
import { fieldsOf } from '../plan/field-diff.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Report } from '../plan/report.ts';
import { type AskedResource, historyIn } from '../plan/resource-history.ts';
import { type AuditedApply, approvalText, resultText, timeText } from './audit-trail.ts';
import { CHANGE_ROWS_HEAD, changeRow } from './markdown/change-rows.ts';
import { code } from './markdown/escape.ts';
import { createChangeViewer } from './model/change-view.ts';
import { OUTCOME_WORDS } from './model/report-summary.ts';
import type { ChangeView } from './model/review.ts';
import { writeChange } from './text/change-text.ts';
import { createLineWriter, type LineWriter } from './text/line-writer.ts';

/** One apply in the history of a resource. */
export interface HistoryStep {
  readonly apply: AuditedApply;
  /** Who made the plan, by its own word. */
  readonly planned_by: string | null;
  readonly changes: readonly HistoryChange[];
  readonly given: readonly string[];
  readonly taken: readonly string[];
  readonly skipped: readonly string[];
}

interface HistoryChange {
  readonly view: ChangeView;
  /** null: there is no report of it. */
  readonly outcome: Report['outcomes'][number]['outcome'] | null;
  readonly because: string | null;
  readonly fields: readonly { readonly name: string; readonly before: Json; readonly after: Json }[];
}

/** The history of a resource in one archive, the oldest entry first. */
export interface ArchiveHistory {
  readonly file: string;
  readonly target: Target | null;
  /** Applies of the archive. */
  readonly applies: number;
  /** Why the archive cannot be trusted; null if it is intact. */
  readonly problem: string | null;
  readonly steps: readonly HistoryStep[];
}

interface ReadPlan {
  readonly apply: AuditedApply;
  readonly plan: Plan | null;
  readonly report: Report | null;
  readonly provenance: PlanProvenance | null;
}

/** What one apply did with the resource; null: nothing. */
export function historyStep(
  { apply, plan, report, provenance }: ReadPlan,
  asked: AskedResource,
): HistoryStep | null {
  const found = plan === null ? null : historyIn(plan, asked);
  if (plan === null || found === null) return null;
  const viewOf = createChangeViewer(plan, provenance, {});
  const outcomes = new Map(report?.outcomes.map((one) => [one.ref, one]));
  const changes = found.changes.map((change): HistoryChange => {
    const done = outcomes.get(change.ref);
    return {
      view: viewOf(change),
      outcome: done?.outcome ?? null,
      because: done?.because ?? null,
      fields: fieldsOf(change).map(({ name, before = null, after = null }) => ({ name, before, after })),
    };
  });
  return { ...found, apply, planned_by: provenance?.made_by ?? null, changes };
}

/** Ends in a newline. `asked`: the typed argument. */
export function renderHistory(
  asked: string,
  histories: readonly ArchiveHistory[],
  medium: 'text' | 'markdown',
  options: { readonly width: number; readonly color: boolean },
): string {
  if (medium === 'markdown') return `${histories.map((one) => historyMarkdown(asked, one)).join('\n\n')}\n`;
  const out = createLineWriter(options);
  for (const history of histories) writeHistory(out, asked, history);
  return out.toString();
}

const headline = (asked: string, { target, file, steps, applies }: ArchiveHistory): string =>
  `${asked} in ${target?.name ?? target?.api_url ?? file}: part of ${steps.length} of ${plural(applies, 'apply', 'applies')}`;

function writeHistory(out: LineWriter, asked: string, history: ArchiveHistory): void {
  out.blank();
  out.line(visible(headline(asked, history)), { tone: 'heading' });
  for (const step of history.steps) {
    out.blank();
    const { apply } = step;
    out.line(visible(`${whenText(apply)}  plan ${apply.plan.id}: ${resultText(apply)}`), { tone: 'heading' });
    for (const line of peopleLines(step)) out.line(visible(line), { indent: 2, tone: 'quiet' });
    for (const { view, outcome, because } of step.changes) {
      writeChange(out, view);
      if (outcome === 'applied') continue;
      const state = outcome === null ? 'no report shows whether it was written' : OUTCOME_WORDS[outcome];
      out.line(visible(`${state}${because === null ? '' : `: ${because}`}`), {
        indent: 6,
        lead: '!',
        leadTone: 'hazard',
      });
    }
    for (const line of moveLines(step)) out.line(visible(line), { indent: 2 });
  }
  if (history.problem !== null) {
    out.blank();
    out.line(visible(`REFUSED: ${history.problem}`), { tone: 'hazard' });
  }
}

const whenText = ({ started_at, finished_at }: AuditedApply): string => timeText(started_at ?? finished_at);

function peopleLines({ apply, planned_by }: HistoryStep): readonly string[] {
  return [
    `planned by ${planned_by ?? 'unknown'}, applied by ${apply.by ?? 'unknown'}`,
    ...(apply.approvals.length === 0 ? ['no approval is recorded'] : apply.approvals.map(approvalText)),
  ];
}

/** Products that are named; the JSON has all. */
const NAMED_MAX = 10;

function moveLines({ given, taken, skipped }: HistoryStep): readonly string[] {
  const named = (refs: readonly string[]) =>
    `${refs.slice(0, NAMED_MAX).join(', ')}${refs.length > NAMED_MAX ? ` and ${refs.length - NAMED_MAX} more` : ''}`;
  return [
    ...(given.length === 0 ? [] : [`given to ${plural(given.length, 'product')}: ${named(given)}`]),
    ...(taken.length === 0 ? [] : [`taken from ${plural(taken.length, 'product')}: ${named(taken)}`]),
    ...(skipped.length === 0 ? [] : [`skipped because of errors: ${skipped.join(', ')}`]),
  ];
}

function historyMarkdown(asked: string, history: ArchiveHistory): string {
  const steps = history.steps.map((step) => {
    const { apply } = step;
    const rows = step.changes.map(({ view }) => changeRow(view));
    const notes = step.changes.flatMap(({ view, outcome, because }) =>
      outcome === 'applied' || outcome === null
        ? []
        : [`- ${code(view.ref)}: ${OUTCOME_WORDS[outcome]}${because === null ? '' : ` (${code(because)})`}`],
    );
    return [
      `#### ${whenText(apply)}, plan ${code(apply.plan.id)}: ${resultText(apply)}`,
      peopleLines(step)
        .map((line) => `- ${code(line)}`)
        .join('\n'),
      ...(rows.length === 0 ? [] : [[CHANGE_ROWS_HEAD, ...rows].join('\n')]),
      ...(notes.length === 0 ? [] : [notes.join('\n')]),
      ...moveLines(step).map((line) => code(line)),
    ].join('\n\n');
  });
  return [
    `### ${code(headline(asked, history))}`,
    ...steps,
    ...(history.problem === null ? [] : [`**Refused**: ${code(history.problem)}`]),
  ].join('\n\n');
}

/** One JSON document (docs/audit.md). */
export const historyDocument = (asked: string, histories: readonly ArchiveHistory[]): object => ({
  ok: histories.every(({ problem }) => problem === null),
  asked,
  archives: histories.map(({ steps, ...archive }) => ({
    ...archive,
    steps: steps.map(({ changes, apply, ...step }) => ({
      ...apply,
      ...step,
      changes: changes.map(({ view: { ref, action, title }, outcome, because, fields }) => ({
        ref,
        action,
        title,
        outcome,
        because,
        fields,
      })),
    })),
  })),
});
