import { type JsonObject, own } from '../../core/json/canonical-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanMetadata } from '../../plan/plan-metadata.ts';
import { productTypeName } from './field-labels.ts';
import type { ChangeView, Fact } from './review.ts';

const parts = (ref: string): readonly string[] => ref.split('.');
const rest = (ref: string): string => ref.slice(ref.indexOf('.') + 1);

/** What a person calls the resource. */
export function titleOf(plan: Plan, made: PlanMetadata | null, { ref, provenance, before }: Change): string {
  if (kindOf(ref) === 'product') {
    return own(made?.names ?? {}, ref) ?? ('title' in provenance ? provenance.title : rest(ref));
  }
  if ('label' in provenance) return provenance.label;
  const name = kindOf(ref) === 'value' ? own((before ?? {}) as JsonObject, 'name') : undefined;
  if (typeof name === 'string') return name;
  const [, first = '', second = ''] = parts(ref);
  if (kindOf(ref) === 'assignment')
    return `${attributeName(plan, second)} for ${productTypeName(plan, first)}`;
  return attributeName(plan, first);
}

const attributeName = ({ actual, contract }: Plan, slug: string): string =>
  own(actual.attributes, slug)?.name ?? contract.attributes.find((rule) => rule.slug === slug)?.name ?? slug;

/** Always shown, however little of the resource changes: a reader must know what it is that changes. */
export function resourceIdentity(
  plan: Plan,
  made: PlanMetadata | null,
  { ref, provenance, ids }: Change,
): readonly Fact[] {
  const fact = (name: Fact['name'], value: string | number | undefined): readonly Fact[] =>
    value === undefined || value === '' ? [] : [{ name, value: String(value) }];
  switch (kindOf(ref)) {
    case 'product': {
      const product = own(plan.actual.products, rest(ref));
      return [
        ...fact('product', own(made?.names ?? {}, ref)),
        ...('page_id' in provenance ? fact('page', provenance.title) : []),
        ...('page_id' in provenance ? fact('page id', provenance.page_id) : []),
        ...fact('type', product === undefined ? undefined : productTypeName(plan, product.type)),
        ...fact('id', ids['product']),
      ];
    }
    case 'value':
    case 'translation': {
      const term = 'key' in provenance ? provenance : { key: undefined, label: undefined };
      const locale = kindOf(ref) === 'translation' ? parts(ref).at(-1) : undefined;
      return [
        ...fact('attribute', parts(ref)[1]),
        ...fact('key', term.key),
        ...fact('label', term.label),
        ...fact('snippet', snippetIn(made, provenance)),
        ...fact('locale', locale),
        ...fact('id', ids['value']),
      ];
    }
    case 'assignment':
      return [
        ...fact('type', productTypeName(plan, parts(ref)[1] ?? '')),
        ...fact('attribute', parts(ref)[2]),
        ...fact('id', ids['product_type']),
      ];
    case 'attribute':
      return fact('attribute', rest(ref));
  }
}

function snippetIn(made: PlanMetadata | null, provenance: Change['provenance']): string | undefined {
  if (!('key' in provenance)) return undefined;
  const snippet = own(made?.snippets ?? {}, `${provenance.taxonomy}.${provenance.key}`);
  return snippet === undefined ? undefined : `${snippet.model ?? provenance.taxonomy} ${snippet.id}`;
}

/** Where a person can look at it: the page or term in Wagtail, the resource in Saleor's dashboard. */
export function resourceLinks(made: PlanMetadata | null, { ref, provenance }: Change): ChangeView['links'] {
  if (made === null) return [];
  const link = (what: 'page' | 'term' | 'dashboard', name: string) => {
    const url = own(made.links, name);
    return url === undefined ? [] : [{ what, url }];
  };
  return [
    ...('page_id' in provenance ? link('page', `page.${provenance.page_id}`) : []),
    ...('key' in provenance ? link('term', `term.${provenance.taxonomy}.${provenance.key}`) : []),
    ...link('dashboard', ref),
  ];
}
