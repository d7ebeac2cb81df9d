import { type InputProblem, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { inputPk } from '../store/global-ids.ts';
import type { AttributeRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';

export interface ValueChoice {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly value?: string | null;
}

/** AttributeValueInput. Saleor reads only the member that fits the attribute's input type; without it the attribute is cleared. */
export interface AssignmentInput {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly values?: readonly string[] | null;
  readonly dropdown?: ValueChoice | null;
  readonly multiselect?: readonly ValueChoice[] | null;
  readonly boolean?: boolean | null;
  readonly numeric?: string | null;
  readonly plainText?: string | null;
  readonly richText?: string | null;
  readonly date?: string | null;
}

/** One attribute of the product's type with its input. */
export interface AssignmentEntry {
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

/**
 * Those of the attributes (`pks`: of the product's type, or of its variants) that the inputs name, in slug order as in
 * Saleor. The last input of an attribute wins.
 */
export function resolveEntries(
  store: Store,
  pks: readonly number[],
  inputs: readonly AssignmentInput[],
): AssignmentEntry[] {
  const byId = new Map<number, AssignmentInput>();
  const byReference = new Map<string, AssignmentInput>();
  for (const input of inputs) {
    const stray = Object.keys(input).find((member) => !KNOWN.includes(member));
    if (stray) throw notInSandbox(`attributes: [{${stray}}]`);
    if (input.id && input.externalReference)
      throw invalidInput(
        'attributes',
        'REQUIRED',
        "Argument 'id' cannot be combined with 'externalReference'",
      );

    if (!input.id && !input.externalReference)
      throw invalidInput(
        'attributes',
        'REQUIRED',
        "At least one of arguments is required: 'id', 'externalReference'.",
      );
    if (input.id) byId.set(inputPk('Attribute', input.id, 'attributes'), input);
    else byReference.set(input.externalReference ?? '', input);
  }
  const known = pks.map((pk) => store.attributes.get(pk)).filter((a) => a !== undefined);
  const missing = [
    ...Array.from(byId)
      .filter(([pk]) => !known.some((a) => a.pk === pk))
      .map(([, input]) => `ID: ${input.id}`),
    ...Array.from(byReference.keys())
      .filter((r) => !known.some((a) => a.externalReference === r))
      .map((r) => `ExtRef: ${r}`),
  ];
  if (missing.length > 0)
    throw invalidInput('attributes', 'NOT_FOUND', `Could not resolve attributes: ${missing.join(', ')}.`);
  return known
    .map((attribute) => ({
      attribute,
      input: byId.get(attribute.pk) ?? byReference.get(attribute.externalReference ?? ''),
    }))
    .filter((e): e is AssignmentEntry => e.input !== undefined)
    .sort((a, b) => (a.attribute.slug < b.attribute.slug ? -1 : 1));
}

/** Whether Saleor reads the deprecated `values` (texts) of this input. */
export const usesValueStrings = ({ attribute, input }: AssignmentEntry): boolean =>
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

const isEmpty = (pick: ValueChoice): boolean => !pick.id && !pick.externalReference && !pick.value;

function checkPick(pick: ValueChoice, isRequired: boolean): readonly Fault[] {
  if (pick.id && pick.externalReference) return [TWO_KEYS];

  if (pick.id && pick.value) return [TWO_NAMES];
  const isBlank = [pick.id, pick.externalReference, pick.value].some((t) => t && t.trim() === '');
  if (isBlank) return [BLANK];
  if (Array.from(pick.value ?? '').length > 250) return [TOO_LONG];

  return isEmpty(pick) && isRequired ? [REQUIRED] : [];
}

function faultsOf(entry: AssignmentEntry): readonly Fault[] {
  const { attribute, input } = entry;
  const isRequired = attribute.valueRequired;
  if (usesValueStrings(entry)) {
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

/** Groups faults of one kind into one error that names all its attributes. */
export function entryProblems(all: readonly AssignmentEntry[]): InputProblem[] {
  const byFault = new Map<Fault, string[]>();
  for (const entry of all)
    for (const fault of faultsOf(entry)) {
      const name = entry.input.id ?? entry.input.externalReference ?? '';
      byFault.set(fault, [...(byFault.get(fault) ?? []), name]);
    }
  return Array.from(byFault, ([fault, attributes]) => ({ field: 'attributes', ...fault, attributes }));
}
