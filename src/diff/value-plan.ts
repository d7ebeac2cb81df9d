import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
import type { Attribute } from '../core/actual-state.ts';
import type { ResourceDocument, Term } from '../core/desired-state.ts';
import type { Collector } from './change-collector.ts';
import type { Change, Inputs } from './model.ts';
import type { Naming, ValueMatcher } from './value-matching.ts';

/** What the changes of one attribute's values are planned with. */
export interface ValuePlanContext {
  readonly inputs: Inputs;
  readonly rule: AttributeRule;
  /** undefined: the attribute itself is still to be created. */
  readonly attribute: Attribute | undefined;
  /** Slugs in use in the attribute, as this plan's creates and renames leave them. */
  readonly slugs: Set<string>;
  /** externalReferences in use anywhere in what was read: reference → ref of its holder. */
  readonly references: ReadonlyMap<string, string>;
  readonly matcher: ValueMatcher;
  readonly found: Collector;
}

/** Omits a slug that cannot be predicted: Saleor decides it. */
export const valueDocument = (
  naming: Naming,
  {
    name,
    slug,
    identity,
  }: { readonly name: string; readonly slug: string | null; readonly identity: string | null },
): ResourceDocument => ({
  ...(naming === 'external_reference' ? { external_reference: identity } : {}),
  name,
  ...(slug === null ? {} : { slug }),
});

/** The attribute's id, for `ids` of a change; nothing for an attribute that the plan creates. */
export const attributeId = ({ attribute }: ValuePlanContext): Readonly<Record<string, string>> =>
  attribute === undefined ? {} : { attribute: attribute.id };

export const termProvenance = (rule: AttributeRule, { key, label }: Term): Change['provenance'] => ({
  taxonomy: taxonomyOf(rule),
  key,
  label,
});
