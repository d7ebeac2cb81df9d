import { type AttributeRule, type MetadataRule, taxonomyOf } from '../contract/contract.ts';
import { type Amount, estimateLabel, isAmount, isLess } from '../contract/estimate-label.ts';
import type { Assigned, MemberSet, ProductDocument } from '../core/actual-state.ts';
import { isImage, type Offering, type SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own, setOf, sortedRecord } from '../core/json/records.ts';
import { near } from '../core/text/did-you-mean.ts';
import type { Inputs } from './model.ts';
import { indexOf, type TermIndex } from './term-index.ts';

/** What the contract makes of a page. `kept` are metadata keys that are neither written nor deleted. */
export interface Derived {
  readonly document: ProductDocument;
  readonly kept: ReadonlySet<string>;
  /** Errors here leave the offering out, but for `image_broken`, which leaves out one key. */
  readonly problems: readonly Diagnostic[];
}

type Report = (severity: Diagnostic['severity'], code: string, data: JsonObject) => void;
/** undefined: the key is kept as it is */
type Derivation = string | null | undefined;

/**
 * The document that an offering's product shall have (docs/plan-format.md#refs-and-documents). `held` is the one
 * that it has: where they agree the parts of it are given back, so that nothing is made for the thousands that are in line.
 */
export function derive(
  { contract }: Pick<Inputs, 'contract'>,
  index: ReadonlyMap<string, TermIndex>,
  offering: Offering,
  address: string,
  held: ProductDocument | null = null,
): Derived {
  const problems: Diagnostic[] = [];
  const report: Report = (severity, code, data) =>
    problems.push({
      severity,
      code,
      ref: address,
      data: { ...data, page_id: offering.page_id, title: offering.title },
    });
  const attributes = contract.attributes.map((rule): [string, Assigned] => [
    rule.slug,
    assigned(rule, offering, index, report, held?.attributes[rule.slug]),
  ]);
  const metadata = contract.metadata.map((rule): [string, Derivation] => [
    rule.key,
    entry(rule, offering, index, report),
  ]);
  checkEstimate(contract.metadata, offering, report);
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

function setLike(held: Assigned | undefined, keys: readonly string[]): MemberSet {
  if (typeof held !== 'object' || held === null) return setOf(keys);
  const members = Object.keys(held);
  return members.length === keys.length && members.every((member, index) => member === keys[index])
    ? held
    : setOf(keys);
}

function assigned(
  rule: AttributeRule,
  offering: Offering,
  index: ReadonlyMap<string, TermIndex>,
  report: Report,
  held: Assigned | undefined,
): Assigned {
  const value = read(offering, rule.source, report);
  if (rule.input_type === 'BOOLEAN') {
    // `read` has told of a field that is not there.
    if (value === null && Object.hasOwn(offering.fields, rule.source))
      report('error', 'field_missing', { field: rule.source });
    return typeof value === 'boolean' ? value : null;
  }
  const keys = Array.isArray(value)
    ? (value as readonly string[])
    : typeof value === 'string' && value !== ''
      ? [value]
      : [];
  for (const key of keys) checkTerm(rule, key, index, report);
  if (rule.input_type === 'DROPDOWN') return keys[0] ?? null;
  return setLike(held, keys);
}

/** The metadata value; null when its source is empty, undefined when the key is to be left as it is. */
function entry(
  rule: MetadataRule,
  offering: Offering,
  index: ReadonlyMap<string, TermIndex>,
  report: Report,
): Derivation {
  const value = read(offering, rule.source, report);
  const text = textOf(rule, value, offering, report);
  if (text === undefined) return undefined;
  if (text === null) {
    if (rule.required === true)
      report('error', 'required_field_empty', { field: rule.source, key: rule.key });
    return rule.when_empty === 'keep' ? undefined : null;
  }
  if (rule.type === 'term') {
    checkTerm(rule, text, index, report);
    if (rule.among !== undefined) checkAmong(rule.source, text, rule.among, offering, report);
  }
  return text;
}

function checkAmong(field: string, key: string, among: string, { fields }: Offering, report: Report): void {
  const chosen = own(fields, among);
  if (Array.isArray(chosen) && !chosen.includes(key))
    report('warning', 'primary_not_among', { field, key, among });
}

function textOf(rule: MetadataRule, value: SourceValue, offering: Offering, report: Report): Derivation {
  if (rule.type === 'image') return imageUrl(rule, value, report);
  if (rule.type === 'estimate_label' && (value === null || value === '')) {
    const [min, max] = [rule.min, rule.max].map((name) => amount(offering, name));
    return estimateLabel(rule, min ?? null, max ?? null);
  }
  return value === null || value === '' ? null : String(value);
}

function imageUrl(rule: MetadataRule, value: SourceValue, report: Report): Derivation {
  if (!isImage(value)) return null;
  if ('url' in value) return value.url === '' ? null : value.url;
  report('error', 'image_broken', { field: rule.source, key: rule.key, error: value.error });
  return undefined;
}

/** min > max cannot be right, wherever a label is made from the two. */
function checkEstimate(rules: readonly MetadataRule[], offering: Offering, report: Report): void {
  for (const rule of rules) {
    const [min, max] = [amount(offering, rule.min), amount(offering, rule.max)];
    if (min !== null && max !== null && isLess(max, min)) {
      report('error', 'estimate_reversed', { min: String(min), max: String(max) });
    }
  }
}

function amount(offering: Offering, field: string | undefined): Amount | null {
  const value = field === undefined ? null : own(offering.fields, field);
  return isAmount(value) ? value : null;
}

function read(offering: Offering, field: string, report: Report): SourceValue {
  const value = own(offering.fields, field);
  if (value === undefined) report('error', 'field_missing', { field });
  return value ?? null;
}

function checkTerm(
  rule: AttributeRule | MetadataRule,
  key: string,
  index: ReadonlyMap<string, TermIndex>,
  report: Report,
): void {
  const { usable, wrong } = indexOf(index, rule);
  if (usable.has(key)) return;
  const [field, taxonomy, because] = [rule.source, taxonomyOf(rule), wrong.get(key)];
  if (because === undefined)
    report('error', 'term_unknown', { field, taxonomy, key, near: near(key, usable.keys()) });
  else report('error', 'term_not_usable', { field, taxonomy, key, because });
}
