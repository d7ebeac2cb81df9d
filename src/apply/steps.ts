import type { AttributeRule } from '../contract/contract.ts';
import { type Assigned, type InputType, membersIn } from '../core/actual-state.ts';
import { chunked, groupBy } from '../core/collections.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment } from './assess-change.ts';
import type { Assignment, Step } from './ports.ts';
import type { ShopView } from './shop-view.ts';

/** Most values of one request: it stays short, and the 1,500 values of an attribute need 8 requests. */
const VALUES_PER_STEP = 200;

/**
 * The steps for pending changes of one kind, in groups; the steps of a group are sent in order (both mutations of one
 * product). `isSingle`: one change per step. Uses before and after, never the patch; ids come from `view`. Throws a
 * TypeError for a missing id, which is a bug: the caller has checked preconditions and identity.
 */
export function stepsFor(
  plan: Plan,
  pending: readonly Assessment[],
  view: ShopView,
  isSingle: boolean,
): readonly (readonly Step[])[] {
  if (isSingle) return pending.map((one) => stepsOf(plan, one, view));
  const creates = pending.filter(({ change }) => isCreate(change));
  const assigns = pending.filter(({ change }) => kindOf(change.ref) === 'assignment');
  const others = pending.filter((one) => !creates.includes(one) && !assigns.includes(one));
  return [
    ...assignSteps(assigns, view).map((step) => [step]),
    ...createSteps(creates, view).map((step) => [step]),
    ...others.map((one) => stepsOf(plan, one, view)),
  ];
}

const isCreate = ({ ref, action }: Change): boolean => kindOf(ref) === 'value' && action === 'create';

function createSteps(creates: readonly Assessment[], view: ShopView): readonly Step[] {
  const values = creates.map(({ change }) => {
    const [, attribute, key] = partsOf(change.ref);
    const name = String((change.after as JsonObject)['name']);
    return {
      ref: change.ref,
      value: {
        attribute: assertDefined(view.attributeId(attribute), attribute),
        name,
        reference: reference(attribute, key),
      },
    };
  });
  return chunked(values, VALUES_PER_STEP).map((chunk) => ({
    kind: 'create_values',
    refs: chunk.map(({ ref }) => ref),
    values: chunk.map(({ value }) => value),
  }));
}

/** One productAttributeAssign or productAttributeUnassign per product type. */
function assignSteps(assigns: readonly Assessment[], view: ShopView): readonly Step[] {
  const groups = groupBy(
    assigns.map(({ change }) => change),
    ({ action, ids }) => `${action} ${ids['product_type']}`,
  );
  return [...groups.values()].map((changes) => ({
    kind: changes[0]?.action === 'delete' ? 'unassign' : 'assign',
    refs: changes.map(({ ref }) => ref),
    product_type: assertDefined(changes[0]?.ids['product_type'], 'a product type'),
    attributes: changes.map(({ ref }) => assertDefined(view.attributeId(partsOf(ref)[2]), ref)),
  }));
}

function stepsOf(plan: Plan, one: Assessment, view: ShopView): readonly Step[] {
  const { change } = one;
  const [, attribute, key, locale] = partsOf(change.ref);
  const refs = [change.ref] as const;
  const after = change.after as JsonObject | null;
  switch (kindOf(change.ref)) {
    case 'attribute':
      return [
        {
          kind: 'create_attribute',
          refs,
          slug: attribute,
          name: String(after?.['name']),
          input_type: after?.['input_type'] as InputType,
        },
      ];
    case 'assignment':
      return assignSteps([one], view);
    case 'translation':
      return [
        {
          kind: 'translate',
          refs,
          id: assertDefined(view.valueId(attribute, key), change.ref),
          locale,
          name: String(after?.['name']),
        },
      ];
    case 'value':
      return isCreate(change) ? createSteps([one], view) : valueSteps(one, view);
    case 'product':
      return productSteps(plan, one, view);
  }
}

/** Updates or deletes one value. A renamed value gets a new slug from Saleor, so a pending slug is written by its name. */
function valueSteps({ change, pending }: Assessment, view: ShopView): readonly Step[] {
  const [, attribute, key] = partsOf(change.ref);
  const refs = [change.ref] as const;
  const after = change.after as JsonObject | null;
  const id = assertDefined(view.valueId(attribute, key), change.ref);
  if (after === null) return [{ kind: 'delete_value', refs, id }];
  const names = new Set(pending.map(({ name }) => name));
  const isRenamed = names.has('name') || names.has('slug');
  const isCleared = names.has('external_reference') && after['external_reference'] === null;
  const newReference =
    names.has('external_reference') && !isCleared ? String(after['external_reference']) : null;
  const name = isRenamed ? String(after['name']) : null;
  return [
    ...(name === null && newReference === null
      ? []
      : [{ kind: 'update_value' as const, refs, id, name, reference: newReference }]),
    ...(isCleared ? [{ kind: 'clear_reference' as const, refs, id }] : []),
  ];
}

/**
 * Writes only the fields that change. productUpdate rewrites the whole row, so metadata goes into the same request;
 * metadata alone is one SQL merge (docs/saleor.md#whole-row-writes).
 */
function productSteps(plan: Plan, { change, pending }: Assessment, view: ShopView): readonly Step[] {
  const refs = [change.ref] as const;
  const id = productIdOf(change);
  const fieldsUnder = (prefix: string) =>
    pending
      .filter(({ name }) => name.startsWith(prefix))
      .map((field) => ({ ...field, name: field.name.slice(prefix.length) }));
  const attributes = fieldsUnder('attributes.').map(({ name, after }) =>
    assignmentOf(plan, name, (after ?? null) as Assigned, view),
  );
  const metadata = fieldsUnder('metadata.');
  const set = Object.fromEntries(
    metadata.flatMap(({ name, after }) => (after === undefined ? [] : [[name, String(after)]])),
  );
  const keys = metadata.filter(({ after }) => after === undefined).map(({ name }) => name);
  return [
    ...(attributes.length > 0
      ? [{ kind: 'update_product' as const, refs, id, attributes, metadata: set }]
      : []),
    ...(attributes.length === 0 && Object.keys(set).length > 0
      ? [{ kind: 'update_metadata' as const, refs, id, metadata: set }]
      : []),
    ...(keys.length > 0 ? [{ kind: 'delete_metadata' as const, refs, id, keys }] : []),
  ];
}

/** Saleor clears an attribute without an error when the field is wrong for its input type, so the contract decides it. */
function assignmentOf({ contract }: Plan, slug: string, after: Assigned, view: ShopView): Assignment {
  const rule = contract.attributes.find((one) => one.slug === slug) as AttributeRule;
  const found = own(view.actual.attributes, slug);
  if (found?.input_type !== rule.input_type) throw new TypeError(`${slug} is no ${rule.input_type}`);
  const ids = () =>
    membersIn(after).map((key) => assertDefined(view.valueId(slug, key), `value.${slug}.${key}`));
  if (rule.input_type === 'BOOLEAN')
    return { attribute: found.id, input_type: 'BOOLEAN', value: after as boolean | null };
  if (rule.input_type === 'DROPDOWN')
    return { attribute: found.id, input_type: 'DROPDOWN', value: ids()[0] ?? null };
  return { attribute: found.id, input_type: 'MULTISELECT', values: ids() };
}

/** Returns `found`; throws a TypeError (a bug) if it is undefined, because the caller has checked it. */
export function assertDefined(found: string | undefined, what: string): string {
  if (found === undefined) throw new TypeError(`nothing is known of ${what}`);
  return found;
}
