import { printJson } from '../plan/file/print.ts';
import type { Report } from '../plan/report.ts';
import { planPage } from './html/plan-page.ts';
import { reportPage } from './html/report-page.ts';
import { type MarkdownOptions, type Rendered, renderPlanMarkdown } from './markdown/plan-markdown.ts';
import { renderReportMarkdown } from './markdown/report-markdown.ts';
import { type NextCommands, summariseReport } from './model/report-summary.ts';
import type { Review } from './model/review.ts';
import { renderPlanText, type TextOptions } from './text/plan-text.ts';
import { renderReportText } from './text/report-text.ts';

export type Medium = 'text' | 'markdown' | 'html' | 'json';

export type MediumOptions = TextOptions &
  MarkdownOptions & {
    /** The command of a report's next step; default: with the id alone. */
    readonly commands?: NextCommands;
  };

/** A plan's review in one format; ends in a newline. Only Markdown can be too large. */
export function renderPlan(review: Review, medium: Medium, options: MediumOptions = {}): Rendered {
  switch (medium) {
    case 'text':
      return whole(renderPlanText(review, options));
    case 'markdown':
      return renderPlanMarkdown(review, options);
    case 'html':
      return whole(planPage(review));
    case 'json':
      return whole(printJson(review));
  }
}

/** A report in one format; ends in a newline. */
export function renderReport(report: Report, medium: Medium, options: MediumOptions = {}): Rendered {
  const summary = summariseReport(report, options.commands);
  switch (medium) {
    case 'text':
      return whole(renderReportText(summary, options));
    case 'markdown':
      return whole(renderReportMarkdown(summary, options));
    case 'html':
      return whole(reportPage(summary));
    case 'json':
      return whole(printJson(report));
  }
}

const whole = (text: string): Rendered => ({ text, isTooLarge: false });
