import { loadContract } from '../../app/config-file.ts';
import { type Contract, GTM_V1, sourceFields } from '../../contract/contract.ts';
import type { ShopInventory, SiteInventory } from '../../contract/inventory.ts';
import type { Proposal } from '../../contract/propose-contract.ts';
import { exists } from '../../platform/files.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { CONTRACT_FILE, proposeAsking } from './propose-file.ts';

interface ChosenContract {
  readonly contract: Contract;
  /** For the config; null: the built-in one. */
  readonly path: string | null;
  /** To be written to `path`; null: it is there already, or built in. */
  readonly proposal: Proposal | null;
}

/** The share of the built-in contract's fields that pages must have for it to fit. */
const FITS = 0.5;

/** Whether the built-in contract is about these pages. */
function fitsBuiltIn({ fields }: SiteInventory): boolean {
  const names = new Set(fields.map(({ name }) => name));
  const wanted = [...sourceFields(GTM_V1).keys()];
  return wanted.filter((name) => names.has(name)).length >= wanted.length * FITS;
}

/** That of --contract, else one that lies here, else the built-in one if it fits, else a proposal. */
export async function chooseContract(
  site: SiteInventory,
  shop: ShopInventory,
  args: Args,
  io: Io,
): Promise<ChosenContract> {
  const given = textArg(args, 'contract');
  const path = given ?? (exists(CONTRACT_FILE) && !flagArg(args, 'force') ? CONTRACT_FILE : undefined);
  if (path !== undefined) return { contract: loadContract(path), path, proposal: null };
  if (fitsBuiltIn(site)) return { contract: GTM_V1, path: null, proposal: null };
  const proposal = await proposeAsking(site, shop, io);
  return { contract: proposal.contract, path: CONTRACT_FILE, proposal };
}
