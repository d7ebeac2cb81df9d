import type { Contract } from '../../contract/contract.ts';
import type { ProductDocument } from '../../core/actual-state.ts';
import { type Json, own } from '../../core/json/canonical-json.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanMetadata } from '../../plan/plan-metadata.ts';
import type { FieldLabels } from './field-labels.ts';
import { titleOf } from './resource-identity.ts';
import type { Card } from './review.ts';

/** Which rules of a contract make a card; found by what they hold, so that any contract has cards. */
function partsOf({ attributes, metadata }: Contract) {
  return {
    tagline: metadata.find(({ key, source }) => /tagline/.test(`${key} ${source}`))?.key,
    credits: metadata.find(({ type }) => type === 'estimate_label')?.key,
    image: metadata.find(({ type }) => type === 'image')?.key,
    category: attributes.find(({ input_type }) => input_type === 'DROPDOWN')?.slug,
    badges: attributes.find(({ taxonomy }) => taxonomy === 'badges')?.slug,
    marks: attributes.filter(({ input_type }) => input_type === 'BOOLEAN'),
  };
}

/** The card that shoppers see in a listing, as a product's document makes it. */
export function createCardReader(
  plan: Plan,
  made: PlanMetadata | null,
  labels: FieldLabels,
): (change: Change, document: Json) => Card {
  const parts = partsOf(plan.contract);
  return (change, json) => {
    const document = json as unknown as ProductDocument;
    const text = (key: string | undefined) =>
      key === undefined ? null : (own(document.metadata, key) ?? null);
    const assigned = (slug: string | undefined) =>
      slug === undefined ? null : (own(document.attributes, slug) ?? null);
    const labelled = (slug: string | undefined, key: string) => labels.of(`attributes.${slug}`)(key) ?? key;
    const category = assigned(parts.category);
    const badges = assigned(parts.badges);
    return {
      title: titleOf(plan, made, change),
      tagline: text(parts.tagline),
      credits: text(parts.credits),
      category: typeof category === 'string' ? labelled(parts.category, category) : null,
      badges:
        typeof badges === 'object' && badges !== null
          ? Object.keys(badges).map((key) => labelled(parts.badges, key))
          : [],
      marks: parts.marks.filter(({ slug }) => assigned(slug) === true).map(({ name }) => name),
      image: text(parts.image),
    };
  };
}
