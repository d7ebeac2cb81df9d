import type { Target } from '../core/actual-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import type { ReportedPlan, ReportFile } from './generated/report.js';

/** The report of a dry run or of all runs of one plan; schemas/report.schema.json describes the members. */
export type {
  CreatedValue,
  MissingProduct,
  MissingTaxonomy,
  Notice,
  Outcome,
  ReportedApproval as ApprovalNote,
  ReportedOutcome as ChangeOutcome,
  ReportedRun as Run,
  ReportFile as Report,
  UpdatedProduct,
} from './generated/report.js';

/** A report on a plan that is stored. */
export type PlanReport = ReportFile & { readonly plan: ReportedPlan; readonly target: Target };

/** major.minor of the reports that this version writes. */
export const REPORT_FORMAT = '1.0';

/** What was typed: the command and its options by name. */
export interface ReportedCall {
  readonly command: string;
  readonly flags: JsonObject;
}

export const OUTCOMES = [
  'planned',
  'applied',
  'already',
  'skipped',
  'failed',
  'unknown',
  'not_attempted',
] as const;
