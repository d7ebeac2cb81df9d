import type { Contract } from '../contract/contract.ts';
import { groupBy } from '../core/collections.ts';
import type { Offering } from '../core/desired-state.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { rivalsOf } from './match-products.ts';

/** The metadata key by which the platform knows an offering. */
const OFFERING_ID = 'cp_offering_id';

/** The offering id that a page gives its product; null: the contract has none, or the page leaves it empty. */
export function offeringIdIn(contract: Contract): (offering: Offering) => string | null {
  const source = contract.metadata.find(({ key }) => key === OFFERING_ID)?.source;
  return ({ fields }) => {
    const value = source === undefined ? null : (own(fields, source) ?? null);
    return value === null || value === '' || typeof value === 'object' ? null : String(value);
  };
}

/** Data of `offering_id_used_twice` for a page whose offering id other pages have too; null: it has one of its own. */
export function repeatedOfferingIds(
  contract: Contract,
  offerings: readonly Offering[],
): (offering: Offering) => JsonObject | null {
  const idOf = offeringIdIn(contract);
  const groups = groupBy(offerings, idOf);
  return (offering) => {
    const id = idOf(offering);
    const others = id === null ? null : rivalsOf(offering, groups.get(id) ?? []);
    return others === null ? null : { offering_id: id, ...others };
  };
}
