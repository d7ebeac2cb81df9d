import type { ShopLint } from '../../app/lint-shop.ts';
import { groupBy } from '../../core/collections.ts';
import { plural } from '../../core/text/counting.ts';
import { clip } from '../../review/text/column-width.ts';

type Listed = ShopLint['terms'][number] | ShopLint['without'][number];

/** Why a value becomes no term, by code. */
const REASONS: Readonly<Record<string, string>> = {
  key_missing: 'no key can be made from its slug or name',
  key_too_long: 'its key would be too long for the field in Wagtail',
  label_empty: 'it has no label',
  label_too_long: 'its label is too long for the field in Wagtail',
  label_in_use: 'its label is that of another term',
  value_ambiguous: 'several values match its term',
  registry_unknown: 'the Capability Registry has no such key',
  registry_retired: 'the Capability Registry has retired its key',
};

/** The values without a term by attribute, and what becomes of them. `path`: where the fixture was written. */
export function shopLintLines(
  { terms, without, fixture, read }: ShopLint,
  path: string | undefined,
): readonly string[] {
  if (terms.length + without.length === 0)
    return [
      read === 0
        ? 'The shop has no value of the contract’s attributes.'
        : 'Every value in the shop has its term.',
      ...(path === undefined ? [] : [`There is nothing to add, so ${path} is not written.`]),
    ];
  const attributes = groupBy([...terms, ...without] as readonly Listed[], ({ attribute }) => attribute);
  const lines = [...attributes].flatMap(([attribute, values]) => [
    `${attribute} (${values[0]?.taxonomy})`,
    ...values.map((value) => `  ${lineOf(value)}`),
  ]);
  return [
    `${plural(terms.length + without.length, 'value')} in the shop without a term:`,
    ...lines,
    ...fixtureLines(fixture, path),
    ...(without.length === 0
      ? []
      : [
          `${plural(without.length, 'value')} without a key of its own: rename, merge or delete ${without.length === 1 ? 'it' : 'them'} in Saleor, or add the terms by hand.`,
        ]),
  ];
}

/** Columns of a name or slug. */
const LONGEST = 40;

function lineOf(value: Listed): string {
  const becomes =
    'term' in value
      ? `${value.term.key}${value.needsAdoption ? ` (the slug is ${clip(value.slug, LONGEST)})` : ''}`
      : `no term (slug ${clip(value.slug, LONGEST)}): ${reasonOf(value)}`;
  return `"${clip(value.name, LONGEST)}" -> ${becomes}; ${usersOf(value)}`;
}

const reasonOf = ({ because, key }: ShopLint['without'][number]): string =>
  because === 'key_taken' ? `another value has the key ${key}` : (REASONS[because] ?? because);

function usersOf({ products }: Listed): string {
  if (products === null) return 'products not counted: the token lacks MANAGE_PRODUCTS';
  const { count, first } = products;
  const more = count > first.length ? ` and ${count - first.length} more` : '';
  return count === 0 ? 'no product' : `${plural(count, 'product')}: ${first.join(', ')}${more}`;
}

function fixtureLines(
  { rows, unwritten, lostTranslations }: ShopLint['fixture'],
  path: string | undefined,
): readonly string[] {
  return [
    ...(rows.length === 0
      ? []
      : [
          path === undefined
            ? `--fixture FILE writes ${plural(rows.length, 'row')} for manage.py loaddata.`
            : `Written: ${path} (${plural(rows.length, 'row')} for manage.py loaddata).`,
        ]),
    ...unwritten.map(({ taxonomy, needs }) =>
      needs.length === 0
        ? `Not written: ${taxonomy}. The source names no model with fields for key and label (only exports of wagtail-sailplan do); add these terms by hand.`
        : `Not written: ${taxonomy}. Its model needs more than key and label: ${needs.join(', ')}.`,
    ),
    ...(lostTranslations === 0
      ? []
      : [
          `Not written: ${plural(lostTranslations, 'translation')}. The model is not translatable, or the site lacks the language.`,
        ]),
  ];
}

/** The document of --format json. */
export const shopLintJson = ({ terms, without, fixture }: ShopLint) => ({
  terms: terms.map(({ term, attribute, taxonomy, slug, name, needsAdoption, products }) => ({
    ...{ attribute, taxonomy, slug, name, products },
    term,
    needs_adoption: needsAdoption,
  })),
  without_key: without,
  fixture: fixture.rows,
});
