import type { Contract } from '../../contract/contract.ts';
import type { Json } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import type { FieldLabels } from './field-labels.ts';
import { titleOf } from './resource-identity.ts';
import type { Card } from './review.ts';

/** Part of a card → path of the field that it shows; '': the contract has none. */
interface CardFields {
  readonly tagline: string;
  readonly credits: string;
  readonly image: string;
  readonly category: string;
  readonly badges: string;
  readonly marks: readonly { readonly path: string; readonly name: string }[];
}

/** Finds the fields of a card by the types of the rules, not by their names, so that every contract has cards. */
function cardFieldsOf({ attributes, metadata }: Contract): CardFields {
  const attribute = (rule: { readonly slug: string } | undefined) =>
    rule === undefined ? '' : `attributes.${rule.slug}`;
  const entry = (rule: { readonly key: string } | undefined) =>
    rule === undefined ? '' : `metadata.${rule.key}`;
  return {
    tagline: entry(metadata.find(({ key, source }) => /tagline/.test(`${key} ${source}`))),
    credits: entry(metadata.find(({ type }) => type === 'estimate_label')),
    image: entry(metadata.find(({ type }) => type === 'image')),
    category: attribute(attributes.find(({ input_type }) => input_type === 'DROPDOWN')),
    badges: attribute(attributes.find(({ taxonomy }) => taxonomy === 'badges')),
    marks: attributes
      .filter(({ input_type }) => input_type === 'BOOLEAN')
      .map((rule) => ({ path: attribute(rule), name: rule.name })),
  };
}

/** Returns the function that reads the card, as shoppers see it in a listing, from a product's document. */
export function createCardReader(
  plan: Plan,
  metadata: PlanProvenance | null,
  labels: FieldLabels,
): (change: Change, document: Json) => Card {
  const fields = cardFieldsOf(plan.contract);
  return (change, document) => {
    const value = (path: string) => (path === '' ? null : (fieldAt(document, path) ?? null));
    const text = (path: string) => {
      const found = value(path);
      return typeof found === 'string' ? found : null;
    };
    const labelled = (path: string, key: string) => labels.of(path)(key) ?? key;
    const category = text(fields.category);
    const badges = value(fields.badges);
    return {
      title: titleOf(plan, metadata, change),
      tagline: text(fields.tagline),
      credits: text(fields.credits),
      category: category === null ? null : labelled(fields.category, category),
      badges: isRecord(badges) ? Object.keys(badges).map((key) => labelled(fields.badges, key)) : [],
      marks: fields.marks.filter(({ path }) => value(path) === true).map(({ name }) => name),
      image: text(fields.image),
    };
  };
}
