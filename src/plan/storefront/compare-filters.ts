import type { AttributeRule } from '../../contract/contract.ts';
import { membersIn } from '../../core/actual-state.ts';
import { ref } from '../../core/resource-ref.ts';
import type { MatchedChoices } from './compare-choices.ts';
import type { FilterCount, FindingCause, StorefrontFinding } from './finding.ts';
import type { PlannedPage } from './planned-pages.ts';
import type { FilterAnswer, PublicAttribute, PublicProduct } from './public-shop.ts';

/** A page whose product the channel lists. */
export interface ListedPage {
  readonly page: PlannedPage;
  readonly slug: string;
  readonly product: PublicProduct;
}

/** One attribute, as a filter. */
export interface FilteredAttribute {
  readonly rule: AttributeRule;
  readonly attribute: PublicAttribute;
  readonly choices: MatchedChoices;
  /** Slug of a choice → label of its term. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * Compares what every value of one attribute finds with what the pages have: a product is found by each value of its page and
 * by no other. Products without a page count in `total` only.
 */
export function compareFilters(
  filtered: FilteredAttribute,
  listed: readonly ListedPage[],
  answers: readonly FilterAnswer[],
): { readonly findings: readonly StorefrontFinding[]; readonly counts: readonly FilterCount[] } {
  const findings: StorefrontFinding[] = [];
  const counts: FilterCount[] = [];
  const wanted = listed.map((one) => ({ ...one, values: plannedValues(filtered, one) }));
  for (const { value, products } of answers) {
    const found = new Set(products);
    let [planned, right] = [0, 0];
    for (const one of wanted) {
      const [isPlanned, isFound] = [one.values.has(value), found.has(one.slug)];
      if (isPlanned) planned += 1;
      if (isPlanned && isFound) right += 1;
      if (isPlanned !== isFound) findings.push(wrongAnswer(filtered, one, value, isPlanned));
    }
    const label = typeof value === 'boolean' ? String(value) : (filtered.labels.get(value) ?? null);
    const { slug } = filtered.rule;
    counts.push({ attribute: slug, value, label, planned, found: right, total: products.length });
  }
  return { findings, counts };
}

/** Values of the filter by which the page's product shall be found. A term without a choice has none. */
function plannedValues(
  { rule, choices }: FilteredAttribute,
  { page }: ListedPage,
): ReadonlySet<string | boolean> {
  const assigned = page.document.attributes[rule.slug];
  if (typeof assigned === 'boolean') return new Set([assigned]);
  return new Set(membersIn(assigned).flatMap((key) => choices.slugs.get(key) ?? []));
}

function wrongAnswer(
  { rule, attribute, labels }: FilteredAttribute,
  { page, slug, product }: ListedPage,
  value: string | boolean,
  isPlanned: boolean,
): StorefrontFinding {
  const held = product.attributes[rule.slug];
  const isHeld = typeof value === 'boolean' ? held === value : membersIn(held).includes(value);
  const label = typeof value === 'boolean' ? null : (labels.get(value) ?? null);
  const { page_id, title } = page.offering;
  return {
    severity: 'error',
    code: isPlanned ? 'filter_misses_product' : 'filter_finds_product',
    ref: ref.product(slug),
    field: `attributes.${rule.slug}`,
    cause: isPlanned
      ? causeOfMiss(rule, attribute, product, isHeld)
      : causeOfHit(attribute, product.shows.has(rule.slug), isHeld),
    data: { attribute: rule.slug, value, label, page_id, title },
  };
}

function causeOfMiss(
  { slug }: AttributeRule,
  { isListed }: PublicAttribute,
  { shows }: PublicProduct,
  isHeld: boolean,
): FindingCause {
  if (isHeld) return 'answers_differ';
  if (shows.has(slug)) return 'value_not_assigned';
  return isListed ? 'attribute_not_assigned' : 'attribute_not_visible';
}

function causeOfHit({ isListed }: PublicAttribute, isShown: boolean, isHeld: boolean): FindingCause {
  if (isHeld) return 'value_assigned';
  // The filter finds a product by its variants too (docs/saleor.md#value-usage).
  return isListed || isShown ? 'value_of_variant' : 'value_assigned';
}
