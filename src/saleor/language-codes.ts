import { FRAGMENTS, LANGUAGES } from './generated/operations.ts';
import type { Fragments } from './graphql/batch-operations.ts';

const KNOWN: ReadonlySet<string> = new Set(LANGUAGES);

/** Saleor's code of a locale: Wagtail's `pt-br` is PT_BR; null when Saleor does not know it. */
export function languageOf(locale: string): string | null {
  const code = locale.toUpperCase().replace(/-/g, '_');
  return KNOWN.has(code) ? code : null;
}

/** Asks for a value's label in each of these locales, as t0, t1, …. All must be known to Saleor. */
export function labels(locales: readonly string[]): Fragments {
  const asked = locales.map(
    (locale, index) => `t${index}:translation(languageCode:${languageOf(locale)}){name}`,
  );
  return { Labels: (FRAGMENTS['Labels'] ?? '').replace(/\}$/, ` ${asked.join(' ')}}`) };
}
