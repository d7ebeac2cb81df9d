import type { AttributeRule } from '../contract/contract.ts';
import { type Assigned, membersIn, type ProductDocument } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import { findAttribute } from './change-collector.ts';
import type { Resolved } from './match-products.ts';
import type { Inputs } from './model.ts';
import { matchProductType } from './product-types.ts';
import type { TermIndex } from './term-index.ts';
import type { ValueAvailability } from './value-changes.ts';

/** What the earlier steps of the diff leave for the products. */
export interface EarlierSteps {
  readonly terms: ReadonlyMap<string, TermIndex>;
  /** By attribute. */
  readonly availability: ReadonlyMap<string, ValueAvailability>;
  /** Refs of the assignments that this plan makes. */
  readonly assignments: ReadonlySet<string>;
}

export interface Prerequisites {
  /** What the shop lacks, and no change of this plan makes, for the document. */
  readonly problems: readonly Diagnostic[];
  /** Refs of the changes that must be applied before the product's. `before`: its document now. */
  readonly needs: (before: ProductDocument) => readonly string[];
}

/** Returns the function that checks one product. What depends on no product is computed once. */
export function prerequisitesIn(
  inputs: Inputs,
  earlier: EarlierSteps,
): (resolved: Resolved, document: ProductDocument) => Prerequisites {
  const { actual, contract, options } = inputs;
  const rules = contract.attributes.map((rule) => {
    const exists = Object.hasOwn(actual.attributes, rule.slug);
    const isUsable = findAttribute(actual, rule) !== undefined || (options.create_attributes && !exists);
    return { slug: rule.slug, exists, isUsable };
  });
  const expectedOf = expectedTypes(inputs);
  return ({ offering, product, ref: address }, document) => {
    const problems: Diagnostic[] = [];
    const report = (code: string, data: JsonObject) =>
      void problems.push({
        severity: 'error',
        code,
        ref: address,
        data: { ...data, page_id: offering.page_id, title: offering.title },
      });
    const type = product?.product.type ?? null;
    const expected = type === null ? 'yes' : expectedOf(type);
    if (expected === 'no') report('product_type_unexpected', { product_type: type });
    if (typeof expected === 'object') report('product_type_unclear', { product_type: type, ...expected });
    for (const rule of rules) checkAttribute(rule, document, { actual, type, earlier, report });
    return { problems, needs: (before) => needsOf(inputs, type ?? '', [before, document], earlier) };
  };
}

type Expected = 'yes' | 'no' | { readonly name: string; readonly slugs: readonly string[] };

/** isExpected for one type after the other: a catalogue has few, and finding near names for an unknown one is slow. */
function expectedTypes(inputs: Inputs): (type: string) => Expected {
  const known = new Map<string, Expected>();
  return (type) => {
    const found = known.get(type) ?? isExpected(inputs, type);
    known.set(type, found);
    return found;
  };
}

/** Whether the contract names the type; an object: it names several types at once, of which this is one. */
function isExpected({ contract, actual }: Inputs, type: string): Expected {
  const matches = contract.product_types.map((name) => ({
    name,
    match: matchProductType(actual.product_types, name),
  }));
  if (matches.some(({ match }) => match.kind === 'found' && match.slug === type)) return 'yes';
  for (const { name, match } of matches)
    if (match.kind === 'ambiguous' && match.slugs.includes(type)) return { name, slugs: match.slugs };
  return 'no';
}

/** Attributes that the page empties and that Saleor refuses to empty (docs/saleor.md#product-attributes). */
export function emptiedProblems(
  { contract, actual }: Inputs,
  { offering: { page_id, title }, ref: address }: Resolved,
  held: ProductDocument,
  { attributes }: ProductDocument,
): readonly Diagnostic[] {
  const isEmpty = (assigned: Assigned | undefined) =>
    typeof assigned !== 'boolean' && membersIn(assigned).length === 0;
  return contract.attributes
    .filter(
      ({ slug }) =>
        own(actual.attributes, slug)?.value_required === true &&
        !isEmpty(held.attributes[slug]) &&
        isEmpty(attributes[slug]),
    )
    .map(({ slug, source }) => ({
      severity: 'error',
      code: 'required_attribute_emptied',
      ref: address,
      data: { attribute: slug, field: source, page_id, title },
    }));
}

interface CheckedRule extends Pick<AttributeRule, 'slug'> {
  /** Whether the shop has an attribute with this slug. */
  readonly exists: boolean;
  /** Whether the shop has the attribute as the contract describes it, or this plan creates it. */
  readonly isUsable: boolean;
}

interface AttributeCheck {
  readonly actual: Inputs['actual'];
  /** Slug of the product's type; null: the product is not known. */
  readonly type: string | null;
  readonly earlier: EarlierSteps;
  readonly report: (code: string, data: JsonObject) => void;
}

function checkAttribute(
  { slug, exists, isUsable }: CheckedRule,
  document: ProductDocument,
  { actual, type, earlier, report }: AttributeCheck,
): void {
  const wanted = document.attributes[slug] ?? null;
  const keys = membersIn(wanted);
  for (const key of keys) {
    const because = earlier.availability.get(slug)?.unavailable.get(key);
    if (because !== undefined) report('value_unavailable', { attribute: slug, key, because });
  }
  const isWanted = keys.length > 0 || typeof wanted === 'boolean';
  if (!isUsable) {
    if (isWanted || exists) report('attribute_unavailable', { attribute: slug });
    return;
  }
  const found = type === null ? undefined : own(actual.product_types, type);
  if (!isWanted || found === undefined || found.attributes.includes(slug)) return;
  if (earlier.assignments.has(ref.assignment(type ?? '', slug))) return;
  const isOfVariants = found.variant_attributes?.includes(slug) === true;
  const code = isOfVariants ? 'attribute_assigned_to_variants' : 'attribute_not_assigned';
  report(code, { attribute: slug, product_type: type });
}

function needsOf(
  { contract }: Inputs,
  type: string,
  [before, after]: readonly [ProductDocument, ProductDocument],
  { availability, assignments }: EarlierSteps,
): readonly string[] {
  const needs: string[] = [];
  for (const { slug } of contract.attributes) {
    const old = before.attributes[slug] ?? null;
    const wanted = after.attributes[slug] ?? null;
    if (isSame(old, wanted)) continue;
    const assignment = ref.assignment(type, slug);
    if (assignments.has(assignment)) needs.push(assignment);
    // A value that the product already has may be about to get the name in the document.
    const makers = [...membersIn(wanted), ...membersIn(old)].flatMap(
      (key) => availability.get(slug)?.available.get(key) ?? [],
    );
    needs.push(...new Set(makers));
  }
  return needs;
}
