import { plural } from '../../core/text/counting.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import type { Outcome, Report } from '../../plan/report.ts';
import { type AuditedApply, approvalText, policyText, resultText, timeText } from '../audit-trail.ts';
import { createChangeViewer } from '../model/change-view.ts';
import type { ChangeView } from '../model/review.ts';
import { GLYPHS, KIND_NAMES } from '../wording.ts';
import { fieldTable } from './change-entry.ts';
import { html, htmlAttributes, LINE_BREAK, type Markup } from './template.ts';

/** One apply and all that is kept of it. */
export interface AuditedPlan {
  readonly apply: AuditedApply;
  readonly plan: Plan | null;
  readonly report: Report | null;
  readonly provenance: PlanProvenance | null;
  readonly lines: readonly { readonly sequence: number; readonly hash: string; readonly isSigned: boolean }[];
}

/** An apply as one line of HTML, with what the page sorts and filters by. */
export interface AuditEntry {
  /** ISO time; '' where it is not known. */
  readonly at: string;
  readonly result: 'converged' | 'incomplete' | 'unfinished';
  /** Who planned, approved or applied. */
  readonly people: readonly string[];
  readonly changes: number;
  /** The element, once its numbers are known: data attributes contain numbers and no text from outside. */
  render(place: { readonly id: string; readonly people: readonly number[]; readonly target: number }): Markup;
}

/** Renders at once, and keeps nothing but text: hundreds of plans do not fit in memory together. */
export function auditEntry(read: AuditedPlan): AuditEntry {
  const { apply, plan, provenance } = read;
  const at = apply.started_at ?? apply.finished_at ?? '';
  const result = apply.result ?? 'unfinished';
  const planner = provenance?.made_by ?? null;
  const approvers = apply.approvals.map(({ approver }) => approver);
  const people = [...new Set([planner, ...approvers, apply.by].filter((who) => who !== null))];
  const summary = html`
    <summary>
      <span class="g">${result === 'converged' ? '\u2713' : '!'}</span>
      <span class="t">${timeText(at)}</span>
      <span class="r">${apply.plan.id}</span>
      <span class="tag ${result === 'converged' ? 'applied' : 'failed'}">${result}</span>
      <span class="gist">${gistOf(plan, approvers, apply)}</span>
    </summary>`;
  const body = bodyOf(read, planner);
  return {
    at,
    result,
    people,
    changes: plan?.changes.length ?? 0,
    render: ({ id, people: numbers, target }) => {
      const data = htmlAttributes({
        'data-result': result,
        'data-month': at.slice(0, 7),
        'data-person': numbers.join(' '),
        'data-archive': String(target),
      });
      const identity = htmlAttributes({ class: `c ${result === 'converged' ? 'create' : 'delete'}`, id });
      return html`<details${identity}${data}>${summary}${body}</details>${LINE_BREAK}`;
    },
  };
}

/** `2 values, 8 products · approved by ada@example.com · applied by ci` */
function gistOf(plan: Plan | null, approvers: readonly string[], { by }: AuditedApply): string {
  const counts = Object.entries(plan?.summary.by_kind ?? {}).flatMap(([kind, counted]) => {
    const count = counted.create + counted.update + counted.delete;
    return count === 0 ? [] : [plural(count, kind)];
  });
  return [
    plan === null ? 'the plan is missing or was altered' : counts.join(', ') || 'no changes',
    approvers.length === 0 ? 'no approval' : `approved by ${approvers.join(', ')}`,
    `applied by ${by ?? 'unknown'}`,
  ].join(' · ');
}

function bodyOf({ apply, plan, report, provenance, lines }: AuditedPlan, planner: string | null): Markup {
  const outcomes = new Map(report?.outcomes.map(({ ref, outcome, because }) => [ref, { outcome, because }]));
  const viewOf = plan === null ? null : createChangeViewer(plan, provenance, {});
  const changes = plan?.changes.map((change) =>
    changeBlock(viewOf?.(change) ?? null, outcomes.get(change.ref)),
  );
  const people = [
    `Planned by ${planner ?? 'unknown'}${provenance === null ? '' : ` at ${timeText(provenance.made_at)}`}.`,
    ...(apply.approvals.length === 0
      ? ['No approval is recorded.']
      : apply.approvals.map((approval) => `${capitalized(approvalText(approval))}.`)),
    `Applied by ${apply.by ?? 'unknown'}, ${policyText(apply)}, ${timeText(apply.started_at)} to ${timeText(apply.finished_at)}: ${resultText(apply)}.`,
  ];
  const proof = lines.map(
    ({ sequence, hash, isSigned }) =>
      html`<span>line ${sequence}${isSigned ? ', signed' : ''} <b>${hash}</b></span>`,
  );
  return html`
    <div class="body">
      <div class="id">${people.map((line) => html`<span>${line}</span>`)}</div>
      ${noticeList(report)}
      ${changes ?? null}
      ${skippedList(plan)}
      <div class="id"><span>plan digest <b>${apply.plan.digest}</b></span>${proof}</div>
    </div>`;
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

interface ChangeOutcomeNote {
  readonly outcome: Outcome;
  readonly because: string | null;
}

/** Without a report, `done` is undefined. */
function changeBlock(view: ChangeView | null, done: ChangeOutcomeNote | undefined): Markup | null {
  if (view === null) return null;
  const { ref, kind, action, title, fields } = view;
  const state =
    done === undefined || done.outcome === 'applied'
      ? null
      : html` <span class="tag ${done.outcome}">${done.outcome.replace('_', ' ')}</span>`;
  return html`
    <h4>${GLYPHS[action]} ${title} <span class="about">${KIND_NAMES[kind]}: ${ref}</span>${state}</h4>
    ${done?.because == null ? null : html`<p class="foot">${done.because}</p>`}
    ${fields.length === 0 ? null : fieldTable(fields)}`;
}

/** Errors of the report that do not concern a change: each change has its own reason. */
function noticeList(report: Report | null): Markup | null {
  const errors = report?.errors ?? [];
  if (errors.length === 0) return null;
  return html`<ul class="list">${errors.map(({ code, message }) => html`<li><span class="tag error">${code}</span> ${message}</li>`)}</ul>`;
}

function skippedList(plan: Plan | null): Markup | null {
  const skipped = plan?.skipped ?? [];
  if (skipped.length === 0) return null;
  return html`
    <p class="foot">${plural(skipped.length, 'page')} skipped: ${skipped
      .map(({ title, ref, codes }) => `${title} (${ref}: ${codes.join(', ')})`)
      .join('; ')}</p>`;
}
