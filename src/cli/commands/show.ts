import { basename, join } from 'node:path';
import { causesFor } from '../../app/drift-base.ts';
import { type Folder, readProvedPlan, storedText } from '../../app/store/plan-folder.ts';
import { readPlanProvenance } from '../../app/store/provenance-file.ts';
import { Failure } from '../../core/failure.ts';
import { integrityWarnings, type ParsedPlan } from '../../plan/file/integrity.ts';
import { digestOf } from '../../plan/plan.ts';
import { exists, readText } from '../../platform/files.ts';
import { buildReview } from '../../review/model/build-review.ts';
import { parseReport } from '../../review/parse-report.ts';
import { type Medium, type MediumOptions, renderPlan, renderReport } from '../../review/render.ts';
import { findPlan } from '../find-plan.ts';
import { type Args, flagArg, type Io, numberArg, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';

const LEAST_BYTES = 4_000;

/** Shows a plan or a report, offline, of any age. */
export async function run(args: Args, io: Io): Promise<number> {
  const path = textArg(args, 'path');
  const medium = (textArg(args, 'format') ?? 'text') as Medium;
  const options: MediumOptions = {
    width: io.width,
    color: io.hasColor,
    summary: flagArg(args, 'summary'),
    ...(numberArg(args, 'max-bytes') === undefined
      ? {}
      : { maxBytes: numberArg(args, 'max-bytes') as number }),
    allowCut: flagArg(args, 'allow-cut'),
  };
  if (options.maxBytes !== undefined && options.maxBytes < LEAST_BYTES)
    throw new Failure(
      'usage',
      `--max-bytes ${options.maxBytes} is less than ${LEAST_BYTES}, the minimum for the heading`,
      `Give at least ${LEAST_BYTES}.`,
    );
  const report = path === undefined ? null : reportIn(path);
  if (report !== null) return showReport(report, path ?? '', { medium, options }, io);
  const folder = findPlan('show', args, loadSettings(args, io));
  if (flagArg(args, 'report')) {
    const file = join(folder.path, 'report.json');
    if (!exists(file)) throw unapplied(folder);
    return showReport(storedText(folder.path, file), file, { medium, options }, io);
  }
  io.phase('reading and verifying the plan');
  const parsed = parsedPlan(folder);
  const { plan } = parsed;
  const digest = digestOf(plan);
  const { provenance, doubts } = readPlanProvenance(folder, digest);
  const causes = causesFor(plan, textArg(args, 'base'), folder.plans);
  io.phase('rendering the plan');
  const review = buildReview(plan, provenance, {
    digest,
    ...(causes === null ? {} : { causes }),
    doubts: [...integrityWarnings(parsed, folder.id), ...doubts],
  });
  const shown = renderPlan(review, medium, options);
  if (medium === 'text' && !flagArg(args, 'summary')) await io.page(shown.text);
  else io.out(shown.text);
  if (review.verdict.code === 'altered') return 3;
  // What must be read does not fit: a script that only looks at the exit code must not take it for reviewed.
  return shown.isTooLarge && !flagArg(args, 'allow-cut') ? 1 : 0;
}

interface Shape {
  readonly medium: Medium;
  readonly options: MediumOptions;
}

async function showReport(content: string, name: string, shape: Shape, io: Io): Promise<number> {
  io.out(renderReport(parseReport(content, name), shape.medium, shape.options).text);
  return 0;
}

const unapplied = ({ id, path }: Folder): Failure =>
  new Failure(
    'file_unreadable',
    `plan ${id ?? path} has no report: it was not applied yet`,
    'Leave --report out to see the plan.',
  );

function parsedPlan(folder: Folder): ParsedPlan {
  try {
    return readProvedPlan(folder);
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'file_unreadable') throw error;
    throw new Failure(error.code, `${join(folder.path, 'plan.json')}: ${error.message}`, error.hint);
  }
}

/** The text of a report with any file name (`--report-path`); null if the path is not a report. */
function reportIn(path: string): string | null {
  // An id always means a plan, whatever files the working folder contains.
  if (basename(path) === 'plan.json' || /^(?:[0-9a-f]{4,16}|latest)$/.test(path)) return null;
  if (/report[^/]*\.json$/.test(path)) return readText(path);
  if (!exists(path)) return null;
  try {
    const content = readText(path);
    return /"outcomes"\s*:/.test(content) && /"mode"\s*:/.test(content) ? content : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
