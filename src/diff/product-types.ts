import type { Contract } from '../contract/contract.ts';
import type { Actual, ProductType } from '../core/actual-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { near } from '../core/text/did-you-mean.ts';

type ProductTypes = Actual['product_types'];

/** What a name in the contract means in the shop. */
export type TypeMatch =
  | { readonly kind: 'found'; readonly slug: string; readonly type: ProductType }
  /** Several types have this name: only slugs are unique (docs/saleor.md#product-types). */
  | { readonly kind: 'ambiguous'; readonly slugs: readonly string[] }
  | { readonly kind: 'missing'; readonly near: readonly string[] };

/** Finds a product type of the contract: by slug, else by its name where only one type has it. */
export function matchProductType(types: ProductTypes, wanted: string): TypeMatch {
  const bySlug = own(types, wanted);
  if (bySlug !== undefined) return { kind: 'found', slug: wanted, type: bySlug };
  const named = Object.entries(types)
    .filter(([, { name }]) => name === wanted)
    .sort(([a], [b]) => byCodeUnit(a, b));
  const [first, ...others] = named;
  if (first === undefined) return { kind: 'missing', near: nearTypes(types, wanted) };
  if (others.length > 0) return { kind: 'ambiguous', slugs: named.map(([slug]) => slug) };
  return { kind: 'found', slug: first[0], type: first[1] };
}

/** Slugs of types whose slug or name is similar: at most three. */
function nearTypes(types: ProductTypes, wanted: string): readonly string[] {
  const word = wanted.toLowerCase();
  const bySpelling = new Map<string, string[]>();
  for (const slug of Object.keys(types).sort(byCodeUnit)) {
    for (const spelling of new Set([slug.toLowerCase(), (types[slug] as ProductType).name.toLowerCase()]))
      bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), slug]);
  }
  const slugs = near(word, bySpelling.keys()).flatMap((spelling) => bySpelling.get(spelling) ?? []);
  return [...new Set(slugs)].slice(0, 3);
}

/** Every product type that the contract names, each name once. */
export const typeNames = ({ product_types, attributes }: Contract): readonly string[] => [
  ...new Set([...product_types, ...attributes.flatMap((rule) => rule.product_types)]),
];

/** The types that a contract needs in a snapshot: those it names, and those that a name without a type could mean. */
export function typesFor(contract: Contract, types: ProductTypes): ReadonlySet<string> {
  return new Set(
    typeNames(contract).flatMap((wanted) => {
      const match = matchProductType(types, wanted);
      if (match.kind === 'found') return [match.slug];
      return match.kind === 'ambiguous' ? match.slugs : match.near;
    }),
  );
}

/** Slug of a type → the names by which one list of the contract calls it, where these are several. */
export function namedTwice(types: ProductTypes, contract: Contract): ReadonlyMap<string, readonly string[]> {
  const twice = new Map<string, readonly string[]>();
  for (const list of [contract.product_types, ...contract.attributes.map((rule) => rule.product_types)]) {
    const names = new Map<string, string[]>();
    for (const wanted of list) {
      const match = matchProductType(types, wanted);
      if (match.kind === 'found') names.set(match.slug, [...(names.get(match.slug) ?? []), wanted]);
    }
    for (const [slug, found] of names) if (found.length > 1) twice.set(slug, found);
  }
  return twice;
}
