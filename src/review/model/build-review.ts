import { groupBy } from '../../core/collections.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { own } from '../../core/json/canonical-json.ts';
import { KINDS } from '../../core/resource-ref.ts';
import { plural } from '../../core/text/counting.ts';
import { hintOf, messageOf } from '../../plan/diagnostic-messages.ts';
import type { Causes } from '../../plan/drift-causes.ts';
import { type IntegrityWarning, meansTampering } from '../../plan/file/integrity.ts';
import { HAZARDS, type HazardCode } from '../../plan/hazards.ts';
import { idOf, type Plan, planIdentity } from '../../plan/plan.ts';
import type { PlanMetadata, Users } from '../../plan/plan-metadata.ts';
import { comparedProducts } from '../../plan/snapshots/extent.ts';
import { createChangeViewer } from './change-view.ts';
import { flagsOf } from './plan-flags.ts';
import type {
  ChangeGroup,
  ChangeView,
  Completeness,
  DiagnosticGroup,
  DiagnosticView,
  DriftView,
  HazardGroup,
  LeftOutView,
  Review,
  Verdict,
} from './review.ts';
import { remarksOn } from './suspicious-text.ts';

/** What the caller knows beside the plan. */
interface Extra {
  /** SHA-256 of the plan, where it is known already. */
  readonly digest?: string;
  readonly causes?: Causes;
  /** Ref of a value → how many products of the whole shop hold it. */
  readonly users?: Readonly<Record<string, Users>>;
  /** False: no file of this plan was written. */
  readonly stored?: boolean;
  /** What speaks against the file; a plan that was just made has none. */
  readonly doubts?: readonly IntegrityWarning[];
}

/** A plan as a person reads it. Pure; computes nothing that the plan does not already say. */
export function buildReview(plan: Plan, made: PlanMetadata | null = null, extra: Extra = {}): Review {
  const { digest, stored = true } = extra;
  const groups = groupsOf(plan, made, extra);
  const { target, source } = plan;
  return {
    format: 'sailplan-review',
    format_version: '1.0',
    plan: digest === undefined ? planIdentity(plan) : { id: idOf(digest), digest },
    stored,
    verdict: verdictOf(plan, extra.doubts ?? [], stored),
    target: { ...target, shop: made?.shop ?? null },
    source: { ...source, wagtail: made?.wagtail ?? null },
    contract: { name: plan.contract.name, naming: plan.contract.naming },
    flags: flagsOf(plan.options),
    made: made === null ? null : { at: made.made_at, by: made.made_by, tool: made.tool },
    counts: plan.summary,
    compared: comparedProducts(plan),
    completeness: completenessOf(plan, made),
    ...(made?.refreshed ? { refreshed: made.refreshed } : {}),
    hazards: hazardGroups(plan),
    left_out: leftOut(plan, made),
    held_back: plan.diagnostics.filter(isHeldBack).map(told),
    drift: extra.causes === undefined ? null : driftOf(groups),
    groups,
    diagnostics: diagnosticGroups(plan),
    remarks: remarksOn(plan, made),
    doubts: extra.doubts ?? [],
  };
}

function verdictOf(
  { errored, changes, hazards, diagnostics, left_out }: Plan,
  doubts: readonly IntegrityWarning[],
  stored: boolean,
): Verdict {
  if (doubts.some(meansTampering))
    return { code: 'altered', line: 'Altered: believe nothing of it. verify and apply refuse this plan.' };
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errored) {
    const line = `Errored: made with --strict while ${plural(errors, 'error')} stood; it may be read, never applied.`;
    return { code: 'errored', line };
  }
  if (changes.length === 0) {
    const isHeld = diagnostics.some(isHeldBack);
    const rest = `${left_out.length === 0 ? '' : ' in what was compared'}${isHeld ? ', but for what is held back' : ''}`;
    return { code: 'no_changes', line: `No changes: Saleor says what Wagtail says${rest}.` };
  }
  if (!stored) {
    const line = `They differ; a plan of it has ${hazards.length === 0 ? 'no hazards' : plural(hazards.length, 'hazard')}.`;
    return { code: hazards.length === 0 ? 'ready' : 'hazards', line };
  }
  if (hazards.length === 0) return { code: 'ready', line: 'Ready for review: no hazards.' };
  return { code: 'hazards', line: `Review with care: ${plural(hazards.length, 'hazard')}.` };
}

function completenessOf(plan: Plan, made: PlanMetadata | null): readonly Completeness[] {
  return Object.keys(plan.completeness).map((collection) => {
    const proof = own(made?.reads ?? {}, collection);
    return { collection, state: 'complete', items: proof?.items ?? null, total: proof?.total ?? null };
  });
}

const hazardGroups = ({ hazards }: Plan): readonly HazardGroup[] =>
  [...groupBy(hazards, ({ code }) => code)].map(([code, items]) => ({
    code: code as HazardCode,
    meaning: own<string>(HAZARDS, code) ?? '',
    refs: items.map(({ ref }) => ref),
  }));

const told = (problem: Diagnostic): DiagnosticView => ({
  code: problem.code,
  ref: problem.ref,
  message: messageOf(problem),
  hint: hintOf(problem),
});

function leftOut({ left_out, diagnostics }: Plan, made: PlanMetadata | null): readonly LeftOutView[] {
  const byPage = groupBy(diagnostics, ({ ref, data }) => `${ref} ${data['page_id']}`);
  return left_out.map(({ ref, page_id, title, codes }) => ({
    ref,
    page_id,
    title,
    link: own(made?.links ?? {}, `page.${page_id}`) ?? null,
    because: (byPage.get(`${ref} ${page_id}`) ?? []).filter(({ code }) => codes.includes(code)).map(told),
  }));
}

/** Changes that --exclude or ignore[] took out; every other note is a diagnostic. */
const isHeldBack = ({ code }: Diagnostic): boolean => code === 'held_back' || code === 'held_back_with';

const diagnosticGroups = ({ diagnostics }: Plan): readonly DiagnosticGroup[] =>
  [...groupBy(diagnostics, ({ severity, code }) => `${severity} ${code}`).values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined || isHeldBack(first)) return [];
    return [{ severity: first.severity, code: first.code, hint: hintOf(first), items: items.map(told) }];
  });

function groupsOf(plan: Plan, made: PlanMetadata | null, extra: Extra): readonly ChangeGroup[] {
  const view = createChangeViewer(plan, made, extra);
  const byKind = groupBy(plan.changes.map(view), ({ kind }) => kind);
  return KINDS.flatMap((kind) => {
    const changes = byKind.get(kind);
    return changes === undefined ? [] : [{ kind, counts: plan.summary.by_kind[kind], changes }];
  });
}

const driftOf = (groups: readonly ChangeGroup[]): readonly DriftView[] =>
  groups.flatMap(({ changes }) => changes.flatMap(driftIn));

function driftIn({ ref, title, fields }: ChangeView): readonly DriftView[] {
  const edited = fields.flatMap(({ name, cause }) =>
    cause === 'saleor_edited' || cause === 'both' ? [{ name, cause }] : [],
  );
  return edited.length === 0 ? [] : [{ ref, title, fields: edited }];
}
