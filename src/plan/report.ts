/** The report of a dry run or of all runs of one plan; schemas/report.schema.json says what each member is. */
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

export const OUTCOMES = [
  'planned',
  'applied',
  'already',
  'skipped',
  'failed',
  'unknown',
  'not_attempted',
] as const;
