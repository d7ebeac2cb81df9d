import { formatCount } from '../../core/text/counting.ts';
import { html, type Markup } from './template.ts';

/** Parts of the header that the pages of a plan and of a report share. */

export const fact = (name: string, value: Markup | string): Markup => html`<dt>${name}</dt><dd>${value}</dd>`;

export interface OverviewTile {
  /** CSS class of the figure's colour. */
  readonly tone: string;
  readonly count: number;
  readonly text: string;
  /** Where in the page the tile leads. */
  readonly href: string;
}

/** A large figure with its text, as a link to what it counts; no link where it counts nothing. */
export function overviewTile({ tone, count, text, href }: OverviewTile): Markup {
  const content = html`<b>${formatCount(count)}</b><span>${text}</span>`;
  return count === 0
    ? html`<div class="tile zero">${content}</div>`
    : html`<a class="tile ${tone}" href="${href}">${content}</a>`;
}
