import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Report } from '../plan/report.ts';
import { buildReview } from '../review/model/build-review.ts';
import { type Medium, renderPlan, renderReport } from '../review/render.ts';

export interface RenderOptions {
  /** Text: columns (80). */
  readonly width?: number;
  /** Text: in colour (false). */
  readonly color?: boolean;
  /** Text: one screen only. */
  readonly summary?: boolean;
  /** Markdown: greatest length (60,000). */
  readonly maxBytes?: number;
  /** provenance.json: names, links and counts, which are not in the plan itself. */
  readonly provenance?: PlanProvenance;
}

/** A plan or a report as text, Markdown, one HTML file or JSON; what came from outside is escaped for the medium. */
export function render(subject: Plan | Report, medium: Medium, options: RenderOptions = {}): string {
  const { provenance, ...rest } = options;
  return 'runs' in subject
    ? renderReport(subject, medium, rest).text
    : renderPlan(buildReview(subject, provenance ?? null), medium, rest).text;
}
