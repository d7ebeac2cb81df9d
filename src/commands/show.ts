import { join } from 'node:path';
import type { Made } from '../plan/made.ts';
import { parseJson, readPlan } from '../plan/parse.ts';
import type { Report } from '../plan/report.ts';
import { type Medium, type RenderOptions, renderPlan, renderReport } from '../report/render.ts';
import { review } from '../report/review.ts';
import { Failure } from '../state/failure.ts';
import type { Json } from '../state/json.ts';
import { exists, readText } from '../system/files.ts';
import { findFolder, planText } from '../system/folder.ts';
import { causesFor } from './base.ts';
import { loadSettings } from './config.ts';
import { type Args, count, flag, type Io, text } from './io.ts';

/** Shows a plan or a report, offline, of any age. */
export async function run(args: Args, io: Io): Promise<number> {
  const path = text(args, 'path') ?? '';
  const medium = (text(args, 'format') ?? 'text') as Medium;
  const options: RenderOptions = {
    width: io.width,
    color: io.hasColor,
    summary: flag(args, 'summary'),
    ...(count(args, 'max-bytes') === undefined ? {} : { maxBytes: count(args, 'max-bytes') as number }),
    allowCut: flag(args, 'allow-cut'),
  };
  if (isReport(path)) {
    io.out(renderReport(readReport(path), medium, options).text);
    return 0;
  }
  const { out } = loadSettings(args, io);
  const folder = findFolder(path, out);
  const plan = readPlan(planText(folder));
  const madePath = join(folder.path, 'made.json');
  const made = exists(madePath) ? (readJson(madePath) as unknown as Made) : null;
  const causes = causesFor(plan, text(args, 'base'), out);
  const shown = renderPlan(review(plan, made, causes === null ? {} : { causes }), medium, options);
  io.out(shown.text);
  // What must be read does not fit: a script that only looks at the exit code must not take it for reviewed.
  return shown.isTooLarge && !flag(args, 'allow-cut') ? 1 : 0;
}

const isReport = (path: string): boolean => /report[^/]*\.json$/.test(path);

/** Throws a Failure (document_malformed) unless what the renderers walk through is there. */
function readReport(path: string): Report {
  const value = readJson(path);
  const report = (typeof value === 'object' && value !== null ? value : {}) as Partial<Report>;
  const walked = [report.runs, report.approvals, report.outcomes, report.updated_products, report.errors];
  if (!walked.every(Array.isArray) || typeof report.totals !== 'object')
    throw new Failure(
      'document_malformed',
      `${path} is no report`,
      'Give the report.json of a plan’s folder, or what --report-path wrote.',
    );
  return report as Report;
}

function readJson(path: string): Json {
  try {
    return parseJson(readText(path));
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'document_malformed') throw error;
    throw new Failure(error.code, `${path}: ${error.message}`, error.hint);
  }
}
