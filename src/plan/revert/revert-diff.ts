import { type Assigned, membersIn, valuesOf } from '../../core/actual-state.ts';
import type { ResourceDocument, Reverts } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { byCodeUnit, own } from '../../core/json/records.ts';
import { KINDS, kindOf, partsOf, ref } from '../../core/resource-ref.ts';
import { withField } from '../../diff/field-path.ts';
import { patchOf } from '../../diff/json-patch.ts';
import type { Change, Diff, Inputs } from '../../diff/model.ts';
import { predictSlug } from '../../diff/value-matching.ts';
import { compareFields, type Field } from '../field-diff.ts';
import { documentsOf, type ShopDocuments } from '../shop-documents.ts';

/**
 * The changes of an inverse plan: what differs between the documents that shall be again and the shop, as far as Saleor
 * can be brought there. Pure, and all that decides is in the plan: a rebuild gives the same.
 */
export function restore(inputs: Inputs, { documents, plan }: Reverts): Diff {
  const shown = documentsOf(inputs);
  const problems: Diagnostic[] = [];
  const refuse = (address: string, because: string, data: JsonObject = {}) =>
    void problems.push({
      severity: 'warning',
      code: 'not_revertible',
      ref: address,
      data: { because, ...data },
    });
  const scene: RevertContext = { inputs, shown, refuse };
  const entries = Object.entries(documents).sort(([a], [b]) => byCodeUnit(a, b));
  const updates = entries.flatMap(([address, after]) =>
    after === null ? [] : update(scene, address, after),
  );
  const deletes = entries.flatMap(([address, after]) =>
    after === null ? remove(scene, address, updates) : [],
  );
  const told: Diagnostic = {
    severity: 'warning',
    code: 'reverts',
    ref: ref.shop,
    data: { plan: plan.slice(0, 16) },
  };
  return {
    changes: [...inKinds(updates), ...inKinds(deletes)],
    left_out: [],
    diagnostics: [told, ...inputs.desired.problems, ...problems].sort(
      (a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.ref, b.ref),
    ),
  };
}

interface RevertContext {
  readonly inputs: Inputs;
  readonly shown: ShopDocuments;
  readonly refuse: (address: string, because: string, data?: JsonObject) => void;
}

const inKinds = (changes: readonly Change[]): readonly Change[] =>
  KINDS.flatMap((kind) => changes.filter((change) => kindOf(change.ref) === kind));

function change(
  { inputs }: RevertContext,
  address: string,
  before: ResourceDocument,
  after: ResourceDocument,
  rest: Pick<Change, 'ids' | 'needs'>,
): readonly Change[] {
  if (isSame(before, after)) return [];
  const action = after === null ? 'delete' : 'update';
  const provenance = { contract: inputs.contract.name };
  return [
    {
      ref: address,
      action,
      reason: 'reverted',
      before,
      after,
      patch: patchOf(before, after),
      ...rest,
      provenance,
    },
  ];
}

function update(scene: RevertContext, address: string, wanted: JsonObject): readonly Change[] {
  const before = scene.shown.document(address);
  if (before === null) {
    scene.refuse(address, 'gone');
    return [];
  }
  const ids = idsOf(scene, address);
  switch (kindOf(address)) {
    case 'product':
      return change(scene, address, before, restored(scene, address, before, wanted), { ids, needs: [] });
    case 'translation':
      return change(scene, address, before, wanted, { ids, needs: [] });
    case 'value': {
      const because = renameFault(scene, address, before, wanted);
      if (because === null) return change(scene, address, before, wanted, { ids, needs: [] });
      scene.refuse(address, because, { name: String(wanted['name']) });
      return [];
    }
    default:
      scene.refuse(address, 'kind');
      return [];
  }
}

/** Saleor derives the slug from the name anew: the old name is only given back where the old slug comes with it. */
function renameFault(
  { inputs, shown }: RevertContext,
  address: string,
  before: JsonObject,
  wanted: JsonObject,
): string | null {
  if (before['name'] === wanted['name']) return before['slug'] === wanted['slug'] ? null : 'slug';
  const [, attribute] = partsOf(address);
  const mine = shown.value(address)?.slug;
  const taken = Object.keys(valuesOf(inputs.actual, attribute)).filter((slug) => slug !== mine);
  return predictSlug(String(wanted['name']), new Set(taken)) === wanted['slug'] ? null : 'slug';
}

/** Field by field: what cannot be put back stays as it is, and is told. */
function restored(scene: RevertContext, address: string, before: JsonObject, wanted: JsonObject): JsonObject {
  return compareFields(address, before, wanted).reduce((document, field) => {
    const because = fieldFault(scene, address, field);
    if (because === null) return withField(document, field.name, field.after);
    scene.refuse(address, because, { field: field.name });
    return document;
  }, before);
}

function fieldFault(
  { inputs, shown }: RevertContext,
  address: string,
  { name, after }: Field,
): string | null {
  if (!name.startsWith('attributes.')) return null;
  const attribute = name.slice('attributes.'.length);
  const type = own(inputs.actual.products, address.slice('product.'.length))?.type;
  if (type === undefined || !own(inputs.actual.product_types, type)?.attributes.includes(attribute))
    return 'not_assigned';
  const lost = membersIn(after as Assigned | undefined).find(
    (member) => shown.value(ref.value(attribute, member)) === null,
  );
  return lost === undefined ? null : 'value_gone';
}

function idsOf(
  { inputs: { actual }, shown }: RevertContext,
  address: string,
): Readonly<Record<string, string>> {
  const [, first, second] = partsOf(address);
  switch (kindOf(address)) {
    case 'product':
      return present({ product: own(actual.products, address.slice('product.'.length))?.id });
    case 'assignment':
      return present({
        product_type: own(actual.product_types, first)?.id,
        attribute: own(actual.attributes, second)?.id,
      });
    case 'translation':
      return present({ value: shown.value(ref.value(first, second))?.value.id });
    default:
      return present({
        value: shown.value(address)?.value.id,
        attribute: own(actual.attributes, first)?.id,
      });
  }
}

const present = (ids: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(ids).flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const])),
  );

/** Values go when no product has them but those that this plan takes them from; assignments when nothing is in the way. */
function remove(scene: RevertContext, address: string, updates: readonly Change[]): readonly Change[] {
  const before = scene.shown.document(address);
  if (before === null) return [];
  const ids = idsOf(scene, address);
  if (kindOf(address) === 'assignment') {
    const [, type, attribute] = partsOf(address);
    const needs = updates.filter((one) => touches(scene, one, type, attribute)).map((one) => one.ref);
    return change(scene, address, before, null, { ids, needs });
  }
  if (kindOf(address) !== 'value') {
    scene.refuse(address, 'kind');
    return [];
  }
  const freed = updates.filter((one) => frees(one, address)).map((one) => one.ref);
  const users = scene.shown.value(address)?.value.users;
  if (users !== undefined && users <= freed.length)
    return change(scene, address, before, null, { ids, needs: freed });
  scene.refuse(
    address,
    users === undefined ? 'not_counted' : 'in_use',
    users === undefined ? {} : { users: users - freed.length },
  );
  return [];
}

function touches(
  { inputs }: RevertContext,
  { ref: address, before, after }: Change,
  type: string,
  attribute: string,
): boolean {
  if (kindOf(address) !== 'product') return false;
  if (own(inputs.actual.products, address.slice('product.'.length))?.type !== type) return false;
  return compareFields(address, before, after).some(({ name }) => name === `attributes.${attribute}`);
}

/** Whether a change takes this value from its product. */
export function frees({ ref: address, before, after }: Change, value: string): boolean {
  if (kindOf(address) !== 'product') return false;
  const [, attribute, member] = partsOf(value);
  const has = (document: ResourceDocument): boolean => {
    const attributes = (document as { readonly attributes: Readonly<Record<string, Assigned>> }).attributes;
    return membersIn(own(attributes, attribute)).includes(member);
  };
  return has(before) && !has(after);
}
