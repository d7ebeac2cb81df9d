import { plural } from '../../core/text/counting.ts';
import { html, htmlAttributes, type Markup } from './template.ts';

/** The bar above the changes. The style hides it where no script runs. */
export function filterBar(
  total: number,
  selects: readonly (Markup | null)[],
  [one, many]: readonly [one: string, many: string] = ['change', 'changes'],
): Markup {
  const search = htmlAttributes({
    type: 'search',
    id: 'search',
    placeholder: `Search ${plural(total, one, many)}`,
    'aria-label': `Search ${many}`,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return html`
    <div class="filters" role="search">
      <div class="find">
        <input${search}>
        <span class="shown" role="status" aria-live="polite"></span>
        <button class="btn" id="clear" type="button">Clear</button>
        <button class="btn" id="open" type="button">Open all</button>
      </div>
      <div class="by">${selects}</div>
    </div>`;
}

export interface FilterSelect {
  /** The data-* attribute of a change that it filters by. */
  readonly name: string;
  /** Names the filter, and is the option that shows every change. */
  readonly label: string;
  /** Value and text of each option. */
  readonly options: readonly (readonly [string, string])[];
  /** Fewer options than this leave nothing to choose: no select. */
  readonly minimum?: number;
}

export function filterSelect({ name, label, options, minimum = 2 }: FilterSelect): Markup | null {
  if (options.length < minimum) return null;
  return html`
    <select data-by="${name}" aria-label="${label}">
      <option value="">${label}</option>
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>`;
}
