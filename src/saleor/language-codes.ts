import { languageCode } from '../core/language-tag.ts';
import { FRAGMENTS, LANGUAGES } from './generated/operations.ts';
import type { Fragments } from './graphql/batch-operations.ts';

const KNOWN: ReadonlySet<string> = new Set(LANGUAGES);

/** Saleor's language code of a Wagtail locale (`pt-br` is PT_BR); null where Saleor has none. */
export function languageOf(locale: string): string | null {
  const code = languageCode(locale);
  return KNOWN.has(code) ? code : null;
}

/** Requests a value's label in each of these locales, as t0, t1, …. Saleor must know all of them. */
export function labelFragments(locales: readonly string[]): Fragments {
  const fields = locales.map(
    (locale, index) => `t${index}:translation(languageCode:${languageOf(locale)}){name}`,
  );
  return { Labels: (FRAGMENTS['Labels'] ?? '').replace(/\}$/, ` ${fields.join(' ')}}`) };
}
