import { printJson } from '../plan/print.ts';
import type { Report } from '../plan/report.ts';
import type { Json } from '../state/json.ts';
import { account } from './account.ts';
import { reportPage } from './ledger.ts';
import { type MarkdownOptions, markdown, type Rendered } from './markdown.ts';
import type { Review } from './model.ts';
import { noted } from './noted.ts';
import { planPage } from './page.ts';
import { type TextOptions, text } from './text.ts';
import { told } from './told.ts';

export type Medium = 'text' | 'markdown' | 'html' | 'json';

export type RenderOptions = TextOptions & MarkdownOptions;

/** A plan's review in one medium; ends in a newline. Only Markdown can be too large. */
export function renderPlan(review: Review, medium: Medium, options: RenderOptions = {}): Rendered {
  switch (medium) {
    case 'text':
      return whole(text(review, options));
    case 'markdown':
      return markdown(review, options);
    case 'html':
      return whole(planPage(review));
    case 'json':
      return whole(printJson(review as unknown as Json));
  }
}

/** A report in one medium; ends in a newline. */
export function renderReport(report: Report, medium: Medium, options: RenderOptions = {}): Rendered {
  switch (medium) {
    case 'text':
      return whole(told(account(report), options));
    case 'markdown':
      return whole(noted(account(report), options));
    case 'html':
      return whole(reportPage(account(report)));
    case 'json':
      return whole(printJson(report as unknown as Json));
  }
}

const whole = (text: string): Rendered => ({ text, isTooLarge: false });
