import { FieldError, InputError, type InputProblem, notHere, refuse } from '../failure.ts';
import { decodeId, globalId, inputPk, queryPk } from '../ids.ts';
import { type AttributeRecord, attributePks, type ProductRecord, type ValueRecord } from '../record.ts';
import { freeSlug, slugify } from '../slug.ts';
import { booleanValue, insertValue, type Store, slugTaken, valuesOf } from '../store.ts';

export interface Pick1 {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly value?: string | null;
}

/** AttributeValueInput. Only the member that fits the attribute's input type is ever looked at: others clear. */
export interface AssignmentInput {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly values?: readonly string[] | null;
  readonly dropdown?: Pick1 | null;
  readonly multiselect?: readonly Pick1[] | null;
  readonly boolean?: boolean | null;
  readonly numeric?: string | null;
  readonly plainText?: string | null;
  readonly richText?: string | null;
  readonly date?: string | null;
}

interface Entry {
  readonly attribute: AttributeRecord;
  readonly input: AssignmentInput;
}

const KNOWN = [
  'id',
  'externalReference',
  'values',
  'dropdown',
  'multiselect',
  'boolean',
  'numeric',
  'plainText',
  'richText',
  'date',
];

/** Attributes of the type that the input names; the last mention of one wins. Worked on in slug order, as Saleor does. */
function entries(
  store: Store,
  product: Pick<ProductRecord, 'type'>,
  inputs: readonly AssignmentInput[],
): Entry[] {
  const byId = new Map<number, AssignmentInput>();
  const byReference = new Map<string, AssignmentInput>();
  for (const input of inputs) {
    const stray = Object.keys(input).find((member) => !KNOWN.includes(member));
    if (stray) throw notHere(`attributes: [{${stray}}]`);
    if (input.id && input.externalReference)
      throw refuse('attributes', 'REQUIRED', "Argument 'id' cannot be combined with 'externalReference'");

    if (!input.id && !input.externalReference)
      throw refuse(
        'attributes',
        'REQUIRED',
        "At least one of arguments is required: 'id', 'externalReference'.",
      );
    if (input.id) byId.set(inputPk('Attribute', input.id, 'attributes'), input);
    else byReference.set(input.externalReference ?? '', input);
  }
  const known = attributePks(store.productTypes.get(product.type))
    .map((pk) => store.attributes.get(pk))
    .filter((a) => a !== undefined);
  const missing = [
    ...Array.from(byId)
      .filter(([pk]) => !known.some((a) => a.pk === pk))
      .map(([, input]) => `ID: ${input.id}`),
    ...Array.from(byReference.keys())
      .filter((r) => !known.some((a) => a.externalReference === r))
      .map((r) => `ExtRef: ${r}`),
  ];
  if (missing.length > 0)
    throw refuse('attributes', 'NOT_FOUND', `Could not resolve attributes: ${missing.join(', ')}.`);
  return known
    .map((attribute) => ({
      attribute,
      input: byId.get(attribute.pk) ?? byReference.get(attribute.externalReference ?? ''),
    }))
    .filter((e): e is Entry => e.input !== undefined)
    .sort((a, b) => (a.attribute.slug < b.attribute.slug ? -1 : 1));
}

const isLegacy = ({ attribute, input }: Entry): boolean =>
  (input.values?.length ?? 0) > 0 &&
  ['DROPDOWN', 'MULTISELECT', 'SWATCH', 'NUMERIC'].includes(attribute.inputType);

const hasTwice = (texts: readonly (string | null | undefined)[]): boolean => {
  const given = texts.filter((t) => t !== null && t !== undefined);
  return new Set(given).size !== given.length;
};

const REQUIRED = { code: 'REQUIRED', message: 'Attribute expects a value but none were given.' };
const DUPLICATED = { code: 'DUPLICATED_INPUT_ITEM', message: 'Duplicated attribute values are provided.' };
const ONLY_ONE = { code: 'INVALID', message: 'Attribute must take only one value.' };
const TWO_NAMES = { code: 'INVALID', message: 'Attribute values cannot be assigned by both id and value.' };
const TWO_KEYS = {
  code: 'INVALID',
  message: 'Attribute values cannot be assigned by both id and external reference',
};
const BLANK = { code: 'REQUIRED', message: 'Attribute values cannot be blank.' };
const TOO_LONG = { code: 'INVALID', message: 'Attribute value length is exceeded.' };
const NOT_NUMERIC = { code: 'INVALID', message: 'Numeric value is required.' };

type Fault = { readonly code: string; readonly message: string };

const isEmpty = (pick: Pick1): boolean => !pick.id && !pick.externalReference && !pick.value;

function checkPick(pick: Pick1, isRequired: boolean): readonly Fault[] {
  if (pick.id && pick.externalReference) return [TWO_KEYS];

  if (pick.id && pick.value) return [TWO_NAMES];
  const isBlank = [pick.id, pick.externalReference, pick.value].some((t) => t && t.trim() === '');
  if (isBlank) return [BLANK];
  if (Array.from(pick.value ?? '').length > 250) return [TOO_LONG];

  return isEmpty(pick) && isRequired ? [REQUIRED] : [];
}

function faults(entry: Entry): readonly Fault[] {
  const { attribute, input } = entry;
  const isRequired = attribute.valueRequired;
  if (isLegacy(entry)) {
    const values = input.values ?? [];

    const tooMany = attribute.inputType !== 'MULTISELECT' && values.length > 1;
    const blank = values.filter((v) => v.trim() === '').map(() => BLANK);
    return [...(tooMany ? [ONLY_ONE] : []), ...(hasTwice(values) ? [DUPLICATED] : []), ...blank];
  }
  if (attribute.inputType === 'DROPDOWN')
    return input.dropdown ? checkPick(input.dropdown, isRequired) : isRequired ? [REQUIRED] : [];
  if (attribute.inputType === 'MULTISELECT') {
    const picks = input.multiselect ?? [];
    if (picks.length === 0) return isRequired ? [REQUIRED] : [];
    if (picks.some((p) => p.id) && picks.some((p) => p.value)) return [TWO_NAMES];

    const members = ['id', 'value', 'externalReference'] as const;
    const isTwice = members.some((m) => hasTwice(picks.map((p) => p[m])));
    return [...(isTwice ? [DUPLICATED] : []), ...picks.flatMap((p) => checkPick(p, isRequired))];
  }
  if (attribute.inputType === 'NUMERIC' && typeof input.numeric === 'string' && !isNumber(input.numeric))
    return [NOT_NUMERIC];
  const given = {
    BOOLEAN: input.boolean,
    NUMERIC: input.numeric,
    PLAIN_TEXT: input.plainText,
    DATE: input.date,
    RICH_TEXT: input.richText,
  }[attribute.inputType];
  return isRequired && (given === null || given === undefined) ? [REQUIRED] : [];
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Faults of one kind are one error that names all its attributes. */
function problems(all: readonly Entry[]): InputProblem[] {
  const byFault = new Map<Fault, string[]>();
  for (const entry of all)
    for (const fault of faults(entry)) {
      const name = entry.input.id ?? entry.input.externalReference ?? '';
      byFault.set(fault, [...(byFault.get(fault) ?? []), name]);
    }
  return Array.from(byFault, ([fault, attributes]) => ({ field: 'attributes', ...fault, attributes }));
}

/** A value to write: one that is there, or a new one that the write will make. */
type Wanted = ValueRecord | { readonly make: () => ValueRecord; readonly slug: string };

const invalid = (message: string): InputError => refuse(null, 'INVALID', message);

/** Slug first, then exact name, else a NEW value: the danger of `value` (recording 04-auto-create-danger). */
function byText(
  store: Store,
  attribute: AttributeRecord,
  texts: readonly string[],
  references: readonly (string | null)[] = [],
): Wanted[] {
  const values = valuesOf(store, attribute.pk);
  const planned = new Map<string, Wanted>();
  const isSlugTaken = slugTaken(store, attribute.pk);
  const taken = new Set<string>();
  return texts.map((text, i) => {
    const reference = references[i] ?? null;
    const known =
      reference === null
        ? (values.find((v) => v.slug === text) ?? values.find((v) => v.name === text) ?? planned.get(text))
        : undefined;
    if (known) return known;
    const slug = freeSlug(slugify(text), (s) => isSlugTaken(s) || taken.has(s));
    taken.add(slug);
    const made = {
      slug,
      make: () =>
        insertValue(store, { attribute: attribute.pk, name: text, slug, externalReference: reference }),
    };
    planned.set(text, made);
    return made;
  });
}

const withReference = (values: Iterable<ValueRecord>, reference: string): ValueRecord | undefined =>
  Array.from(values).find((v) => v.externalReference === reference);

function referenceAndText(
  store: Store,
  attribute: AttributeRecord,
  among: Iterable<ValueRecord>,
  reference: string,
  text: string,
): Wanted[] {
  const known = withReference(among, reference);
  if (known && known.name !== text)
    throw invalid(
      `Attribute value with external reference '${reference}' already exists with different value '${known.name}'.`,
    );
  return known ? [known] : byText(store, attribute, [text], [reference]);
}

/** Looks over the whole shop: another attribute's value gets through here, and is judged by its slug later. */
function single(store: Store, attribute: AttributeRecord, pick: Pick1): Wanted[] {
  const { id, externalReference: reference, value } = pick;
  if (reference && value) return referenceAndText(store, attribute, store.values.values(), reference, value);
  if (reference) {
    const found = withReference(store.values.values(), reference);
    if (!found) throw invalid("Attribute value with given externalReference can't be found");
    return [found];
  }
  if (id) {
    const parsed = decodeId(id);
    if (!parsed) throw new FieldError(`Invalid ID: ${id}.`);
    const found = store.values.get(Number(parsed.key));
    if (!found) throw invalid("Attribute value with given ID can't be found");
    return [found];
  }
  return value ? byText(store, attribute, [value]) : [];
}

function multiple(store: Store, attribute: AttributeRecord, picks: readonly Pick1[]): Wanted[] {
  const own = valuesOf(store, attribute.pk);
  const ids = picks.flatMap((p) =>
    p.id ? [{ id: p.id, row: own.find((v) => v.pk === queryPk('AttributeValue', p.id ?? '')) }] : [],
  );
  const lost = ids.filter(({ row }) => !row).map(({ id }) => id);
  if (lost.length > 0)
    throw invalid(`Attribute value(s) with given ID(s) can't be found: ${lost.join(', ')}`);
  const alone = picks
    .filter((p) => !p.id && p.externalReference && !p.value)
    .map((p) => p.externalReference ?? '');
  const lostReferences = alone.filter((r) => !withReference(own, r));
  if (lostReferences.length > 0)
    throw invalid(
      `Attribute value(s) with given external reference(s) can't be found: ${lostReferences.join(', ')}`,
    );
  const known = picks.flatMap((p): Wanted[] => {
    if (p.id) return [ids.find(({ id }) => id === p.id)?.row].filter((row) => row !== undefined);
    if (!p.externalReference) return [];
    return p.value
      ? referenceAndText(store, attribute, own, p.externalReference, p.value)
      : [withReference(own, p.externalReference)].filter((row) => row !== undefined);
  });
  const texts = picks.filter((p) => !p.id && !p.externalReference && p.value).map((p) => p.value ?? '');
  return [...known, ...byText(store, attribute, texts)];
}

/** Numbers, texts and dates live in a value of the product's own (recording 04-required-and-other-types). */
function ownValue(
  store: Store,
  attribute: AttributeRecord,
  product: ProductRecord,
  name: string,
  columns: Partial<ValueRecord>,
): Wanted[] {
  const slug = `product-${product.pk}_${attribute.pk}`;
  return [
    {
      slug,
      make: () => {
        const kept = valuesOf(store, attribute.pk).find((v) => v.slug === slug);
        if (!kept) return insertValue(store, { ...columns, attribute: attribute.pk, name, slug });
        return Object.assign(kept, { ...columns, name });
      },
    },
  ];
}

/** The name of a rich text is its text without tags (recording 04-required-and-other-types). */
function plainOf(json: string): string {
  const { blocks } = JSON.parse(json) as {
    readonly blocks?: readonly { readonly data?: { readonly text?: string } }[];
  };
  if (blocks?.length !== 1) throw notHere('a rich text of several blocks');
  return (blocks[0]?.data?.text ?? '').replace(/<[^>]*>/g, '');
}

function wanted(store: Store, product: ProductRecord, entry: Entry): Wanted[] {
  const { attribute, input } = entry;
  if (isLegacy(entry)) {
    if (attribute.inputType === 'NUMERIC') throw notHere('a number through `values`');
    return byText(store, attribute, input.values ?? []);
  }
  const text = (given: string | null | undefined, columns: Partial<ValueRecord>) =>
    typeof given === 'string' ? ownValue(store, attribute, product, given, columns) : [];
  switch (attribute.inputType) {
    case 'DROPDOWN':
      return input.dropdown ? single(store, attribute, input.dropdown) : [];
    case 'MULTISELECT':
      return multiple(store, attribute, input.multiselect ?? []);
    case 'BOOLEAN': {
      const { boolean } = input;
      if (typeof boolean !== 'boolean') return [];
      return [{ slug: `${attribute.pk}_${boolean}`, make: () => booleanValue(store, attribute, boolean) }];
    }
    case 'NUMERIC':
      return text(input.numeric, {});
    case 'PLAIN_TEXT':
      return text(input.plainText, { plainText: input.plainText ?? null });
    case 'RICH_TEXT':
      return typeof input.richText === 'string' ? text(plainOf(input.richText), {}) : [];
    case 'DATE':
      return text(input.date, { date: input.date ?? null });
    default:
      throw notHere(`assigning an attribute of input type ${attribute.inputType}`);
  }
}

/** A value of another attribute counts as this attribute's value of the same slug, if there is one (facts §4). */
function owned(store: Store, attribute: AttributeRecord, value: Wanted): Wanted {
  if (!('pk' in value) || value.attribute === attribute.pk) return value;
  const twin = valuesOf(store, attribute.pk).find((v) => v.slug === value.slug);
  if (!twin) throw new FieldError('Some values are not from the provided attribute.');
  return twin;
}

type Action = 'known' | 'new' | 'own' | 'boolean';

function actionOf(entry: Entry, value: Wanted): Action {
  const { inputType } = entry.attribute;
  if ('pk' in value) return 'known';
  if (isLegacy(entry) || inputType === 'DROPDOWN' || inputType === 'MULTISELECT') return 'new';
  return inputType === 'BOOLEAN' ? 'boolean' : 'own';
}

/**
 * Saleor works through its kinds of action, each over all attributes, in the order in which they first
 * come up: new values come after known ones.
 */
function assignAll(row: ProductRecord, plan: readonly { entry: Entry; values: readonly Wanted[] }[]): void {
  for (const { entry } of plan) row.assigned.set(entry.attribute.pk, []);
  const steps = plan.flatMap(({ entry, values }) =>
    values.map((value) => ({ pk: entry.attribute.pk, value, action: actionOf(entry, value) })),
  );
  const made = new Map<Wanted, ValueRecord>();
  for (const action of new Set(steps.map((step) => step.action)))
    for (const { pk, value } of steps.filter((step) => step.action === action)) {
      const record = 'pk' in value ? value : (made.get(value) ?? value.make());
      made.set(value, record);
      const pks = row.assigned.get(pk) ?? [];
      if (!pks.includes(record.pk)) row.assigned.set(pk, [...pks, record.pk]);
    }
}

export interface Assignments {
  readonly write: (product: ProductRecord) => void;
}

/** Checks everything; `write` then cannot fail, so that a bad input leaves nothing behind. */
export function prepare(
  store: Store,
  product: ProductRecord,
  inputs: readonly AssignmentInput[],
  isNew: boolean,
): Assignments {
  const all = entries(store, product, inputs);
  const found = problems(all);
  if (isNew) found.push(...missingRequired(store, product, all));
  if (found.length > 0) throw new InputError(found);
  const plan = all.map((entry) => ({
    entry,
    values: wanted(store, product, entry).map((value) => owned(store, entry.attribute, value)),
  }));
  return { write: (row) => assignAll(row, plan) };
}

function missingRequired(store: Store, product: ProductRecord, all: readonly Entry[]): InputProblem[] {
  const missing = attributePks(store.productTypes.get(product.type)).filter(
    (pk) => store.attributes.get(pk)?.valueRequired && !all.some((e) => e.attribute.pk === pk),
  );
  if (missing.length === 0) return [];
  return [
    {
      field: 'attributes',
      code: 'REQUIRED',
      message: 'All attributes flagged as having a value required must be supplied.',
      attributes: missing.map((pk) => globalId('Attribute', pk)),
    },
  ];
}
