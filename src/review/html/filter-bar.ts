import { plural } from '../../core/text/counting.ts';
import { html, type Markup } from './template.ts';

/** The bar above the changes: hidden where no script runs. */
export const filters = (total: number, selects: readonly (Markup | null)[]): Markup =>
  html`<div class="filters" role="search"><div class="find"><input type="search" id="search" placeholder="Search ${plural(total, 'change')}" aria-label="Search changes" autocomplete="off" spellcheck="false"><span class="shown" role="status" aria-live="polite"></span><button class="btn" id="clear" type="button">Clear</button><button class="btn" id="open" type="button">Open all</button></div><div class="by">${selects}</div></div>`;

/** A filter by one member of a change's data; none where there are fewer than `least` to choose from. */
export function selectBox(
  by: string,
  every: string,
  options: readonly (readonly [string, string])[],
  least = 2,
): Markup | null {
  if (options.length < least) return null;
  return html`<select data-by="${by}" aria-label="${every}"><option value="">${every}</option>${options.map(([value, words]) => html`<option value="${value}">${words}</option>`)}</select>`;
}
