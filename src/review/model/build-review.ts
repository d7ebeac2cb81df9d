import { groupBy } from '../../core/collections.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { own } from '../../core/json/records.ts';
import { KINDS } from '../../core/resource-ref.ts';
import { plural } from '../../core/text/counting.ts';
import { hintOf, messageOf } from '../../plan/diagnostic-messages.ts';
import { type IntegrityWarning, meansTampering } from '../../plan/file/integrity.ts';
import { isAlarming } from '../../plan/hazards.ts';
import { idOf, type Plan, planIdentity } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import { comparedOfferings, comparedProducts } from '../../plan/snapshots/extent.ts';
import { readDetails } from '../read-details.ts';
import { skippedShare } from '../wording.ts';
import { type ChangeContext, createChangeViewer } from './change-view.ts';
import { hazardGroups } from './hazard-groups.ts';
import { flagsOf } from './plan-flags.ts';
import type {
  ChangeGroup,
  ChangeView,
  Completeness,
  DiagnosticGroup,
  DiagnosticView,
  DriftView,
  Review,
  SkippedView,
  Verdict,
} from './review.ts';
import { remarksOn } from './suspicious-text.ts';

/** What the caller knows beside the plan and its metadata. */
interface ReviewContext extends ChangeContext {
  /** SHA-256 of the plan, where it was computed already. */
  readonly digest?: string;
  /** False: the plan was not saved. */
  readonly stored?: boolean;
  /** Reasons not to trust the plan file; none for a plan that was just built. */
  readonly doubts?: readonly IntegrityWarning[];
  /** Pages that flags excluded from the comparison. */
  readonly skippedByFlags?: number;
}

/** A plan for people. Pure: counts and texts derived from the plan. */
export function buildReview(
  plan: Plan,
  metadata: PlanProvenance | null = null,
  context: ReviewContext = {},
): Review {
  const { digest, stored = true, doubts = [], skippedByFlags = 0 } = context;
  const groups = groupsOf(plan, metadata, context);
  const viewOf = createDiagnosticViewer();
  const { target, source, contract, diagnostics } = plan;
  return {
    format: 'sailplan-review',
    format_version: '1.0',
    plan: digest === undefined ? planIdentity(plan) : { id: idOf(digest), digest },
    stored,
    verdict: verdictOf(plan, { stored, doubts, skippedByFlags }),
    target: { ...target, shop: metadata?.shop ?? null },
    source: { ...source, wagtail: metadata?.wagtail ?? null },
    contract: { name: contract.name, naming: contract.naming },
    flags: flagsOf(plan.options),
    made: metadata === null ? null : { at: metadata.made_at, by: metadata.made_by, tool: metadata.tool },
    counts: plan.summary,
    compared: comparedProducts(plan),
    offerings: comparedOfferings(plan),
    completeness: completenessOf(plan, metadata),
    ...readDetails(metadata),
    hazards: hazardGroups(plan),
    skipped: skippedViews(plan, metadata, viewOf),
    skipped_by_flags: skippedByFlags,
    excluded: diagnostics.filter(isExcluded).map(viewOf),
    drift: context.causes === undefined ? null : groups.flatMap(({ changes }) => changes.flatMap(driftIn)),
    groups,
    diagnostics: diagnosticGroups(plan, viewOf),
    remarks: remarksOn(plan, metadata),
    doubts,
  };
}

function verdictOf(
  plan: Plan,
  { stored, doubts, skippedByFlags }: Required<Pick<ReviewContext, 'stored' | 'doubts' | 'skippedByFlags'>>,
): Verdict {
  const { errored, changes, hazards, diagnostics } = plan;
  if (doubts.some(meansTampering))
    return { code: 'altered', line: 'Altered: do not trust this plan; verify and apply refuse it.' };
  if (errored) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    const line = `Errored: --strict found ${plural(errors, 'error')}, so this plan cannot be applied.`;
    return { code: 'errored', line };
  }
  if (changes.length === 0) return { code: 'no_changes', line: noChangesLine(plan, skippedByFlags) };
  const alarms = hazards.filter(isAlarming).length;
  const code = alarms === 0 ? 'ready' : 'hazards';
  const count = plural(alarms, 'hazard');
  if (!stored)
    return { code, line: `Wagtail and Saleor differ: ${code === 'ready' ? 'no hazards' : count}.` };
  return code === 'ready'
    ? { code, line: 'Ready for review: no hazards.' }
    : { code, line: `Review with care: ${count}.` };
}

/** Claims a match only for what was compared. */
function noChangesLine(plan: Plan, skippedByFlags: number): string {
  const { skipped, diagnostics, options } = plan;
  const pages = skipped.length + skippedByFlags;
  const offerings = comparedOfferings(plan);
  const share = skippedShare({ counts: plan.summary, offerings, skipped_by_flags: skippedByFlags });
  const excluded = diagnostics.filter(isExcluded).length;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const limits = [
    ...(pages > 0 ? [share] : []),
    ...(pages === 0 && errors > 0 ? [plural(errors, 'error')] : []),
    ...(excluded > 0 ? [`${plural(excluded, 'change')} excluded`] : []),
  ];
  const details = limits.length === 0 ? '' : ` (${limits.join(', ')})`;
  if (options.sync_products && pages > 0 && pages === offerings + skippedByFlags)
    return `No products compared${details}.`;
  // Wagtail was not read: it has the newer content.
  if (plan.source.kind === 'report') return `No changes: nothing is left to revert${details}.`;
  return options.sync_products
    ? `No changes: Saleor matches Wagtail${details}.`
    : `No changes to attributes and values${details}.`;
}

function completenessOf(plan: Plan, metadata: PlanProvenance | null): readonly Completeness[] {
  return Object.keys(plan.completeness).map((collection) => {
    const proof = own(metadata?.reads ?? {}, collection);
    return { collection, state: 'complete', items: proof?.items ?? null, total: proof?.total ?? null };
  });
}

type DiagnosticViewer = (diagnostic: Diagnostic) => DiagnosticView;

/** One view for each diagnostic, also where it is the reason of a skipped page: `withoutSkipReasons` tells them by it. */
function createDiagnosticViewer(): DiagnosticViewer {
  const views = new Map<Diagnostic, DiagnosticView>();
  return (diagnostic) => {
    const known = views.get(diagnostic);
    if (known !== undefined) return known;
    const { code, ref } = diagnostic;
    const view = { code, ref, message: messageOf(diagnostic), hint: hintOf(diagnostic) };
    views.set(diagnostic, view);
    return view;
  };
}

function skippedViews(
  { skipped, diagnostics }: Plan,
  metadata: PlanProvenance | null,
  viewOf: DiagnosticViewer,
): readonly SkippedView[] {
  const byPage = groupBy(diagnostics, ({ ref, data }) => `${ref} ${data['page_id']}`);
  return skipped.map(({ ref, page_id, title, codes }) => ({
    ref,
    page_id,
    title,
    link: own(metadata?.links ?? {}, `page.${page_id}`) ?? null,
    because: (byPage.get(`${ref} ${page_id}`) ?? []).filter(({ code }) => codes.includes(code)).map(viewOf),
  }));
}

/** Changes that --exclude or `ignore` of the config removed; every other note is a diagnostic. */
const isExcluded = ({ code }: Diagnostic): boolean => code === 'excluded' || code === 'excluded_with';

const diagnosticGroups = ({ diagnostics }: Plan, viewOf: DiagnosticViewer): readonly DiagnosticGroup[] =>
  [...groupBy(diagnostics, ({ severity, code }) => `${severity} ${code}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || isExcluded(first)) return [];
    const { severity, code } = first;
    return [{ severity, code, hint: hintOf(first), items: group.map(viewOf) }];
  });

function groupsOf(
  plan: Plan,
  metadata: PlanProvenance | null,
  context: ChangeContext,
): readonly ChangeGroup[] {
  const byKind = groupBy(plan.changes.map(createChangeViewer(plan, metadata, context)), ({ kind }) => kind);
  return KINDS.flatMap((kind) => {
    const changes = byKind.get(kind);
    return changes === undefined ? [] : [{ kind, counts: plan.summary.by_kind[kind], changes }];
  });
}

/** The fields of a change that somebody edited in Saleor; empty where there are none. */
function driftIn({ ref, title, fields }: ChangeView): readonly DriftView[] {
  const edited = fields.flatMap(({ name, cause }) =>
    cause === 'saleor_edited' || cause === 'both' ? [{ name, cause }] : [],
  );
  return edited.length === 0 ? [] : [{ ref, title, fields: edited }];
}
