import type { Contract } from '../../contract/contract.ts';
import { digest } from '../../core/json/canonical-json.ts';
import type { Newest } from './first-request.ts';

/** Data that a read stores, so that a later one can find changed products. */
export type ReadMarker = {
  /** When the shop had last written a product before the read began, by the shop's clock. */
  readonly updated_at: string;
  /** SHA-256 of the contract: another contract reads other fields. */
  readonly contract: string;
};

export const contractDigest = (contract: Contract): string => digest(contract);

/** null: the shop has no product, or none was read. */
export const readMarkerOf = (contract: Contract, { updated_at }: Newest): ReadMarker | null =>
  updated_at === null ? null : { updated_at, contract: contractDigest(contract) };
