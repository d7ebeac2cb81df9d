import type { Plan } from '../plan/plan.ts';
import type { PlanMetadata } from '../plan/plan-metadata.ts';
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
  /** made.json: names, links and figures, which a plan itself does not hold. */
  readonly made?: PlanMetadata;
}

/** A plan or a report as text, Markdown, one HTML file or JSON; what came from outside is escaped for the medium. */
export function render(subject: Plan | Report, medium: Medium, options: RenderOptions = {}): string {
  const { made, ...rest } = options;
  return 'runs' in subject
    ? renderReport(subject, medium, rest).text
    : renderPlan(buildReview(subject, made ?? null), medium, rest).text;
}
