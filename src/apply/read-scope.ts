import { kindOf } from '../core/resource-ref.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';
import type { Scope } from './ports.ts';

export const isProduct = ({ ref }: Change): boolean => kindOf(ref) === 'product';

/** The scope of a read that covers what the changes touch, and nothing else. */
export function scopeOf(plan: Plan, changes: readonly Change[], withAttributes: boolean): Scope {
  const isTranslating = withAttributes && changes.some(({ ref }) => kindOf(ref) === 'translation');
  return {
    attributes: withAttributes ? plan.contract.attributes.map(({ slug }) => slug) : [],
    locales: isTranslating ? localesOf(inputsOf(plan)) : [],
    products: changes.flatMap((change) => (isProduct(change) ? [productIdOf(change)] : [])),
  };
}
