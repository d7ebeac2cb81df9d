import { type Actual, type ProductDocument, type Value, valuesOf } from '../core/actual-state.ts';
import type { ResourceDocument } from '../core/desired-state.ts';
import { own } from '../core/json/records.ts';
import { inLanguage } from '../core/language-tag.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { productDocument } from '../diff/member-names.ts';
import type { Inputs } from '../diff/model.ts';
import { indexOf, indexTerms } from '../diff/term-index.ts';
import { extraMember, reference } from '../diff/value-matching.ts';

export interface ValueInShop {
  readonly slug: string;
  readonly value: Value;
}

/** How the shop's resources are found for the names in refs, which are a plan's own. */
export interface ResourceFinder {
  readonly actual: Pick<Actual, 'attributes' | 'product_types'>;
  /** By its key. */
  value(attribute: string, key: string): ValueInShop | null;
  /** The members of a value that are compared. */
  valueDocument(found: ValueInShop): ResourceDocument;
  product(slug: string): ProductDocument | null;
}

/** The document of a resource as the shop has it; null: it is not there. */
export function documentIn(find: ResourceFinder, address: string): ResourceDocument {
  const [, first, second, locale] = partsOf(address);
  const { attributes, product_types } = find.actual;
  switch (kindOf(address)) {
    case 'attribute': {
      const found = own(attributes, first);
      return found === undefined ? null : { name: found.name, input_type: found.input_type };
    }
    case 'assignment':
      return own(product_types, first)?.attributes.includes(second) ? { assigned: true } : null;
    case 'value': {
      const found = find.value(first, second);
      return found === null ? null : find.valueDocument(found);
    }
    case 'translation': {
      const label = inLanguage(find.value(first, second)?.value.translations ?? {}, locale) ?? null;
      return label === null ? null : { name: label };
    }
    case 'product':
      return find.product(address.slice('product.'.length));
  }
}

/** The shop's documents by ref, with values named as a plan names them once it was applied. */
export interface ShopDocuments {
  /** null: it is not there. */
  document(address: string): ResourceDocument;
  value(address: string): ValueInShop | null;
}

export function documentsOf(inputs: Inputs): ShopDocuments {
  const { actual, contract } = inputs;
  const names = valueNames(inputs);
  const value = (attribute: string, key: string): ValueInShop | null => {
    const found = [...(names.get(attribute)?.members ?? [])].find(([, member]) => member === key);
    const there = found && own(valuesOf(actual, attribute), found[0]);
    return found === undefined || there === undefined ? null : { slug: found[0], value: there };
  };
  const finder: ResourceFinder = {
    actual,
    value,
    valueDocument: ({ slug, value: { name, reference: external_reference } }) => ({
      ...(contract.naming === 'key' ? {} : { external_reference }),
      name,
      slug,
    }),
    product: (slug) => {
      const found = own(actual.products, slug);
      return found === undefined ? null : productDocument(inputs, found, names);
    },
  };
  return {
    document: (address) => documentIn(finder, address),
    value: (address) => {
      const [, attribute, key] = partsOf(address);
      return value(attribute, key);
    },
  };
}

/** Attribute → slug of a value → its name in documents. In both naming modes an applied plan left its values under their keys. */
function valueNames({ actual, contract, desired, registry }: Inputs) {
  const { index } = indexTerms({ contract, desired, registry });
  return new Map(
    contract.attributes.map((rule) => {
      const attribute = rule.slug;
      const keys = [...indexOf(index, rule).usable.keys()];
      const known = new Map(
        contract.naming === 'key' ? [] : keys.map((key) => [reference(attribute, key), key] as const),
      );
      const values = Object.entries(valuesOf(actual, attribute));
      const members = values.map(
        ([slug, { reference: identity }]) =>
          [slug, known.get(identity ?? '') ?? extraMember(contract.naming, slug)] as const,
      );
      return [attribute, { members: new Map(members) }] as const;
    }),
  );
}
