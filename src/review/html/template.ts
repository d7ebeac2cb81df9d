import { visible } from '../../core/text/invisible-characters.ts';

/** HTML that is safe to insert as it is. Only `html` and `trusted` make one. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | null | Markup | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** HTML's one escape: right inside elements and inside quoted attributes. */
export const escaped = (text: string): string =>
  visible(text).replace(/[&<>"'`]/g, (found) => ESCAPES[found] ?? found);

/** A template whose every hole is escaped, but for other markup; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = strings[0] ?? '';
  for (const [index, part] of parts.entries()) markup += insert(part) + (strings[index + 1] ?? '');
  return { markup };
}

function insert(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (Array.isArray(part)) return part.map(insert).join('');
  return (part as Markup).markup;
}

/** Text of our own that is HTML, CSS or script already; never anything from outside. */
export const trusted = (markup: string): Markup => ({ markup });
