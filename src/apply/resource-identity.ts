import type { Actual, Product, Value } from '../core/actual-state.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';

/** The resource that a change is about, as the shop shows it now. */
export interface FoundResource {
  readonly actual: Actual;
  /** The product with the change's id, under its current slug. */
  readonly product: { readonly slug: string; readonly product: Product } | undefined;
  readonly value: Value | undefined;
}

/** Why the resource is not the one that the plan saw (another slug, product type, input type or id); null: it is. */
export function identityConflict(plan: Plan, change: Change, found: FoundResource): string | null {
  switch (kindOf(change.ref)) {
    case 'attribute':
      return null;
    case 'product':
      return productConflict(plan, change, found.product);
    default:
      return valueConflict(plan, change, found);
  }
}

function productConflict(plan: Plan, change: Change, found: FoundResource['product']): string | null {
  const slug = change.ref.slice('product.'.length);
  if (found === undefined) return 'the product no longer exists';
  if (found.slug !== slug) return `its slug is now ${found.slug}`;
  const type = own(plan.actual.products, slug)?.type;
  return found.product.type === type ? null : `its product type is now ${found.product.type}`;
}

function valueConflict(plan: Plan, change: Change, { actual, value }: FoundResource): string | null {
  const [, first, second] = partsOf(change.ref);
  const slug = kindOf(change.ref) === 'assignment' ? second : first;
  const planned = plan.contract.attributes.find((rule) => rule.slug === slug)?.input_type;
  const attribute = own(actual.attributes, slug);
  if (attribute === undefined)
    return plan.changes.some((other) => other.ref === ref.attribute(slug))
      ? null
      : `the attribute ${slug} no longer exists`;
  if (attribute.input_type !== planned) return `the attribute ${slug} is now a ${attribute.input_type}`;
  const isAnother = change.action === 'delete' && value !== undefined && value.id !== change.ids['value'];
  return isAnother ? 'it is a different value now' : null;
}
