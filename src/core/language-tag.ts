/**
 * One spelling for a language: `pt_BR`, `PT-BR` and `pt-br` are all `pt-br`, as Wagtail writes it. Two languages are the
 * same for Saleor exactly when their tags are equal.
 */
export const languageTag = (locale: string): string => locale.trim().toLowerCase().replaceAll('_', '-');

/** Saleor's code of a language, as a query names it: `pt-br` is PT_BR. Whether Saleor has it is another question. */
export const languageCode = (locale: string): string =>
  languageTag(locale).toUpperCase().replaceAll('-', '_');

/** Tags of several locales, each once, in the order given. */
export const languageTags = (locales: Iterable<string>): readonly string[] => [
  ...new Set([...locales].map(languageTag)),
];

/** The member of a record by locale for this language, in any spelling; undefined if there is none. */
export function inLanguage<T>(record: Readonly<Record<string, T>>, locale: string): T | undefined {
  if (Object.hasOwn(record, locale)) return record[locale];
  const tag = languageTag(locale);
  const name = Object.keys(record)
    .sort()
    .find((one) => languageTag(one) === tag);
  return name === undefined ? undefined : record[name];
}
