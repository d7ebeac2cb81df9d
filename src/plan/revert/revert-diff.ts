import { type Assigned, membersIn, type ProductDocument, valuesOf } from '../../core/actual-state.ts';
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
 * The changes of an inverse plan: where the shop differs from the documents to restore, as far as Saleor can be changed back.
 * Pure, and depends only on the plan's content, so that a rebuild gives the same.
 */
export function diffRevert(inputs: Inputs, { documents, plan }: Reverts): Diff {
  const shown = documentsOf(inputs);
  const problems: Diagnostic[] = [];
  const refuse = (address: string, because: string, data: JsonObject = {}) =>
    void problems.push({
      severity: 'warning',
      code: 'not_revertible',
      ref: address,
      data: { because, ...data },
    });
  const context: RevertContext = { inputs, shown, refuse };
  const entries = Object.entries(documents).sort(([a], [b]) => byCodeUnit(a, b));
  const updates = entries.flatMap(([address, after]) =>
    after === null ? [] : update(context, address, after),
  );
  const deletes = entries.flatMap(([address, after]) =>
    after === null ? remove(context, address, updates) : [],
  );
  const changes = [...inKindOrder(updates), ...inKindOrder(deletes)];
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'reverts',
    ref: ref.shop,
    data: { plan: plan.slice(0, 16) },
  };
  return {
    changes,
    skipped: [],
    // Where nothing is left to revert, no later plan proposes it again.
    diagnostics: [...(changes.length === 0 ? [] : [warning]), ...inputs.desired.problems, ...problems].sort(
      (a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.ref, b.ref),
    ),
  };
}

interface RevertContext {
  readonly inputs: Inputs;
  readonly shown: ShopDocuments;
  readonly refuse: (address: string, because: string, data?: JsonObject) => void;
}

const inKindOrder = (changes: readonly Change[]): readonly Change[] =>
  KINDS.flatMap((kind) => changes.filter((change) => kindOf(change.ref) === kind));

/** The change between two documents; none where they are equal. */
function changeBetween(
  { inputs }: RevertContext,
  address: string,
  { before, after }: Pick<Change, 'before' | 'after'>,
  links: Pick<Change, 'ids' | 'needs'>,
): readonly Change[] {
  if (isSame(before, after)) return [];
  return [
    {
      ref: address,
      action: after === null ? 'delete' : 'update',
      reason: 'reverted',
      before,
      after,
      patch: patchOf(before, after),
      ...links,
      provenance: { contract: inputs.contract.name },
    },
  ];
}

function update(context: RevertContext, address: string, wanted: JsonObject): readonly Change[] {
  const before = context.shown.document(address);
  if (before === null) {
    context.refuse(address, 'gone');
    return [];
  }
  const ids = idsOf(context, address);
  switch (kindOf(address)) {
    case 'product':
      return changeBetween(
        context,
        address,
        { before, after: restored(context, address, before, wanted) },
        { ids, needs: [] },
      );
    case 'translation':
      return changeBetween(context, address, { before, after: wanted }, { ids, needs: [] });
    case 'value': {
      const because = renameBlocker(context, address, before, wanted);
      if (because === null)
        return changeBetween(context, address, { before, after: wanted }, { ids, needs: [] });
      context.refuse(address, because, { name: String(wanted['name']) });
      return [];
    }
    default:
      context.refuse(address, 'kind');
      return [];
  }
}

/** Why a value cannot get its old name back: Saleor derives the slug again, and it must be the old one. null if it can. */
function renameBlocker(
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

/** The document with each field that can be put back; reports the others. */
function restored(
  context: RevertContext,
  address: string,
  before: JsonObject,
  wanted: JsonObject,
): JsonObject {
  return compareFields(address, before, wanted).reduce((document, field) => {
    const because = fieldBlocker(context, address, field);
    if (because === null) return withField(document, field.name, field.after);
    context.refuse(address, because, { field: field.name });
    return document;
  }, before);
}

function fieldBlocker(
  { inputs, shown }: RevertContext,
  address: string,
  { name, after }: Field,
): string | null {
  if (!name.startsWith('attributes.')) return null;
  const attribute = name.slice('attributes.'.length);
  const type = own(inputs.actual.products, address.slice('product.'.length))?.type;
  if (type === undefined || !own(inputs.actual.product_types, type)?.attributes.includes(attribute))
    return 'not_assigned';
  const isEmpty = typeof after !== 'boolean' && membersIn(after as Assigned | undefined).length === 0;
  if (isEmpty && own(inputs.actual.attributes, attribute)?.value_required === true) return 'required';
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

/** Deletes a value if no product has it but those that this plan takes it from; an assignment always. */
function remove(context: RevertContext, address: string, updates: readonly Change[]): readonly Change[] {
  const before = context.shown.document(address);
  if (before === null) return [];
  const ids = idsOf(context, address);
  if (kindOf(address) === 'assignment') {
    const [, type, attribute] = partsOf(address);
    const needs = updates.filter((one) => touches(context, one, type, attribute)).map((one) => one.ref);
    return changeBetween(context, address, { before, after: null }, { ids, needs });
  }
  if (kindOf(address) !== 'value') {
    context.refuse(address, 'kind');
    return [];
  }
  const freed = updates.filter((one) => removesValue(one, address)).map((one) => one.ref);
  const users = context.shown.value(address)?.value.users;
  if (users !== undefined && users <= freed.length)
    return changeBetween(context, address, { before, after: null }, { ids, needs: freed });
  context.refuse(
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

/** Whether a change takes this value from a product. */
export function removesValue({ ref: address, before, after }: Change, value: string): boolean {
  if (kindOf(address) !== 'product') return false;
  const [, attribute, member] = partsOf(value);
  const has = (document: ResourceDocument): boolean => {
    const attributes = (document as ProductDocument).attributes;
    return membersIn(own(attributes, attribute)).includes(member);
  };
  return has(before) && !has(after);
}
