import { type AttributeRule, type MetadataRule, taxonomyOf } from '../contract/contract.ts';
import { type Amount, estimateLabel, isAmount, isLess } from '../contract/estimate-label.ts';
import type { Assigned, MemberSet } from '../core/actual-state.ts';
import { isImage, type Offering, type SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own, setOf } from '../core/json/records.ts';
import { isBlank } from '../core/text/invisible-characters.ts';
import { imageFault } from './image-problems.ts';
import type { TermIndex } from './term-index.ts';

/** A rule of the contract, and the terms of its taxonomy. */
export interface DerivedRule<R> {
  readonly rule: R;
  readonly terms: TermIndex;
}

/** What one page is read with. */
export interface DerivedReading {
  /** Address of the shop; null: no shop is read. */
  readonly shopUrl: string | null;
  readonly offering: Offering;
  readonly report: (severity: Diagnostic['severity'], code: string, data: JsonObject) => void;
  /** Neither writes nor deletes a metadata key. */
  readonly keep: (key: string) => void;
}

/** What an attribute is set to. Returns `held`, the set that the product has, if its keys are the same. */
export function assignedBy(
  { rule, terms }: DerivedRule<AttributeRule>,
  reading: DerivedReading,
  held: Assigned | undefined,
): Assigned {
  const found = fieldOf(reading, rule.source);
  const value = isMalformed(found) ? null : found;
  if (rule.input_type === 'BOOLEAN') {
    // A field that is absent or of the wrong type is reported already.
    if (found === null)
      reading.report('error', 'field_malformed', {
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
  for (const key of keys) if (!terms.usable.has(key)) reportTerm(rule, terms, key, reading);
  if (rule.input_type === 'DROPDOWN') return keys[0] ?? null;
  return setLike(held, keys);
}

/** The held set if its keys are the same, otherwise a new one. */
function setLike(held: Assigned | undefined, keys: readonly string[]): MemberSet {
  if (typeof held !== 'object' || held === null) return setOf(keys);
  let at = 0;
  for (const member in held) {
    if (member !== keys[at]) return setOf(keys);
    at += 1;
  }
  return at === keys.length ? held : setOf(keys);
}

/** The metadata value; undefined when its source is empty, or the key is kept as it is. */
export function metadataBy(
  { rule, terms }: DerivedRule<MetadataRule>,
  reading: DerivedReading,
): string | undefined {
  const { source, key, type } = rule;
  const value = fieldOf(reading, source);
  const text = type === 'image' ? imageUrl(rule, value, reading) : textOf(rule, value, reading);
  if (text === undefined) {
    reading.keep(key);
    return undefined;
  }
  if (text === null) {
    if (rule.required === true) reading.report('error', 'required_field_empty', { field: source, key });
    if (rule.when_empty === 'keep') reading.keep(key);
    return undefined;
  }
  if (type === 'term') {
    if (!terms.usable.has(text)) reportTerm(rule, terms, text, reading);
    checkAmong(rule, text, reading);
  }
  return text;
}

/** null: empty; undefined: no value, so the key is kept as it is */
type Derivation = string | null | undefined;

function textOf(
  rule: MetadataRule,
  value: SourceValue | undefined,
  { offering }: DerivedReading,
): Derivation {
  if (isMalformed(value)) return undefined;
  const isEmpty = value === undefined || value === null || (typeof value === 'string' && isBlank(value));
  if (!isEmpty) return String(value);
  if (rule.type !== 'estimate_label') return null;
  return estimateLabel(rule, amountIn(offering, rule.min), amountIn(offering, rule.max));
}

function imageUrl(
  { source, key }: MetadataRule,
  value: SourceValue | undefined = null,
  { shopUrl, report }: DerivedReading,
): Derivation {
  const fault = imageFault(value, shopUrl);
  if (fault === null) return isImage(value) && 'url' in value && !isBlank(value.url) ? value.url : null;
  report('error', fault.code, { field: source, key, error: fault.error });
  return undefined;
}

function checkAmong(
  { source: field, among }: MetadataRule,
  key: string,
  { offering, report }: DerivedReading,
): void {
  if (among === undefined) return;
  const chosen = own(offering.fields, among);
  if (Array.isArray(chosen) && !chosen.includes(key))
    report('warning', 'primary_not_among', { field, key, among });
}

/** Reports each field of the wrong type once, however many rules read it; those of images have their own codes. */
export function reportMalformed(
  images: ReadonlySet<string>,
  { offering: { fields }, report }: DerivedReading,
): void {
  for (const field in fields) {
    const value = fields[field];
    if (isMalformed(value) && !images.has(field))
      report('error', 'field_malformed', { field, error: value.error });
  }
}

const isMalformed = (value: SourceValue | undefined): value is { readonly error: string } =>
  typeof value === 'object' && isImage(value) && 'error' in value;

/** Reports a negative estimate and min > max, which are errors wherever a label is derived from them. */
export function checkEstimate(rule: MetadataRule, reading: DerivedReading): void {
  const [min, max] = [amountIn(reading.offering, rule.min), amountIn(reading.offering, rule.max)];
  reportNegative(rule.min, min, reading);
  reportNegative(rule.max, max, reading);
  if (min !== null && max !== null && isLess(max, min))
    reading.report('error', 'estimate_reversed', { min: String(min), max: String(max) });
}

function reportNegative(
  field: string | undefined = '',
  value: Amount | null,
  { report }: DerivedReading,
): void {
  if (value !== null && isLess(value, 0))
    report('error', 'estimate_negative', { field, value: String(value) });
}

function amountIn({ fields }: Offering, field: string | undefined): Amount | null {
  const value = field === undefined ? null : own(fields, field);
  return isAmount(value) ? value : null;
}

function fieldOf({ offering, report }: DerivedReading, field: string): SourceValue | undefined {
  const value = own(offering.fields, field);
  if (value === undefined) report('error', 'field_missing', { field });
  return value;
}

/** Reports a key that is no usable term. */
function reportTerm(
  rule: AttributeRule | MetadataRule,
  { wrong, near }: TermIndex,
  key: string,
  { report }: DerivedReading,
): void {
  const [field, taxonomy, because] = [rule.source, taxonomyOf(rule), wrong.get(key)];
  if (because === undefined) report('error', 'term_unknown', { field, taxonomy, key, near: near(key) });
  else report('error', 'term_not_usable', { field, taxonomy, key, because });
}
