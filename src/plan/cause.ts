import type { Change } from '../diff/inputs.ts';
import { nameFor } from '../diff/naming.ts';
import { derive } from '../diff/offering.ts';
import { resolve } from '../diff/resolve.ts';
import { indexTerms } from '../diff/terms.ts';
import { labelLanguages } from '../diff/translations.ts';
import { isSame, type Json, type JsonObject, own } from '../state/json.ts';
import { kindOf, ref } from '../state/ref.ts';
import { fieldsOf } from './fields.ts';
import { inputsOf, type Plan } from './plan.ts';

/**
 * Who moved, of three: what the base wanted, what Wagtail wants now, what Saleor shows.
 * first_sync: the base did not compare this product, or there is none · unknown: the base cannot be read any more
 */
export type Cause = 'wagtail_changed' | 'saleor_edited' | 'both' | 'first_sync' | 'unknown';

/** ref → field → cause */
export type Causes = Readonly<Record<string, Readonly<Record<string, Cause>>>>;

/** The last converged plan of the same target; none: there was never one; lost: there was, and it is not here. */
export type Base = Plan | 'none' | 'lost';

/** The cause of every changed field; derived, not stored in the plan (design, "Report"). */
export function causesOf(plan: Plan, base: Base): Causes {
  const wanted = typeof base === 'string' ? null : wantedBy(base);
  return Object.fromEntries(
    plan.changes.map((change) => {
      const fields = fieldsOf(change).map(({ name, before, after }) => {
        if (wanted === null) return [name, base === 'none' ? 'first_sync' : 'unknown'] as const;
        return [name, causeOf(change, name, before, after, wanted)] as const;
      });
      return [change.ref, Object.fromEntries(fields)];
    }),
  );
}

type Wanted = (address: string) => Json | undefined;

function causeOf(
  change: Change,
  field: string,
  before: Json | undefined,
  after: Json | undefined,
  wanted: Wanted,
): Cause {
  const document = wanted(change.ref);
  if (document === undefined && kindOf(change.ref) === 'product') return 'first_sync';
  const then = fieldIn(document, field);
  if (isSame(then, after)) return 'saleor_edited';
  return isSame(then, before) ? 'wagtail_changed' : 'both';
}

function fieldIn(document: Json | undefined, field: string): Json | undefined {
  if (field === '' || document === undefined) return document;
  const dot = field.indexOf('.');
  if (dot === -1) return own(document as JsonObject, field);
  return own(own(document as JsonObject, field.slice(0, dot)) as JsonObject, field.slice(dot + 1));
}

/** What a plan wanted each resource to be, whether it had to change for that or not. */
function wantedBy(base: Plan): Wanted {
  const { reverts } = base.desired;
  if (reverts !== undefined) return (address) => own(reverts.documents, address) ?? undefined;
  const inputs = inputsOf(base);
  const { index } = indexTerms(inputs);
  const products = new Map(
    resolve(inputs.desired.offerings, inputs.actual).map(({ offering, ref: address }) => [
      address,
      derive(inputs, index, offering, address).document as unknown as Json,
    ]),
  );
  const labels = new Map<string, Json>();
  for (const { slug, taxonomy } of base.contract.attributes) {
    for (const [key, term] of index.get(taxonomy ?? '')?.usable ?? []) {
      labels.set(ref.value(slug, key), documentOf(base, slug, key, nameFor(base.contract.naming, term)));
      for (const locale of labelLanguages(inputs))
        labels.set(ref.translation(slug, key, locale), { name: term.label });
      for (const [locale, label] of Object.entries(term.translations ?? {}))
        labels.set(ref.translation(slug, key, locale), { name: label });
    }
  }
  const rules = new Map(
    base.contract.attributes.flatMap((rule): [string, Json][] => [
      [ref.attribute(rule.slug), { name: rule.name, input_type: rule.input_type }],
      ...Object.keys(base.actual.product_types).map((type): [string, Json] => [
        ref.assignment(type, rule.slug),
        { assigned: true },
      ]),
    ]),
  );
  return (address) => products.get(address) ?? labels.get(address) ?? rules.get(address);
}

const documentOf = ({ contract }: Plan, attribute: string, key: string, name: string): Json =>
  contract.naming === 'key' ? { name, slug: key } : { external_reference: `${attribute}.${key}`, name };
