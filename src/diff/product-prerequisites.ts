import type { AttributeRule } from '../contract/contract.ts';
import { type Assigned, membersIn, type ProductDocument } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame } from '../core/json/canonical-json.ts';
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
  /** What the shop lacks, and no change of this plan makes, for the document that a page's product is to get. */
  problemsOf(page: Resolved, document: ProductDocument): readonly Diagnostic[];
  /** Refs of the changes that must be applied before the product's. */
  needsOf(type: string, before: ProductDocument, after: ProductDocument): readonly string[];
}

/** What depends on no product is computed once, and what depends on its type only once for each type. */
export function prerequisitesIn(inputs: Inputs, earlier: EarlierSteps): Prerequisites {
  const checks = new Map<string | null, TypeCheck>();
  return {
    problemsOf: ({ offering, product, ref: address }, document) => {
      const type = product?.product.type ?? null;
      const check = checks.get(type) ?? typeCheck(inputs, earlier, type);
      checks.set(type, check);
      if (check.problems.length === 0 && check.attributes.length === 0) return [];
      const found = [
        ...check.problems,
        ...check.attributes.flatMap((one) => attributeProblems(one, document.attributes[one.slug] ?? null)),
      ];
      const { page_id, title } = offering;
      return found.map(({ code, data }) => ({
        severity: 'error',
        code,
        ref: address,
        data: { ...data, page_id, title },
      }));
    },
    needsOf: (type, before, after) => needsOf(inputs, type, [before, after], earlier),
  };
}

/** Without the page that has it. */
type Problem = Pick<Diagnostic, 'code' | 'data'>;

/** What is checked of the products of one type. */
interface TypeCheck {
  /** What is wrong with the type itself. */
  readonly problems: readonly Problem[];
  /** The attributes that a product of this type may be unable to get; usually none. */
  readonly attributes: readonly AttributeCheck[];
}

interface AttributeCheck {
  readonly slug: string;
  /** Keys of terms that have no value: key → code of the reason. */
  readonly unavailable: ReadonlyMap<string, string>;
  /** Of a product that is to be set to something. */
  readonly ifWanted: Problem | null;
  /** Of one that is to be set to nothing. */
  readonly ifUnwanted: Problem | null;
}

/** `type`: slug of a type; null: the product is not known. */
function typeCheck(inputs: Inputs, earlier: EarlierSteps, type: string | null): TypeCheck {
  const expected = type === null ? 'yes' : isExpected(inputs, type);
  const problems =
    expected === 'yes'
      ? []
      : expected === 'no'
        ? [{ code: 'product_type_unexpected', data: { product_type: type } }]
        : [{ code: 'product_type_unclear', data: { product_type: type, ...expected } }];
  const attributes = inputs.contract.attributes
    .map((rule) => attributeCheck(inputs, earlier, rule, type))
    .filter(({ unavailable, ifWanted, ifUnwanted }) => unavailable.size > 0 || ifWanted || ifUnwanted);
  return { problems, attributes };
}

function attributeCheck(
  { actual, options }: Inputs,
  { availability, assignments }: EarlierSteps,
  rule: AttributeRule,
  type: string | null,
): AttributeCheck {
  const { slug } = rule;
  const unavailable = availability.get(slug)?.unavailable ?? NONE;
  /** Whether the shop has an attribute with this slug. */
  const exists = Object.hasOwn(actual.attributes, slug);
  /** Whether the shop has the attribute as the contract describes it, or this plan creates it. */
  const isUsable = findAttribute(actual, rule) !== undefined || (options.create_attributes && !exists);
  if (!isUsable) {
    const problem = { code: 'attribute_unavailable', data: { attribute: slug } };
    return { slug, unavailable, ifWanted: problem, ifUnwanted: exists ? problem : null };
  }
  const found = type === null ? undefined : own(actual.product_types, type);
  const isAssigned =
    found === undefined ||
    found.attributes.includes(slug) ||
    assignments.has(ref.assignment(type ?? '', slug));
  if (isAssigned) return { slug, unavailable, ifWanted: null, ifUnwanted: null };
  const isOfVariants = found.variant_attributes?.includes(slug) === true;
  const code = isOfVariants ? 'attribute_assigned_to_variants' : 'attribute_not_assigned';
  const ifWanted = { code, data: { attribute: slug, product_type: type } };
  return { slug, unavailable, ifWanted, ifUnwanted: null };
}

const NONE: ReadonlyMap<string, string> = new Map();

function attributeProblems(
  { slug, unavailable, ifWanted, ifUnwanted }: AttributeCheck,
  wanted: Assigned,
): readonly Problem[] {
  const keys = membersIn(wanted);
  const missing = keys.flatMap((key) => {
    const because = unavailable.get(key);
    return because === undefined
      ? []
      : [{ code: 'value_unavailable', data: { attribute: slug, key, because } }];
  });
  const problem = keys.length > 0 || typeof wanted === 'boolean' ? ifWanted : ifUnwanted;
  return problem === null ? missing : [...missing, problem];
}

type Expected = 'yes' | 'no' | { readonly name: string; readonly slugs: readonly string[] };

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

/** Returns the function that finds attributes that a page empties and that Saleor refuses to empty (docs/saleor.md#product-attributes). */
export function emptiedFinder({
  contract,
  actual,
}: Inputs): (page: Resolved, held: ProductDocument, document: ProductDocument) => readonly Diagnostic[] {
  const required = contract.attributes.filter(
    ({ slug }) => own(actual.attributes, slug)?.value_required === true,
  );
  const isEmpty = (assigned: Assigned | undefined) =>
    typeof assigned !== 'boolean' && membersIn(assigned).length === 0;
  return ({ offering: { page_id, title }, ref: address }, held, document) =>
    required
      .filter(({ slug }) => !isEmpty(held.attributes[slug]) && isEmpty(document.attributes[slug]))
      .map(({ slug, source }) => ({
        severity: 'error',
        code: 'required_attribute_emptied',
        ref: address,
        data: { attribute: slug, field: source, page_id, title },
      }));
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
