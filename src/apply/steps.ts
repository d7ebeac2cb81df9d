import type { AttributeRule } from '../contract/contract.ts';
import { type Assigned, type InputType, membersIn } from '../core/actual-state.ts';
import { chunked } from '../core/collections.ts';
import { type JsonObject, own } from '../core/json/canonical-json.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import { reference } from '../diff/value-matching.ts';
import type { Field } from '../plan/field-diff.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment } from './assess-change.ts';
import type { Assignment, Step } from './ports.ts';
import type { ShopView } from './shop-view.ts';

/** Values a request creates at most: the call stays short, and one attribute's 1,500 values are a few requests. */
const VALUES_A_STEP = 200;

/**
 * The mutations for pending changes of one kind, each group to be sent in order (the two mutations of one product).
 * `isSingle`: one change a step.
 * Derived from before and after, never from the patch; ids come from `now`. Throws a TypeError for an id that is not
 * there: the caller has checked needs and identity.
 */
export function stepsFor(
  plan: Plan,
  pending: readonly Assessment[],
  now: ShopView,
  isSingle: boolean,
): readonly (readonly Step[])[] {
  if (isSingle) return pending.map((one) => stepsOf(plan, one, now));
  const creates = pending.filter(({ change }) => isCreate(change));
  const assigns = pending.filter(({ change }) => kindOf(change.ref) === 'assignment');
  const others = pending.filter((one) => !creates.includes(one) && !assigns.includes(one));
  return [
    ...assignSteps(assigns, now).map((step) => [step]),
    ...createSteps(creates, now).map((step) => [step]),
    ...others.map((one) => stepsOf(plan, one, now)),
  ];
}

const isCreate = ({ ref, action }: Change): boolean => kindOf(ref) === 'value' && action === 'create';

function createSteps(creates: readonly Assessment[], now: ShopView): readonly Step[] {
  const values = creates.map(({ change }) => {
    const [, attribute, key] = partsOf(change.ref);
    const name = String((change.after as JsonObject)['name']);
    return {
      ref: change.ref,
      value: {
        attribute: assertDefined(now.attributeId(attribute), attribute),
        name,
        reference: reference(attribute, key),
      },
    };
  });
  return chunked(values, VALUES_A_STEP).map((chunk) => ({
    kind: 'create_values',
    refs: chunk.map(({ ref }) => ref),
    values: chunk.map(({ value }) => value),
  }));
}

/** One productAttributeAssign, or productAttributeUnassign, a product type. */
function assignSteps(assigns: readonly Assessment[], now: ShopView): readonly Step[] {
  const groups = new Map<string, Change[]>();
  for (const { change } of assigns) {
    const group = `${change.action} ${change.ids['product_type']}`;
    groups.set(group, [...(groups.get(group) ?? []), change]);
  }
  return [...groups.values()].map((changes) => ({
    kind: changes[0]?.action === 'delete' ? 'unassign' : 'assign',
    refs: changes.map(({ ref }) => ref),
    product_type: assertDefined(changes[0]?.ids['product_type'], 'a product type'),
    attributes: changes.map(({ ref }) => assertDefined(now.attributeId(partsOf(ref)[2]), ref)),
  }));
}

function stepsOf(plan: Plan, one: Assessment, now: ShopView): readonly Step[] {
  const { change, pending } = one;
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
      return assignSteps([one], now);
    case 'translation':
      return [
        {
          kind: 'translate',
          refs,
          id: assertDefined(now.valueId(attribute, key), change.ref),
          locale,
          name: String(after?.['name']),
        },
      ];
    case 'value': {
      if (isCreate(change)) return createSteps([one], now);
      const id = assertDefined(now.valueId(attribute, key), change.ref);
      if (after === null) return [{ kind: 'delete_value', refs, id }];
      const names = new Set(pending.map(({ name }) => name));
      const isRenamed = names.has('name') || names.has('slug');
      const isCleared = names.has('external_reference') && after['external_reference'] === null;
      const identity = names.has('external_reference') && !isCleared ? reference(attribute, key) : null;
      const name = isRenamed ? String(after['name']) : null;
      return [
        ...(name === null && identity === null
          ? []
          : [{ kind: 'update_value' as const, refs, id, name, reference: identity }]),
        ...(isCleared ? [{ kind: 'clear_reference' as const, refs, id }] : []),
      ];
    }
    case 'product':
      return productSteps(plan, change, pending, now);
  }
}

/**
 * Only what changes. Where attributes change, the metadata rides along in the same productUpdate, which rewrites the row
 * anyway; metadata alone is one SQL merge (docs/saleor.md#whole-row-writes).
 */
function productSteps(plan: Plan, change: Change, pending: readonly Field[], now: ShopView): readonly Step[] {
  const refs = [change.ref] as const;
  const id = productIdOf(change);
  const named = (prefix: string) =>
    pending
      .filter(({ name }) => name.startsWith(prefix))
      .map((field) => ({ ...field, name: field.name.slice(prefix.length) }));
  const attributes = named('attributes.').map(({ name, after }) =>
    assignmentOf(plan, name, (after ?? null) as Assigned, now),
  );
  const metadata = named('metadata.');
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

/** A wrong field for the input type would clear the attribute without a word, so the contract's rule decides it. */
function assignmentOf({ contract }: Plan, slug: string, after: Assigned, now: ShopView): Assignment {
  const rule = contract.attributes.find((one) => one.slug === slug) as AttributeRule;
  const found = own(now.actual.attributes, slug);
  if (found?.input_type !== rule.input_type) throw new TypeError(`${slug} is no ${rule.input_type}`);
  const ids = () =>
    membersIn(after).map((key) => assertDefined(now.valueId(slug, key), `value.${slug}.${key}`));
  if (rule.input_type === 'BOOLEAN')
    return { attribute: found.id, input_type: 'BOOLEAN', value: after as boolean | null };
  if (rule.input_type === 'DROPDOWN')
    return { attribute: found.id, input_type: 'DROPDOWN', value: ids()[0] ?? null };
  return { attribute: found.id, input_type: 'MULTISELECT', values: ids() };
}

/** What must be there, for whoever calls has looked. Throws a TypeError. */
export function assertDefined(found: string | undefined, what: string): string {
  if (found === undefined) throw new TypeError(`nothing is known of ${what}`);
  return found;
}
