import { basename, dirname, join } from 'node:path';
import { countTouched } from '../../app/count-changed-values.ts';
import { countValues, withUsers } from '../../app/count-extra-values.ts';
import { editorLinks } from '../../app/editor-links.ts';
import { type Planned, productNames, whoAmI } from '../../app/make-plan.ts';
import { openHttp, openReader, targetOf } from '../../app/open-shop.ts';
import { findFolder, planText } from '../../app/store/plan-folder.ts';
import { Failure } from '../../core/failure.ts';
import { isSame, type Json, sha256 } from '../../core/json/canonical-json.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import { VERSION } from '../../core/version.ts';
import { DEFAULT_OPTIONS } from '../../diff/model.ts';
import { localesOf } from '../../diff/translation-changes.ts';
import { messageOf } from '../../plan/diagnostic-messages.ts';
import { requireVerified } from '../../plan/file/integrity.ts';
import { parsePlan } from '../../plan/file/parse.ts';
import { printJson } from '../../plan/file/print.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../../plan/plan.ts';
import type { Report } from '../../plan/report.ts';
import { revertOf } from '../../plan/revert/revert-targets.ts';
import { documentsOf } from '../../plan/shop-documents.ts';
import { exists, readText } from '../../platform/files.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { renderPlan } from '../../review/render.ts';
import { readActualState } from '../../saleor/read/read-actual.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { planAnswer, sayWritten, writePlanned } from './plan.ts';

/** Makes the inverse plan of what a report says was applied and nobody has changed since; it goes the way of any plan. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const { plan, report, path } = findReport(textArg(args, 'report') ?? '', settings);
  const planned = await makeRevertPlan(plan, report, path, settings, args, io);
  const written = await writePlanned(planned, settings.out, { ...args, keep: true }, io);
  if (flagArg(args, 'json')) io.out(printJson(planAnswer(planned, written) as never).trimEnd());
  else {
    const shown = buildReview(planned.plan, planned.made, { stored: written !== null });
    io.out(renderPlan(shown, 'text', { width: io.width, color: io.hasColor }).text);
    if (written === null) io.out('There is nothing to take back.');
    else sayWritten(planned, written, args, io);
  }
  return 0;
}

/** A report.json, or the plan (folder or id) whose report is meant. */
function findReport(given: string, { out }: Settings): { plan: Plan; report: Report; path: string } {
  const isFile = exists(given) && given.endsWith('.json') && basename(given) !== 'plan.json';
  const path = isFile ? given : join(findFolder(given, out).path, 'report.json');
  if (!exists(path))
    throw new Failure('file_unreadable', `there is no report ${path}`, 'A plan has one once it was applied.');
  const report = parseJson(readText(path)) as unknown as Report;
  if (report?.mode !== 'apply' || typeof report.plan?.digest !== 'string')
    throw new Failure(
      'document_malformed',
      `${path} is not the report of an apply`,
      'Give the report.json of an applied plan, its folder or its id.',
    );
  const beside = join(dirname(path), 'plan.json');
  const folder = findFolder(exists(beside) ? beside : idOf(report.plan.digest), out);
  const plan = requireVerified(parsePlan(planText(folder)), { rebuilds: false });
  if (digestOf(plan) !== report.plan.digest)
    throw new Failure(
      'plan_altered',
      `the report is of the plan with the digest ${report.plan.digest}, not of ${digestOf(plan)}`,
      'Keep a report beside its plan.',
    );
  return { plan, report, path };
}

async function makeRevertPlan(
  plan: Plan,
  report: Report,
  path: string,
  settings: Settings,
  args: Args,
  io: Io,
): Promise<Planned> {
  checkPlace(plan, settings);
  const { contract, registry } = plan;
  const reader = openReader(settings, args, io, openHttp(io));
  const ids = plan.changes.flatMap((change) => change.ids['product'] ?? []);
  const locales = localesOf(inputsOf(plan));
  const target = targetOf(settings);
  const read = await readActualState(reader, contract, { products: { ids, slugs: [] }, locales, target });
  const { documents, problems } = revertOf(plan, report, read.actual);
  const inputs = {
    contract,
    registry,
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
  const shown = documentsOf(inputs);
  const counted = await countValues(
    Object.entries(documents).flatMap(([ref, document]) => {
      const found = document === null && kindOf(ref) === 'value' ? shown.value(ref) : null;
      return found === null ? [] : [{ ref, attribute: ref.split('.')[1] ?? '', slug: found.slug }];
    }),
    read.actual,
    reader,
    read.shop.version,
  );
  const inverse = build({ ...inputs, actual: withUsers(read.actual, counted) });
  const digest = digestOf(inverse);
  for (const problem of read.extras.problems) io.err(`note: ${messageOf(problem)}`);
  const made = {
    format_version: '1.0' as const,
    plan: idOf(digest),
    digest,
    made_at: new Date().toISOString(),
    made_by: whoAmI(),
    tool: `sailplan ${VERSION}`,
    shop: read.shop,
    wagtail: null,
    reads: read.proof,
    inputs: { [path]: sha256(readText(path)) },
    names: productNames(inverse, read.actual),
    links: editorLinks(inverse.changes, settings, {}),
    users: await countTouched(inverse, reader, read.shop.version, settings.channel ?? null),
  };
  return { plan: inverse, made, notes: [] };
}

/** Documents mean something under one contract and in one shop only. */
function checkPlace(plan: Plan, settings: Settings): void {
  if (!isSame(plan.contract as unknown as Json, settings.contract as unknown as Json))
    throw new Failure(
      'contract_differs',
      `the plan's contract (${plan.contract.name}) is not the one of this checkout (${settings.contract.name})`,
      'Revert from the checkout that the plan was made from.',
    );
  if (!isSame(plan.target as never, targetOf(settings) as never))
    throw new Failure(
      'target_differs',
      `the plan was applied to ${plan.target.api_url}, this is ${targetOf(settings).api_url}`,
      'Set SALEOR_API_URL (and --target) to the plan’s shop.',
    );
}
