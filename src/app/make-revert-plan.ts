import { basename, dirname, join } from 'node:path';
import type { ArchiveLine } from '../approval/archive/hash-chain.ts';
import type { Contract } from '../contract/contract.ts';
import { differenceText } from '../contract/contract-differences.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { isSame, sha256 } from '../core/json/canonical-json.ts';
import { kindOf } from '../core/resource-ref.ts';
import { DEFAULT_OPTIONS, type Inputs, idListsOf } from '../diff/model.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { requireVerified } from '../plan/file/integrity.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../plan/plan.ts';
import type { Report } from '../plan/report.ts';
import { revertOf } from '../plan/revert/revert-targets.ts';
import { documentsOf } from '../plan/shop-documents.ts';
import { decodeText, exists, readBytes, readText } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { parseReport } from '../review/parse-report.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { countTouched } from './count-changed-values.ts';
import { countValues, withUsers } from './count-extra-values.ts';
import { describePlan } from './describe-plan.ts';
import { editorLinks } from './editor-links.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { EditorAddresses, SaleorConnection } from './options.ts';
import type { Planned } from './plan-request.ts';
import { openArchive } from './store/archive-file.ts';
import { findFolder } from './store/find-folder.ts';
import { readPlan } from './store/plan-folder.ts';
import { proofKeyOf } from './store/run-proof.ts';
import { isProved } from './store/run-records.ts';

export interface RevertRequest {
  /** A report.json, or the path or id of the plan whose report to use. */
  readonly report: string;
  readonly out: string;
  readonly contract: Contract;
  readonly saleor: SaleorConnection;
  readonly links: EditorAddresses;
  readonly madeBy: string;
}

export interface RevertPlanned extends Planned {
  /** The folder of the plans that the applied one is in. */
  readonly plans: string;
}

/**
 * The inverse of what a report lists as applied and nobody has changed since. It is reviewed, approved and applied like any
 * plan. Throws a Failure for a file that is not a report, or for another contract or shop.
 */
export async function makeRevertPlan(request: RevertRequest, http: Http): Promise<RevertPlanned> {
  const { saleor, links, madeBy } = request;
  const { plan, report, path, plans, proved } = findReport(request);
  assertSamePlace(plan, request);
  const { contract } = plan;
  const reader = openReader(saleor, http);
  const ids = plan.changes.flatMap((change) => change.ids['product'] ?? []);
  const read = await readActualState(reader, contract, {
    products: { ids, slugs: [] },
    locales: localesOf(inputsOf(plan)),
    target: targetOf(saleor),
  });
  const { documents, problems } = revertOf(plan, report, read.actual);
  const inputs = {
    contract,
    ...idListsOf(plan),
    options: DEFAULT_OPTIONS,
    desired: {
      source: { ...plan.source, kind: 'report' as const },
      taxonomies: plan.desired.taxonomies,
      offerings: [],
      problems,
      reverts: { plan: digestOf(plan), documents },
    },
    actual: read.actual,
    completeness: Object.keys(read.proof),
  };
  const { version } = read.shop;
  const counted = await countValues(deletedValues(inputs, documents), read.actual, reader, version);
  const actual = withUsers(read.actual, counted);
  const planned = build({ ...inputs, actual });
  const by = planned.changes.length === 0 ? revertedBy(plan, plans) : null;
  // What a revert changed, and what it could not change, was listed when it was planned.
  const inverse =
    by === null ? planned : build({ ...inputs, desired: { ...inputs.desired, problems: [] }, actual });
  const provenance = describePlan(inverse, read.actual, madeBy, {
    shop: read.shop,
    wagtail: null,
    reads: read.proof,
    inputs: { [path]: sha256(readText(path)) },
    links: editorLinks(inverse.changes, links, {}),
    users: await countTouched(inverse, reader, version, saleor.channel ?? null),
  });
  const notes = [
    ...read.extras.problems,
    ...(proved ? [] : [unproved(path)]),
    ...(by === null ? [] : [revertedBefore(plan, by)]),
  ];
  return { plan: inverse, provenance, notes, skippedByFlags: 0, plans };
}

/** The archived apply that reverted a plan; null: there is none. The digest in the archive proves its plan. */
function revertedBy(plan: Plan, plans: string): ArchiveLine | null {
  const digest = digestOf(plan);
  const later = openArchive(plans, plan.target).convergedAfter(digest);
  const isRevert = (line: ArchiveLine): boolean => {
    const path = join(plans, line.plan.id);
    if (!exists(join(path, 'plan.json'))) return false;
    const found = readPlan(findFolder(path, plans)).plan;
    return found.desired.reverts?.plan === digest && digestOf(found) === line.plan.digest;
  };
  return later.findLast(isRevert) ?? null;
}

const revertedBefore = (plan: Plan, { plan: { id }, at }: ArchiveLine): Diagnostic => ({
  severity: 'note',
  code: 'reverted_before',
  ref: 'shop',
  data: { plan: idOf(digestOf(plan)), by: id, at },
});

/** The values that the inverse plan would delete, as the shop has them. */
function deletedValues(inputs: Inputs, documents: Readonly<Record<string, unknown>>) {
  const shown = documentsOf(inputs);
  return Object.entries(documents).flatMap(([ref, document]) => {
    const found = document === null && kindOf(ref) === 'value' ? shown.value(ref) : null;
    return found === null
      ? []
      : [{ ref, attribute: ref.split('.')[1] ?? '', slug: found.slug, name: found.value.name }];
  });
}

interface FoundReport {
  readonly plan: Plan;
  readonly report: Report;
  readonly path: string;
  readonly plans: string;
  /** An apply wrote the report: its code or the archive proves it. */
  readonly proved: boolean;
}

/** A report by somebody else is accepted too, because people review the plan before they approve it. */
const unproved = (path: string): Diagnostic => ({
  severity: 'warning',
  code: 'report_unproved',
  ref: 'shop',
  data: { path },
});

/** A report.json, or the plan (folder or id) whose report to use. */
function findReport({ report: given, out, saleor }: RevertRequest): FoundReport {
  const isFile = exists(given) && given.endsWith('.json') && basename(given) !== 'plan.json';
  const path = isFile ? given : join(findFolder(given, out).path, 'report.json');
  if (!exists(path))
    throw new Failure(
      'file_unreadable',
      `there is no report ${path}`,
      'A plan has a report once its apply has ended; `sailplan status` shows whether it has.',
    );
  const bytes = readBytes(path);
  const report = parseReport(decodeText(bytes, path), path);
  if (report?.mode !== 'apply' || typeof report.plan?.digest !== 'string')
    throw new Failure(
      'document_malformed',
      `${path} is not the report of an apply`,
      'Give the report.json of an applied plan, its folder or its id.',
    );
  const beside = join(dirname(path), 'plan.json');
  const folder = findFolder(exists(beside) ? beside : idOf(report.plan.digest), out);
  const plan = requireVerified(readPlan(folder), { rebuilds: false });
  if (digestOf(plan) !== report.plan.digest)
    throw new Failure(
      'plan_altered',
      `the report is of the plan with the digest ${report.plan.digest}, not of ${digestOf(plan)}`,
      'Keep a report in the folder of its plan.',
    );
  const { digest } = report.plan;
  const archived = openArchive(folder.plans, plan.target).lastLine(digest)?.report ?? null;
  const key = proofKeyOf(saleor.token, plan.target.api_url);
  const proved = isProved(folder, sha256(bytes), { digest, key, archived });
  return { plan, report, path, plans: folder.plans, proved };
}

/** Documents are valid for one contract and one shop only. */
function assertSamePlace(plan: Plan, { contract, saleor }: RevertRequest): void {
  if (!isSame(plan.contract, contract))
    throw new Failure(
      'contract_differs',
      `the plan's contract (${plan.contract.name}) is not the one of this checkout (${contract.name}): they differ ${differenceText(plan.contract, contract)}`,
      'Run revert in the checkout with the plan’s contract.',
    );
  const target = targetOf(saleor);
  if (!isSame(plan.target, target))
    throw new Failure(
      'target_differs',
      `the plan was applied to ${plan.target.api_url}, this is ${target.api_url}`,
      'Set SALEOR_API_URL (and --target) to the plan’s shop.',
    );
}
