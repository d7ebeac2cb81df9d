import type { AttributeRule } from '../../contract/contract.ts';
import type { Term } from '../../core/desired-state.ts';
import { own } from '../../core/json/records.ts';
import { ref } from '../../core/resource-ref.ts';
import { indexOf } from '../../diff/term-index.ts';
import { labelLanguages } from '../../diff/translation-changes.ts';
import { type MatchedChoices, matchChoices, wrongLabels } from './compare-choices.ts';
import { compareFilters, type ListedPage } from './compare-filters.ts';
import { type FilterCount, findError, type StorefrontFinding } from './finding.ts';
import type { PlannedPage, PlannedStorefront, StorefrontInputs } from './planned-pages.ts';
import type { PublicAttribute, PublicShop } from './public-shop.ts';

interface ComparedAttribute {
  readonly rule: AttributeRule;
  readonly shop: PublicShop;
  readonly listed: readonly ListedPage[];
}

/** Choices, labels and filter answers of one attribute of the contract. */
export function compareAttribute(
  inputs: StorefrontInputs,
  planned: PlannedStorefront,
  { rule, shop, listed }: ComparedAttribute,
): { readonly findings: readonly StorefrontFinding[]; readonly counts: readonly FilterCount[] } {
  const address = ref.attribute(rule.slug);
  const attribute = own(shop.attributes, rule.slug);
  if (attribute === undefined)
    return { findings: [findError('attribute_missing', 'attribute_missing', address)], counts: [] };
  if (attribute.inputType !== rule.input_type)
    return {
      findings: [
        findError('attribute_type_differs', 'attribute_missing', address, {
          planned: rule.input_type,
          shown: attribute.inputType,
        }),
      ],
      counts: [],
    };
  const { usable } = indexOf(planned.index, rule);
  const choices = matchChoices(inputs.contract.naming, rule, usable.values(), attribute);
  const labels = new Map([...choices.slugs].map(([key, slug]) => [slug, usable.get(key)?.label ?? '']));
  const answers = shop.filters.filter((answer) => answer.attribute === rule.slug);
  const filters = compareFilters({ rule, attribute, choices, labels }, listed, answers);
  return {
    findings: [
      ...visibility(rule, attribute),
      ...missingChoices(rule, choices, listed),
      ...labelFindings(inputs, rule, { attribute, choices, usable }),
      ...filters.findings,
      ...choiceNotes(rule, attribute, filters.counts),
    ],
    counts: filters.counts,
  };
}

function visibility({ slug }: AttributeRule, attribute: PublicAttribute): readonly StorefrontFinding[] {
  if (!attribute.isListed)
    return [findError('attribute_hidden', 'attribute_not_visible', ref.attribute(slug))];
  if (attribute.isFilterable !== false) return [];
  const finding = findError('attribute_not_filterable', 'attribute_not_filterable', ref.attribute(slug));
  return [{ ...finding, severity: 'note' }];
}

/** One finding a term, with the number of listed products that no filter finds by it. */
const missingChoices = (
  { slug }: AttributeRule,
  { missing }: MatchedChoices,
  listed: readonly ListedPage[],
): readonly StorefrontFinding[] =>
  missing.map(({ key, label }) => {
    const products = listed.filter(({ page }) => holds(page, slug, key)).length;
    return findError('choice_missing', 'value_missing', ref.value(slug, key), {
      attribute: slug,
      key,
      label,
      products,
    });
  });

function holds({ document }: PlannedPage, attribute: string, key: string): boolean {
  const assigned = document.attributes[attribute];
  return typeof assigned === 'object' && assigned !== null ? own(assigned, key) === true : assigned === key;
}

interface TermChoices {
  readonly attribute: PublicAttribute;
  readonly choices: MatchedChoices;
  readonly usable: ReadonlyMap<string, Term>;
}

function labelFindings(
  inputs: StorefrontInputs,
  { slug }: AttributeRule,
  { attribute, choices, usable }: TermChoices,
): readonly StorefrontFinding[] {
  const languages = labelLanguages(inputs);
  return [...choices.slugs].flatMap(([key, choice]) => {
    const [term, value] = [usable.get(key), own(attribute.choices, choice)];
    if (term === undefined || value === undefined) return [];
    const labels = wrongLabels(inputs.contract.naming, term, value, languages);
    const data = { attribute: slug, key, choice, labels };
    return labels.length === 0 ? [] : [findError('label_differs', 'label', ref.value(slug, key), data)];
  });
}

/** Choices without a term, and choices without a product: not errors by themselves. */
function choiceNotes(
  { slug }: AttributeRule,
  { choices }: PublicAttribute,
  counts: readonly FilterCount[],
): readonly StorefrontFinding[] {
  return counts.flatMap(({ value, label, total }): StorefrontFinding[] => {
    if (typeof value === 'boolean') return [];
    const data = {
      attribute: slug,
      choice: value,
      name: own(choices, value)?.name ?? value,
      products: total,
    };
    const address = ref.value(slug, value);
    if (label === null)
      return [{ ...findError('choice_extra', 'value_without_term', address, data), severity: 'warning' }];
    if (total > 0) return [];
    return [
      { ...findError('choice_without_product', 'value_without_product', address, data), severity: 'note' },
    ];
  });
}
