import { visible } from '../../core/text/invisible-characters.ts';

/** HTML that is safe to insert as it is. Only the functions of this file make one. */
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

/** The only escape for HTML: valid inside elements and inside quoted attributes. */
const escaped = (text: string): string =>
  visible(text).replace(/[&<>"'`]/g, (found) => ESCAPES[found] ?? found);

/** Template → its literals without line breaks. A page fills the same few templates thousands of times. */
const literals = new WeakMap<TemplateStringsArray, readonly string[]>();

function literalsOf(strings: TemplateStringsArray): readonly string[] {
  const known = literals.get(strings);
  if (known !== undefined) return known;
  const joined = strings.map((text) => text.replace(/\n\s*/g, ''));
  literals.set(strings, joined);
  return joined;
}

/**
 * Builds markup from a template: escapes each hole unless it is markup, joins lists, inserts nothing for null. Drops the
 * line breaks of the template with the indentation after them, so that a template can be written over several lines.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const [first = '', ...rest] = literalsOf(strings);
  let markup = first;
  for (const [index, part] of parts.entries()) markup += insert(part) + (rest[index] ?? '');
  return { markup };
}

function insert(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(insert).join('');
}

/** A sentence of the program, escaped; what is in backticks is code. */
export const sentence = (text: string): Markup =>
  html`${text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;

/** Attributes with escaped values, each after a space. The names are part of the program and are not escaped. */
export const htmlAttributes = (values: Readonly<Record<string, string>>): Markup => ({
  markup: Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join(''),
});

/** Declares a text of the program to be HTML, CSS or script. Never pass anything from outside. */
export const trusted = (markup: string): Markup => ({ markup });

/** A line break in the output, which `html` would drop from a template. */
export const LINE_BREAK: Markup = trusted('\n');
