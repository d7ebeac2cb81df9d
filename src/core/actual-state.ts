import type { Actual, Assigned, Attribute } from './generated/actual-state.js';
import { own } from './json/records.ts';

/**
 * Saleor's side; schemas/actual.schema.json describes each member. `Actual` contains only what the contract manages. An
 * assigned DROPDOWN is a slug or null, a BOOLEAN true, false or null, a MULTISELECT a set. A document has every attribute of
 * the contract; a metadata key that is not set is absent. `name` of a product is for people and never in a plan.
 */
export type {
  Actual,
  Assigned,
  Attribute,
  InputType,
  Product,
  ProductDocument,
  ProductType,
  Proof,
  Target,
  Value,
} from './generated/actual-state.js';

/** Sets are objects keyed by member, so that a patch names the member and not its position. */
export type MemberSet = Readonly<Record<string, true>>;

/** An attribute's values; none where the shop has no such attribute. */
export const valuesOf = (
  { attributes }: Pick<Actual, 'attributes'>,
  attribute: string,
): Attribute['values'] => own(attributes, attribute)?.values ?? {};

/** The terms that an attribute is set to; a boolean has none. */
export const membersIn = (assigned: Assigned | undefined): readonly string[] =>
  typeof assigned === 'string'
    ? [assigned]
    : typeof assigned === 'object' && assigned !== null
      ? Object.keys(assigned)
      : [];
