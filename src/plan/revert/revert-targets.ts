import type { Actual } from '../../core/actual-state.ts';
import type { ResourceDocument } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { own } from '../../core/json/records.ts';
import { kindOf, partsOf, ref } from '../../core/resource-ref.ts';
import { fieldAt, withField } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import { reference } from '../../diff/value-matching.ts';
import { fieldsOf } from '../field-diff.ts';
import { inputsOf, type Plan } from '../plan.ts';
import type { Report } from '../report.ts';
import { documentsOf, type ShopDocuments } from '../shop-documents.ts';

interface Reverted {
  /** Ref → the document that it shall have again; null: it shall not be there. */
  readonly documents: Readonly<Record<string, ResourceDocument>>;
  /** What stays, and why. */
  readonly problems: readonly Diagnostic[];
}

/**
 * What the runs of a plan applied and nobody has changed since, put back in reverse. `actual`: the shop as it is now.
 * What was found as planned without our doing is not ours to take back.
 */
export function revertOf(plan: Plan, report: Report, actual: Actual): Reverted {
  const shown = documentsOf({ ...inputsOf(plan), actual });
  const outcomes = new Map(report.outcomes.map((one) => [one.ref, one.outcome]));
  const documents = new Map<string, ResourceDocument>();
  const problems: Diagnostic[] = [];
  const tell = (code: string, address: string, data: JsonObject) =>
    void problems.push({ severity: 'warning', code, ref: address, data });
  for (const change of plan.changes) {
    const outcome = outcomes.get(change.ref);
    if (outcome === 'failed' || outcome === 'unknown') tell('revert_uncertain', change.ref, { outcome });
    if (outcome !== 'applied') continue;
    const because = finalFor(change, plan, documents);
    if (because === 'with_value') continue;
    if (because !== null) {
      tell('not_revertible', change.ref, { because });
      continue;
    }
    const { wanted, changed } = backwards(change, plan, actual, shown);
    for (const field of changed) tell('changed_since', change.ref, { field });
    if (wanted !== undefined) documents.set(change.ref, wanted);
  }
  return { documents: Object.fromEntries(documents), problems };
}

/** Why Saleor cannot undo a change of this kind; `with_value`: it goes with its value; null: it can. */
function finalFor(
  { ref: address, action }: Change,
  plan: Plan,
  documents: ReadonlyMap<string, ResourceDocument>,
): string | null {
  const kind = kindOf(address);
  if (kind === 'attribute') return 'attribute';
  if (action === 'delete') return 'deleted';
  if (kind !== 'translation' || action !== 'create') return null;
  const [, attribute, key] = partsOf(address);
  const value = ref.value(attribute, key);
  const isNew = plan.changes.some((other) => other.ref === value && other.action === 'create');
  return isNew && documents.get(value) === null ? 'with_value' : 'translation';
}

/** What the resource shall be again (undefined: nothing is to be done) and the fields that somebody changed since. */
function backwards(
  change: Change,
  plan: Plan,
  actual: Actual,
  shown: ShopDocuments,
): { readonly wanted: ResourceDocument | undefined; readonly changed: readonly string[] } {
  const now = shown.document(change.ref);
  if (!isItself(change, plan, actual, shown)) return { wanted: undefined, changed: [''] };
  if (change.before === null) {
    if (now === null) return { wanted: undefined, changed: [] };
    return isSame(foretold(now, change), change.after)
      ? { wanted: null, changed: [] }
      : { wanted: undefined, changed: [''] };
  }
  if (now === null) return { wanted: undefined, changed: [''] };
  const changed: string[] = [];
  let wanted = now;
  for (const { name, before, after } of fieldsOf(change)) {
    const value = fieldAt(foretold(now, change), name);
    if (isSame(value, after)) wanted = withField(wanted, name, before);
    else if (!isSame(value, before)) changed.push(name);
  }
  return { wanted: isSame(wanted, now) ? undefined : wanted, changed };
}

/** A slug that the plan left to Saleor is whatever it is. */
function foretold(now: JsonObject, { ref: address, after }: Change): JsonObject {
  if (kindOf(address) !== 'value' || Object.hasOwn(after ?? {}, 'slug')) return now;
  return withField(now, 'slug', undefined);
}

/** The same product, and of the values that the plan created those that still carry its reference. */
function isItself(
  { ref: address, ids, before }: Change,
  plan: Plan,
  actual: Actual,
  shown: ShopDocuments,
): boolean {
  if (kindOf(address) === 'product') {
    const slug = address.slice('product.'.length);
    const product = own(actual.products, slug);
    return product?.id === ids['product'] && product?.type === own(plan.actual.products, slug)?.type;
  }
  if (kindOf(address) !== 'value') return true;
  const [, attribute, key] = partsOf(address);
  const found = shown.value(address);
  if (found === null) return true;
  return before === null
    ? found.value.reference === reference(attribute, key)
    : found.value.id === ids['value'];
}
