import { type Contract, taxonomies } from '../contract/contract.ts';
import type { Actual, Product, Target } from '../core/actual-state.ts';
import type { Desired, Offering, Source } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { digest, type Json, sortedNames, sortedRecord } from '../core/json/canonical-json.ts';
import { ref } from '../core/resource-ref.ts';
import { byProblem, diff, selectOfferings } from '../diff/diff.ts';
import type { Change, Inputs, LeftOut, Options } from '../diff/model.ts';
import { type Hazard, hazardsOf } from './hazards.ts';
import { type OmittedSnapshot, restProblem } from './partial-snapshot-rest.ts';
import { restore } from './revert/revert-diff.ts';
import { type Summary, summarise } from './summary.ts';

export const FORMAT_VERSION = '1.0';
/** Of plans that hold a rest: 1.0 shows them without it, and decides on none. */
export const REST_VERSION = '1.1';

/** Whether this version knows all that a plan of this format may say. */
export const isKnownFormat = (version: string): boolean =>
  version === FORMAT_VERSION || version === REST_VERSION;

/**
 * A plan: everything inside its digest, and nothing else (docs/plan-format.md). What moves by itself stands
 * beside it in made.json.
 */
export interface Plan {
  readonly format_version: string;
  readonly target: Target;
  readonly source: Source;
  readonly options: Options;
  readonly contract: Contract;
  readonly registry: readonly string[] | null;
  readonly changes: readonly Change[];
  readonly left_out: readonly LeftOut[];
  /** One word a collection that was read: `complete`. */
  readonly completeness: Readonly<Record<string, 'complete'>>;
  readonly hazards: readonly Hazard[];
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: Summary;
  /** Made with --strict while something was wrong: may be read, never applied. */
  readonly errored: boolean;
  readonly desired: Omit<Desired, 'source'>;
  readonly actual: Omit<Actual, 'target'>;
  /** Only of --snapshots changed: what is not in the snapshots. */
  readonly rest?: OmittedSnapshot;
}

export interface PlanInputs extends Inputs {
  /** Collections that were read and proved complete, by name. */
  readonly completeness: readonly string[];
  /** What was compared beside these snapshots and is in line; left out: nothing. */
  readonly rest?: OmittedSnapshot;
}

/** The plan of these inputs; the same inputs give the same plan, byte for byte, on every machine. */
export function build(inputs: PlanInputs): Plan {
  const narrowed = narrow(inputs);
  const { reverts } = narrowed.desired;
  const { changes, left_out, diagnostics } =
    reverts === undefined ? diff(narrowed) : restore(narrowed, reverts);
  const told = narrowed.rest === undefined ? diagnostics : withTold(diagnostics, restProblem(narrowed.rest));
  const { source, ...desired } = narrowed.desired;
  const { target, ...actual } = narrowed.actual;
  return {
    format_version: narrowed.rest === undefined ? FORMAT_VERSION : REST_VERSION,
    target,
    source,
    options: inputs.options,
    contract: inputs.contract,
    registry: inputs.registry,
    changes,
    left_out,
    completeness: sortedRecord(inputs.completeness.map((name) => [name, 'complete' as const])),
    hazards: hazardsOf(changes, narrowed, narrowed.rest),
    diagnostics: told,
    summary: summarise(changes, left_out),
    errored: inputs.options.strict && diagnostics.some(({ severity }) => severity === 'error'),
    desired,
    actual,
    ...(narrowed.rest === undefined ? {} : { rest: narrowed.rest }),
  };
}

/** In the order of all others. */
const withTold = (problems: readonly Diagnostic[], one: Diagnostic): readonly Diagnostic[] =>
  [...problems, one].sort(byProblem);

/** What a plan was built from, taken from the plan itself: a rebuild must give the same plan. */
export function inputsOf(plan: Plan): PlanInputs {
  return {
    contract: plan.contract,
    options: plan.options,
    registry: plan.registry,
    desired: { ...plan.desired, source: plan.source },
    actual: { ...plan.actual, target: plan.target },
    completeness: Object.keys(plan.completeness),
    ...(plan.rest === undefined ? {} : { rest: plan.rest }),
  };
}

const digests = new WeakMap<Plan, string>();

/** SHA-256 of the RFC 8785 form, 64 hex digits. Nothing alters a plan, so each is digested once. */
export function digestOf(plan: Plan): string {
  const known = digests.get(plan);
  if (known !== undefined) return known;
  const made = digest(plan as unknown as Json);
  digests.set(plan, made);
  return made;
}

/** The name of the plan's folder: the first 16 hex digits of its digest. */
export const idOf = (planDigest: string): string => planDigest.slice(0, 16);

/** By what a plan is called, made when it is asked for: of a plan without changes nothing is written, and nobody asks. */
export const planIdentity = (plan: Plan): { readonly id: string; readonly digest: string } => ({
  get id() {
    return idOf(digestOf(plan));
  },
  get digest() {
    return digestOf(plan);
  },
});

/**
 * The snapshots hold what is compared: the selected offerings, with any other page that claims one of their products
 * (so that a rebuild sees the same rivals), and the products, types and attributes that these need.
 */
function narrow(inputs: PlanInputs): PlanInputs {
  const { desired, actual, contract } = inputs;
  const offerings = inputs.options.sync_products ? compared(inputs) : [];
  const named = new Set(offerings.flatMap(({ saleor_product_slug }) => saleor_product_slug ?? []));
  const ids = new Set(offerings.flatMap(({ saleor_product_id }) => saleor_product_id ?? []));
  const reverted = new Set(Object.keys(desired.reverts?.documents ?? {}));
  const isNamed = (slug: string, { id }: Product) =>
    named.has(slug) || ids.has(id) || reverted.has(ref.product(slug));
  const slugs = new Set(contract.attributes.map(({ slug }) => slug));
  const keys = new Set(contract.metadata.map(({ key }) => key));
  const products = kept(actual.products, isNamed, (product) => managed(product, slugs, keys));
  const types = new Set(Object.values(products).map(({ type }) => type));
  const wanted = new Set([
    ...contract.product_types,
    ...contract.attributes.flatMap(({ product_types }) => product_types),
  ]);
  return {
    ...inputs,
    desired: { ...desired, taxonomies: only(desired.taxonomies, new Set(taxonomies(contract))), offerings },
    actual: {
      ...actual,
      attributes: only(actual.attributes, slugs),
      product_types: sortedRecord(
        Object.entries(actual.product_types).filter(
          ([slug, { name }]) => types.has(slug) || wanted.has(slug) || wanted.has(name),
        ),
      ),
      products,
    },
  };
}

/** The products that are wanted, as they are wanted, in code-unit order; the same record where that is what it holds. */
function kept(
  all: Actual['products'],
  isWanted: (slug: string, product: Product) => boolean,
  narrowed: (product: Product) => Product,
): Actual['products'] {
  const slugs = Object.keys(all);
  const products = sortedNames(all).flatMap((slug) => {
    const product = all[slug] as Product;
    return isWanted(slug, product) ? [[slug, narrowed(product)] as const] : [];
  });
  const isAll =
    products.length === slugs.length &&
    products.every(([slug, product], index) => slug === slugs[index] && product === all[slug]);
  return isAll ? all : sortedRecord(products);
}

/** Managed fields only: a snapshot may have been taken for another contract. Members in the order of their names. */
function managed(product: Product, slugs: ReadonlySet<string>, keys: ReadonlySet<string>): Product {
  const { id, type, document, name } = product;
  const [attributes, metadata] = [only(document.attributes, slugs), only(document.metadata, keys)];
  const isSo = attributes === document.attributes && metadata === document.metadata;
  if (isSo && name === undefined) return product;
  return { document: isSo ? document : { attributes, metadata }, id, type };
}

/** Those members of a record that are named: nearly always all of them. */
function only<T>(
  record: Readonly<Record<string, T>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  for (const name in record) {
    if (names.has(name)) continue;
    return sortedRecord(Object.entries(record).filter(([one]) => names.has(one)));
  }
  return record;
}

function compared(inputs: PlanInputs): readonly Offering[] {
  const { limit, only_slugs } = inputs.options;
  if (limit === null && only_slugs === null) return inputs.desired.offerings;
  const selected = selectOfferings(inputs);
  if (selected.length === inputs.desired.offerings.length) return inputs.desired.offerings;
  const slugs = new Set(selected.flatMap(({ product }) => product?.slug ?? []));
  const pages = new Set(selected.map(({ offering }) => offering.page_id));
  const everyone = selectOfferings({
    ...inputs,
    options: { ...inputs.options, limit: null, only_slugs: null },
  });
  return everyone
    .filter(
      ({ offering, product }) => pages.has(offering.page_id) || (product !== null && slugs.has(product.slug)),
    )
    .map(({ offering }) => offering);
}
