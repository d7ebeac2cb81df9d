import type { Actual, Assigned, Attribute } from './generated/actual-state.js';
import { own } from './json/records.ts';

/** Saleor's side; schemas/actual.schema.json says what each member is. */
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

/** The terms that an attribute is set to; a boolean's are none. */
export const membersIn = (assigned: Assigned | undefined): readonly string[] =>
  typeof assigned === 'string'
    ? [assigned]
    : typeof assigned === 'object' && assigned !== null
      ? Object.keys(assigned)
      : [];
