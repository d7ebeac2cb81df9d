import { near } from '../core/text/did-you-mean.ts';
import type { Contract } from './contract.ts';
import { type ContractFinding, contractError, contractWarning } from './contract-finding.ts';
import type { ShopAttribute, ShopInventory, SiteInventory } from './inventory.ts';
import { isSameName } from './match-attributes.ts';

/** What of a contract the shop does not have yet. */
export interface ContractLacks {
  readonly types: boolean;
  readonly attributes: boolean;
  readonly assignments: boolean;
}

export function lacksOf({ attributes, product_types }: Contract, shop: ShopInventory): ContractLacks {
  const found = attributes.map((rule) => ({
    rule,
    attribute: shop.attributes.find(({ slug }) => slug === rule.slug),
  }));
  return {
    types: product_types.every((type) => typeNamed(shop, type) === null),
    attributes: found.some(({ attribute }) => attribute === undefined),
    assignments: found.some(({ rule, attribute }) =>
      rule.product_types.some(
        (type) => attribute !== undefined && !attribute.types.includes(typeNamed(shop, type) ?? ''),
      ),
    ),
  };
}

export function* attributeFindings(
  contract: Contract,
  site: SiteInventory,
  shop: ShopInventory,
): Generator<ContractFinding> {
  for (const [index, rule] of contract.attributes.entries()) {
    const attribute = shop.attributes.find(({ slug }) => slug === rule.slug);
    const place = `attributes[${index}]`;
    if (attribute === undefined) {
      yield contractWarning(
        `${place}.slug`,
        `the shop "${shop.name}" has no attribute "${rule.slug}"${alike(rule, site, shop)}`,
        'Correct "slug", or plan it: sailplan plan --create-attributes --sync-attributes.',
      );
      continue;
    }
    if (attribute.inputType !== rule.input_type)
      yield contractError(
        `${place}.input_type`,
        `${rule.slug} is ${attribute.inputType} in the shop, not ${rule.input_type}`,
        'Saleor cannot change it: name another attribute, or correct "input_type".',
      );
    const lacking = rule.product_types.filter((type) => {
      const found = typeNamed(shop, type);
      return found !== null && !attribute.types.includes(found);
    });
    if (lacking.length > 0)
      yield contractWarning(
        `${place}.product_types`,
        `${rule.slug} is not assigned to ${lacking.join(', ')}`,
        'Plan it: sailplan plan --sync-attributes --sync-products.',
      );
  }
}

function alike(rule: Contract['attributes'][number], site: SiteInventory, shop: ShopInventory): string {
  const field = site.fields.find(({ name }) => name === rule.source);
  const same = shop.attributes
    .filter((one: ShopAttribute) => field !== undefined && isSameName(field, one))
    .map(({ slug }) => slug);
  const found = [
    ...new Set([
      ...near(
        rule.slug,
        shop.attributes.map(({ slug }) => slug),
      ),
      ...same,
    ]),
  ];
  return found.length === 0 ? '' : ` (near: ${found.slice(0, 3).join(', ')})`;
}

/** By slug, else by name, as a plan finds it; null: none. */
function typeNamed(shop: ShopInventory, wanted: string): string | null {
  const type =
    shop.types.find(({ slug }) => slug === wanted) ?? shop.types.find(({ name }) => name === wanted);
  return type?.slug ?? null;
}

export function* typeFindings(contract: Contract, shop: ShopInventory): Generator<ContractFinding> {
  const named = new Set<string>();
  for (const [index, wanted] of contract.product_types.entries()) {
    const slug = typeNamed(shop, wanted);
    if (slug !== null) {
      named.add(slug);
      continue;
    }
    const meant = near(
      wanted.toLowerCase(),
      shop.types.map((type) => type.slug),
    );
    yield contractWarning(
      `product_types[${index}]`,
      `the shop "${shop.name}" has no product type "${wanted}"`,
      meant.length > 0
        ? `Did you mean ${meant.join(' or ')}?`
        : `Correct or delete the name, or create the product type in Saleor. The shop has: ${shop.types.map((type) => type.slug).join(', ') || 'none'}.`,
    );
  }
  for (const { slug, sampled } of shop.types)
    if (sampled > 0 && !named.has(slug))
      yield contractError(
        'product_types',
        `pages name products of the type "${slug}", which the contract does not list`,
        `Add "${slug}" to product_types.`,
      );
}
