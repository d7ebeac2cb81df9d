import { own } from '../../core/json/records.ts';
import { kindOf, partsOf } from '../../core/resource-ref.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import { productTypeName } from './field-labels.ts';
import type { Fact, ResourceLink } from './review.ts';

/** The ref without its kind; the full slug of a product. */
const nameIn = (ref: string): string => ref.slice(ref.indexOf('.') + 1);

/** What a person calls the resource. */
export function titleOf(
  plan: Plan,
  metadata: PlanProvenance | null,
  { ref, provenance, before }: Change,
): string {
  const kind = kindOf(ref);
  if (kind === 'product') {
    return own(metadata?.names ?? {}, ref) ?? ('title' in provenance ? provenance.title : nameIn(ref));
  }
  if ('label' in provenance) return provenance.label;
  const name = kind === 'value' ? fieldAt(before, 'name') : undefined;
  if (typeof name === 'string') return name;
  const [, first, second] = partsOf(ref);
  if (kind === 'assignment') return `${attributeName(plan, second)} for ${productTypeName(plan, first)}`;
  return attributeName(plan, first);
}

const attributeName = ({ actual, contract }: Plan, slug: string): string =>
  own(actual.attributes, slug)?.name ?? contract.attributes.find((rule) => rule.slug === slug)?.name ?? slug;

/** Facts that identify the resource, shown with every change, however small. */
export function resourceIdentity(
  plan: Plan,
  metadata: PlanProvenance | null,
  change: Change,
): readonly Fact[] {
  const { ref, ids } = change;
  const [, first, second] = partsOf(ref);
  switch (kindOf(ref)) {
    case 'product':
      return productIdentity(plan, metadata, change);
    case 'value':
    case 'translation':
      return termIdentity(metadata, change);
    case 'assignment':
      return [
        ...fact('type', productTypeName(plan, first)),
        ...fact('attribute', second),
        ...fact('id', ids['product_type']),
      ];
    case 'attribute':
      return fact('attribute', nameIn(ref));
  }
}

/** No fact where the value is not known. */
const fact = (name: Fact['name'], value: string | number | undefined): readonly Fact[] =>
  value === undefined || value === '' ? [] : [{ name, value: String(value) }];

function productIdentity(
  plan: Plan,
  metadata: PlanProvenance | null,
  { ref, provenance, ids }: Change,
): readonly Fact[] {
  const product = own(plan.actual.products, nameIn(ref));
  return [
    ...fact('product', own(metadata?.names ?? {}, ref)),
    ...('page_id' in provenance ? fact('page', provenance.title) : []),
    ...('page_id' in provenance ? fact('page id', provenance.page_id) : []),
    ...fact('type', product === undefined ? undefined : productTypeName(plan, product.type)),
    ...fact('id', ids['product']),
  ];
}

function termIdentity(metadata: PlanProvenance | null, { ref, provenance, ids }: Change): readonly Fact[] {
  const [, attribute] = partsOf(ref);
  const locale = kindOf(ref) === 'translation' ? ref.split('.').at(-1) : undefined;
  return [
    ...fact('attribute', attribute),
    ...('key' in provenance ? fact('key', provenance.key) : []),
    ...('key' in provenance ? fact('label', provenance.label) : []),
    ...fact('snippet', snippetOf(metadata, provenance)),
    ...fact('locale', locale),
    ...fact('id', ids['value']),
  ];
}

/** `catalog.Role 12`: the snippet that the term is in Wagtail. */
function snippetOf(metadata: PlanProvenance | null, provenance: Change['provenance']): string | undefined {
  if (!('key' in provenance)) return undefined;
  const snippet = own(metadata?.snippets ?? {}, `${provenance.taxonomy}.${provenance.key}`);
  return snippet === undefined ? undefined : `${snippet.model ?? provenance.taxonomy} ${snippet.id}`;
}

/** Where a person can open it: the page or term in Wagtail, the resource in Saleor's dashboard. */
export function resourceLinks(
  metadata: PlanProvenance | null,
  { ref, provenance }: Change,
): readonly ResourceLink[] {
  if (metadata === null) return [];
  const link = (what: 'page' | 'term' | 'dashboard', name: string) => {
    const url = own(metadata.links, name);
    return url === undefined ? [] : [{ what, url }];
  };
  return [
    ...('page_id' in provenance ? link('page', `page.${provenance.page_id}`) : []),
    ...('key' in provenance ? link('term', `term.${provenance.taxonomy}.${provenance.key}`) : []),
    ...link('dashboard', ref),
  ];
}
