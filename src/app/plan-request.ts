import type { Contract } from '../contract/contract.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Options } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { SnapshotMode } from '../plan/snapshots/snapshot-mode.ts';
import type { EditorAddresses, SaleorConnection, WagtailSource } from './options.ts';
import type { IdListSources } from './read-id-lists.ts';
import type { ShopReader } from './read-shop.ts';

/** Inputs of a plan. */
export interface PlanRequest {
  readonly contract: Contract;
  readonly options: Options;
  readonly source: WagtailSource;
  readonly lists: IdListSources;
  readonly saleor: SaleorConnection;
  /** A snapshot file instead of the shop. */
  readonly actualFile: string | undefined;
  /** Returns how the shop is read: a way that few commands go is loaded only for them. */
  readonly readShop: () => Promise<ShopReader>;
  readonly snapshots: SnapshotMode;
  /** Plans folder; its archive has the number of offerings of the last applied plan. */
  readonly out: string;
  /** The largest share of offerings that may be missing since then; undefined: the default. */
  readonly maxFallShare: number | undefined;
  readonly links: EditorAddresses;
  readonly madeBy: string;
  /** Called when the shop was asked and its answers are awaited, or its snapshot was read. */
  readonly whileReading?: () => Promise<unknown>;
}

export interface Planned {
  readonly plan: Plan;
  readonly provenance: PlanProvenance;
  /** What a person should know of the token and the shop; outside the plan, since it moves by itself. */
  readonly notes: readonly Diagnostic[];
  /** Pages that the options excluded from the comparison. */
  readonly skippedByFlags: number;
}
