import type { Contract } from '../contract/contract.ts';
import { membersIn, type ProductDocument } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own, sortedRecord } from '../core/json/records.ts';
import { ref } from '../core/resource-ref.ts';
import { collector, findAttribute, findProductType, type StepDiff } from './change-collector.ts';
import { patchOf } from './json-patch.ts';
import type { Resolved } from './match-products.ts';
import { inMemberOrder, memberNamer } from './member-names.ts';
import type { Change, Inputs, LeftOut } from './model.ts';
import { derive } from './product-document.ts';
import type { TermIndex } from './term-index.ts';
import type { ValueAvailability } from './value-changes.ts';

/** What the earlier steps leave for the products. */
interface EarlierSteps {
  readonly terms: ReadonlyMap<string, TermIndex>;
  readonly shelves: ReadonlyMap<string, ValueAvailability>;
  /** Refs of the assignments that this plan makes. */
  readonly assignments: ReadonlySet<string>;
}

/** Step D: each offering's product holds exactly what its page says. */
export function diffProducts(
  inputs: Inputs,
  offerings: readonly Resolved[],
  ground: EarlierSteps,
): StepDiff & { leftOut: readonly LeftOut[] } {
  const found = collector();
  const leftOut: LeftOut[] = [];
  // Documents are made by the thousand: with the rules in the order of their names none needs sorting.
  const byName = { contract: inNames(inputs.contract) };
  const named = memberNamer(byName, ground.shelves);
  for (const resolved of offerings) {
    const { offering } = resolved;
    const held = resolved.product && named(resolved.product.product);
    const derived = derive(byName, ground.terms, offering, resolved.ref, held);
    const problems = [...resolved.problems, ...derived.problems];
    const place = placeOf(inputs, resolved, derived.document, ground);
    problems.push(...place.problems);
    found.problems.push(...problems);
    const codes = problems.filter(isBlocking).map(({ code }) => code);
    if (codes.length > 0 || resolved.product === null || held === null) {
      leftOut.push({
        ref: resolved.ref,
        page_id: offering.page_id,
        title: offering.title,
        codes: [...new Set(codes)].sort(),
      });
      continue;
    }
    const before = without(held, derived.kept);
    const after = without(derived.document, derived.kept);
    if (isSame(before, after)) continue;
    const { id } = resolved.product.product;
    found.changes.push(
      changeOf(resolved, id, inMemberOrder(before), inMemberOrder(after), place.needs(before)),
    );
  }
  return { changes: found.changes, problems: found.problems, leftOut };
}

function changeOf(
  { ref, offering }: Resolved,
  id: string,
  before: ProductDocument,
  after: ProductDocument,
  needs: readonly string[],
): Change {
  return {
    ref,
    action: 'update',
    reason: 'differs',
    before,
    after,
    patch: patchOf(before, after),
    needs,
    ids: { product: id },
    provenance: { page_id: offering.page_id, title: offering.title },
  };
}

const inNames = (contract: Contract): Contract => ({
  ...contract,
  attributes: contract.attributes.toSorted((a, b) => byCodeUnit(a.slug, b.slug)),
  metadata: contract.metadata.toSorted((a, b) => byCodeUnit(a.key, b.key)),
});

/** A broken image leaves out one key, not the offering. */
const isBlocking = ({ severity, code }: Diagnostic): boolean =>
  severity === 'error' && code !== 'image_broken';

function without(document: ProductDocument, keys: ReadonlySet<string>): ProductDocument {
  if (keys.size === 0) return document;
  const metadata = sortedRecord(Object.entries(document.metadata).filter(([key]) => !keys.has(key)));
  return { attributes: document.attributes, metadata };
}

/** Whether the shop has a place for all that the document holds; `needs` names the changes that must make one first. */
function placeOf(
  inputs: Inputs,
  { offering, product, ref: address }: Resolved,
  document: ProductDocument,
  ground: EarlierSteps,
) {
  const problems: Diagnostic[] = [];
  const report = (code: string, data: JsonObject) =>
    problems.push({
      severity: 'error',
      code,
      ref: address,
      data: { ...data, page_id: offering.page_id, title: offering.title },
    });
  const type = product?.product.type ?? null;
  if (type !== null && !isExpected(inputs, type)) report('product_type_unexpected', { product_type: type });
  const assigned = type === null ? undefined : own(inputs.actual.product_types, type)?.attributes;
  const assignmentOf = (attribute: string) => ref.assignment(type ?? '', attribute);
  const makersOf = (attribute: string, keys: readonly string[]) =>
    keys.flatMap((key) => ground.shelves.get(attribute)?.available.get(key) ?? []);
  for (const rule of inputs.contract.attributes) {
    const wanted = document.attributes[rule.slug] ?? null;
    const keys = membersIn(wanted);
    const shelf = ground.shelves.get(rule.slug);
    for (const key of keys) {
      const because = shelf?.unavailable.get(key);
      if (because !== undefined) report('value_unavailable', { attribute: rule.slug, key, because });
    }
    const assignment = assignmentOf(rule.slug);
    const isWanted = keys.length > 0 || typeof wanted === 'boolean';
    const isUsable =
      findAttribute(inputs.actual, rule) !== undefined ||
      (inputs.options.create_attributes && !Object.hasOwn(inputs.actual.attributes, rule.slug));
    if (!isUsable && (isWanted || Object.hasOwn(inputs.actual.attributes, rule.slug)))
      report('attribute_unavailable', { attribute: rule.slug });
    else if (
      isWanted &&
      assigned !== undefined &&
      !assigned.includes(rule.slug) &&
      !ground.assignments.has(assignment)
    ) {
      report('attribute_not_assigned', { attribute: rule.slug, product_type: type });
    }
  }
  const needs = (before: ProductDocument): readonly string[] =>
    inputs.contract.attributes.flatMap(({ slug }) => {
      const address = assignmentOf(slug);
      const assignment = ground.assignments.has(address) ? [address] : [];
      const [old, wanted] = [before.attributes[slug] ?? null, document.attributes[slug] ?? null];
      if (isSame(old, wanted)) return [];
      // Of those it has, one may be about to get the name that the document calls it by.
      return [...assignment, ...new Set(makersOf(slug, [...membersIn(wanted), ...membersIn(old)]))];
    });
  return { problems, needs };
}

const isExpected = ({ contract, actual }: Inputs, type: string): boolean =>
  contract.product_types.some((wanted) => findProductType(actual, wanted)?.[0] === type);
