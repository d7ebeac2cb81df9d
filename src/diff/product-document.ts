import { type AttributeRule, type Contract, type MetadataRule, taxonomyOf } from '../contract/contract.ts';
import { type Amount, estimateLabel, isAmount, isLess } from '../contract/estimate-label.ts';
import type { Assigned, MemberSet, ProductDocument } from '../core/actual-state.ts';
import { isImage, type Offering, type SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own, setOf, sortedRecord } from '../core/json/records.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import { imageFault } from './image-problems.ts';
import { indexOf, type TermIndex } from './term-index.ts';

/** What the contract makes of a page. `kept`: metadata keys that are neither written nor deleted. */
export interface Derived {
  readonly document: ProductDocument;
  readonly kept: ReadonlySet<string>;
  /** Errors skip the offering, but for those of images (`isOfImage`), which keep one key as it is. */
  readonly problems: readonly Diagnostic[];
}

/** What decides a document, beside the page and the terms. */
interface DocumentRules {
  readonly contract: Contract;
  /** Address of the shop; null: no shop is read. */
  readonly shopUrl: string | null;
}

/** A page that a document is derived from. */
interface DerivedPage {
  readonly offering: Offering;
  /** Ref of its product, or of the page where the product is not known. */
  readonly address: string;
  /** The document that the product has; absent: unknown. */
  readonly held?: ProductDocument | null;
}

/** What one page is read with. */
interface Reading {
  readonly shopUrl: DocumentRules['shopUrl'];
  readonly index: ReadonlyMap<string, TermIndex>;
  readonly offering: Offering;
  readonly report: (severity: Diagnostic['severity'], code: string, data: JsonObject) => void;
}

/** undefined: the key is kept as it is */
type Derivation = string | null | undefined;

/**
 * Derives the document for an offering's product (docs/plan-format.md#refs-and-documents). Parts that equal `held` are taken
 * from `held`, so that nothing is allocated for the thousands of products without changes.
 */
export function deriveDocument(
  { contract, shopUrl }: DocumentRules,
  index: ReadonlyMap<string, TermIndex>,
  { offering, address, held = null }: DerivedPage,
): Derived {
  const problems: Diagnostic[] = [];
  const reading: Reading = {
    shopUrl,
    index,
    offering,
    report: (severity, code, data) =>
      problems.push({
        severity,
        code,
        ref: address,
        data: { ...data, page_id: offering.page_id, title: offering.title },
      }),
  };
  reportMalformed(contract, reading);
  const attributes = contract.attributes.map((rule): [string, Assigned] => [
    rule.slug,
    assignedBy(rule, reading, held?.attributes[rule.slug]),
  ]);
  const metadata = contract.metadata.map((rule): [string, Derivation] => [
    rule.key,
    metadataBy(rule, reading),
  ]);
  checkEstimate(contract.metadata, reading);
  return {
    document: {
      attributes: recordLike(held?.attributes, attributes),
      metadata: recordLike(
        held?.metadata,
        metadata.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    },
    kept: keptOf(metadata),
    problems,
  };
}

const NONE: ReadonlySet<string> = new Set();

const keptOf = (metadata: readonly (readonly [string, Derivation])[]): ReadonlySet<string> =>
  metadata.every(([, text]) => text !== undefined)
    ? NONE
    : new Set(metadata.flatMap(([key, text]) => (text === undefined ? [key] : [])));

/** The held record if its entries are the same, otherwise a new one. */
function recordLike<T>(
  held: Readonly<Record<string, T>> | undefined,
  entries: readonly (readonly [string, T])[],
): Readonly<Record<string, T>> {
  const isHeld =
    held !== undefined &&
    Object.keys(held).length === entries.length &&
    entries.every(([name, value]) => own(held, name) === value);
  return isHeld ? held : sortedRecord(entries);
}

/** The held set if its keys are the same, otherwise a new one. */
function setLike(held: Assigned | undefined, keys: readonly string[]): MemberSet {
  if (typeof held !== 'object' || held === null) return setOf(keys);
  const members = Object.keys(held);
  return members.length === keys.length && members.every((member, index) => member === keys[index])
    ? held
    : setOf(keys);
}

function assignedBy(rule: AttributeRule, reading: Reading, held: Assigned | undefined): Assigned {
  const { offering, report } = reading;
  const value = fieldOf(reading, rule.source);
  if (rule.input_type === 'BOOLEAN') {
    // A field that is absent or of the wrong type is reported already.
    if (own(offering.fields, rule.source) === null)
      report('error', 'field_malformed', {
        field: rule.source,
        error: 'is not set; it must be true or false',
      });
    return typeof value === 'boolean' ? value : null;
  }
  const keys = Array.isArray(value)
    ? (value as readonly string[])
    : typeof value === 'string' && !isBlank(value)
      ? [value]
      : [];
  for (const key of keys) checkTerm(rule, key, reading);
  if (rule.input_type === 'DROPDOWN') return keys[0] ?? null;
  return setLike(held, keys);
}

/** The metadata value; null when its source is empty. */
function metadataBy(rule: MetadataRule, reading: Reading): Derivation {
  const value = fieldOf(reading, rule.source);
  if (rule.type !== 'image' && isMalformed(own(reading.offering.fields, rule.source))) return undefined;
  const text = rule.type === 'image' ? imageUrl(rule, reading) : textOf(rule, value, reading);
  if (text === undefined) return undefined;
  if (text === null) {
    if (rule.required === true)
      reading.report('error', 'required_field_empty', { field: rule.source, key: rule.key });
    return rule.when_empty === 'keep' ? undefined : null;
  }
  if (rule.type === 'term') {
    checkTerm(rule, text, reading);
    checkAmong(rule, text, reading);
  }
  return text;
}

function checkAmong(
  { source: field, among }: MetadataRule,
  key: string,
  { offering, report }: Reading,
): void {
  if (among === undefined) return;
  const chosen = own(offering.fields, among);
  if (Array.isArray(chosen) && !chosen.includes(key))
    report('warning', 'primary_not_among', { field, key, among });
}

function textOf(rule: MetadataRule, value: SourceValue, { offering }: Reading): string | null {
  const isEmpty = value === null || (typeof value === 'string' && isBlank(value));
  if (rule.type === 'estimate_label' && isEmpty) {
    const [min, max] = [rule.min, rule.max].map((name) => amountIn(offering, name));
    return estimateLabel(rule, min ?? null, max ?? null);
  }
  return isEmpty ? null : String(value);
}

function imageUrl({ source, key }: MetadataRule, { offering, shopUrl, report }: Reading): Derivation {
  const value = own(offering.fields, source) ?? null;
  const fault = imageFault(value, shopUrl);
  if (fault === null) return isImage(value) && 'url' in value && !isBlank(value.url) ? value.url : null;
  report('error', fault.code, { field: source, key, error: fault.error });
  return undefined;
}

/** Reports each field of the wrong type once, however many rules read it; images have their own codes. */
function reportMalformed({ metadata }: Contract, { offering: { fields }, report }: Reading): void {
  for (const field in fields) {
    const value = fields[field];
    if (!isMalformed(value)) continue;
    const isOfImage = metadata.some(({ source, type }) => source === field && type === 'image');
    if (!isOfImage) report('error', 'field_malformed', { field, error: value.error });
  }
}

const isMalformed = (value: SourceValue | undefined = null): value is { readonly error: string } =>
  typeof value === 'object' && isImage(value) && 'error' in value;

/** A negative estimate and min > max are errors wherever a label is derived from them. */
function checkEstimate(rules: readonly MetadataRule[], { offering, report }: Reading): void {
  for (const rule of rules) {
    const [min, max] = [amountIn(offering, rule.min), amountIn(offering, rule.max)];
    for (const [field = '', value] of [[rule.min, min] as const, [rule.max, max] as const])
      if (value !== null && isLess(value, 0))
        report('error', 'estimate_negative', { field, value: String(value) });
    if (min !== null && max !== null && isLess(max, min)) {
      report('error', 'estimate_reversed', { min: String(min), max: String(max) });
    }
  }
}

function amountIn(offering: Offering, field: string | undefined): Amount | null {
  const value = field === undefined ? null : own(offering.fields, field);
  return isAmount(value) ? value : null;
}

function fieldOf({ offering, report }: Reading, field: string): SourceValue {
  const value = own(offering.fields, field);
  if (value === undefined) report('error', 'field_missing', { field });
  return value === undefined || isMalformed(value) ? null : value;
}

function checkTerm(rule: AttributeRule | MetadataRule, key: string, { index, report }: Reading): void {
  const { usable, wrong, near } = indexOf(index, rule);
  if (usable.has(key)) return;
  const [field, taxonomy, because] = [rule.source, taxonomyOf(rule), wrong.get(key)];
  if (because === undefined) report('error', 'term_unknown', { field, taxonomy, key, near: near(key) });
  else report('error', 'term_not_usable', { field, taxonomy, key, because });
}
