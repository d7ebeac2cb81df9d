import type { Json } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Plan } from '../plan.ts';

/**
 * Errors in the documents of a plan's changes: the schema only requires that `before` and `after` are objects or null, but all
 * readers of a change rely on their shape.
 */
export const documentFaults = (changes: Plan['changes']): readonly string[] =>
  changes.flatMap(({ ref, action, before, after }, index) => {
    const isProduct = kindOf(ref) === 'product';
    const sides = [
      { name: 'before', document: before, isThere: action !== 'create' },
      { name: 'after', document: after, isThere: action !== 'delete' },
    ];
    const wrong = sides.find(({ document, isThere }) => !isSide(document, isThere, isProduct));
    if (wrong !== undefined) return [`changes[${index}].${wrong.name}: is not a document of ${kindOf(ref)}`];
    return isProduct && action !== 'update' ? [`changes[${index}].action: a product is only updated`] : [];
  });

function isSide(document: Json, isThere: boolean, isProduct: boolean): boolean {
  if (!isThere || document === null) return !isThere && document === null;
  if (!isRecord(document)) return false;
  if (!isProduct) return Object.values(document).every(isScalar);
  const { attributes, metadata, ...others } = document;
  return (
    isRecord(attributes) &&
    Object.values(attributes).every(isAttribute) &&
    isRecord(metadata) &&
    Object.values(metadata).every((value) => typeof value === 'string') &&
    Object.keys(others).length === 0
  );
}

/** A set has each member with `true`. */
const isAttribute = (value: unknown): boolean =>
  isRecord(value) ? Object.values(value).every((member) => member === true) : isScalar(value);

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean';
