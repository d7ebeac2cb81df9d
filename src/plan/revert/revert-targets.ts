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
  /** Ref → the document to restore; null: the resource is to be deleted. */
  readonly documents: Readonly<Record<string, ResourceDocument>>;
  /** What cannot be reverted, and why. */
  readonly problems: readonly Diagnostic[];
}

/**
 * The documents that revert a plan: of what its runs applied and nobody changed since. `actual`: the shop as it is now. What the
 * runs found done already is not reverted.
 */
export function revertOf(plan: Plan, report: Report, actual: Actual): Reverted {
  const shown = documentsOf({ ...inputsOf(plan), actual });
  const outcomes = new Map(report.outcomes.map((one) => [one.ref, one.outcome]));
  const documents = new Map<string, ResourceDocument>();
  const problems: Diagnostic[] = [];
  const warn = (code: string, address: string, data: JsonObject) =>
    void problems.push({ severity: 'warning', code, ref: address, data });
  for (const change of plan.changes) {
    const outcome = outcomes.get(change.ref);
    if (outcome === 'failed' || outcome === 'unknown') warn('revert_uncertain', change.ref, { outcome });
    if (outcome !== 'applied') continue;
    const because = irreversibleBecause(change, plan, documents);
    if (because === 'with_value') continue;
    if (because !== null) {
      warn('not_revertible', change.ref, { because });
      continue;
    }
    const { wanted, changed } = restoredDocument(change, plan, actual, shown);
    for (const field of changed) warn('changed_since', change.ref, { field });
    if (wanted !== undefined) documents.set(change.ref, wanted);
  }
  return { documents: Object.fromEntries(documents), problems };
}

/** Why Saleor cannot undo a change; `with_value`: it is deleted with its value; null: it can. */
function irreversibleBecause(
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

/** The document to restore (undefined: nothing is to be done) and the fields that somebody changed since. */
function restoredDocument(
  change: Change,
  plan: Plan,
  actual: Actual,
  shown: ShopDocuments,
): { readonly wanted: ResourceDocument | undefined; readonly changed: readonly string[] } {
  const now = shown.document(change.ref);
  if (!isSameResource(change, plan, actual, shown)) return { wanted: undefined, changed: [''] };
  if (change.before === null) {
    if (now === null) return { wanted: undefined, changed: [] };
    return isSame(comparableNow(now, change), change.after)
      ? { wanted: null, changed: [] }
      : { wanted: undefined, changed: [''] };
  }
  if (now === null) return { wanted: undefined, changed: [''] };
  const changed: string[] = [];
  let wanted = now;
  for (const { name, before, after } of fieldsOf(change)) {
    const value = fieldAt(comparableNow(now, change), name);
    if (isSame(value, after)) wanted = withField(wanted, name, before);
    else if (!isSame(value, before)) changed.push(name);
  }
  return { wanted: isSame(wanted, now) ? undefined : wanted, changed };
}

/** Without the slug of a value where the plan left it to Saleor: any slug is as planned. */
function comparableNow(now: JsonObject, { ref: address, after }: Change): JsonObject {
  if (kindOf(address) !== 'value' || Object.hasOwn(after ?? {}, 'slug')) return now;
  return withField(now, 'slug', undefined);
}

/** Whether the resource is the one that the plan changed: the same product, a created value that still has its reference. */
function isSameResource(
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
