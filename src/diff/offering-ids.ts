import type { Contract } from '../contract/contract.ts';
import { type ControlPlaneEntry, standings, versionsById } from '../contract/listed-ids.ts';
import { repeatedBy } from '../core/collections.ts';
import type { Offering } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { own } from '../core/json/records.ts';
import { createSuggester } from '../core/text/did-you-mean.ts';
import { rivalsOf } from './match-products.ts';
import type { Inputs } from './model.ts';

/** The metadata key by which the platform knows an offering. */
const OFFERING_ID = 'cp_offering_id';
const VERSION_ID = 'cp_offering_version_id';

/** The offering id of a page's product; null if the contract has none, or the page leaves it empty. */
export const offeringIdIn = (contract: Contract) => fieldIn(contract, OFFERING_ID);

function fieldIn(contract: Contract, name: string): (offering: Offering) => string | null {
  const source = contract.metadata.find(({ key }) => key === name)?.source;
  return ({ fields }) => {
    const value = source === undefined ? null : (own(fields, source) ?? null);
    return value === null || value === '' || typeof value === 'object' ? null : String(value);
  };
}

/** What is wrong with a page's offering ids, without its address. */
type IdProblem = Pick<Diagnostic, 'code' | 'data'>;

/**
 * What is wrong with a page's offering id: another page has it too, or the Control Plane does not list it or its version, or
 * has retired it.
 */
export function offeringIdProblems(
  { contract, control_plane }: Pick<Inputs, 'contract' | 'control_plane'>,
  offerings: readonly Offering[],
): (offering: Offering) => readonly IdProblem[] {
  const idOf = offeringIdIn(contract);
  const groups = repeatedBy(offerings, idOf);
  const listed = control_plane === undefined ? null : unlistedIds(contract, control_plane);
  if (groups.size === 0 && listed === null) return () => NONE;
  return (offering) => {
    const id = idOf(offering);
    const others = id === null ? null : rivalsOf(offering, groups.get(id) ?? []);
    const problem = listed === null ? null : listed(offering);
    return [
      ...(others === null ? [] : [{ code: 'offering_id_used_twice', data: { offering_id: id, ...others } }]),
      ...(problem === null ? [] : [problem]),
    ];
  };
}

const NONE: readonly IdProblem[] = [];

function unlistedIds(contract: Contract, list: readonly ControlPlaneEntry[]) {
  const [idOf, versionOf] = [fieldIn(contract, OFFERING_ID), fieldIn(contract, VERSION_ID)];
  const known = standings(list);
  const versionsOf = versionsById(list);
  const near = createSuggester([...known.ids]);
  return (offering: Offering): IdProblem | null => {
    const id = idOf(offering);
    if (id === null) return null;
    const standing = known.of(id);
    if (standing === 'unknown')
      return { code: 'offering_id_unknown', data: { offering_id: id, near: near(id) } };
    if (standing === 'retired') return { code: 'offering_id_retired', data: { offering_id: id } };
    const version = versionOf(offering);
    const versions = versionsOf.get(id);
    if (version === null || versions === undefined) return null;
    const found = standings(versions).of(version);
    return found === 'usable'
      ? null
      : { code: `offering_version_${found}`, data: { offering_id: id, version } };
  };
}
