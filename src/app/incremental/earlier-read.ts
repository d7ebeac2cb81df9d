import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { digestOf, type Plan } from '../../plan/plan.ts';
import { type PlanProvenance, parsePlanProvenance } from '../../plan/plan-provenance.ts';
import { hasWholeSnapshots } from '../../plan/snapshots/extent.ts';
import { exists, SMALL_FILE } from '../../platform/files.ts';
import type { IncrementalBase } from '../../saleor/read/incremental/read-changed.ts';
import { contractDigest } from '../../saleor/read/read-marker.ts';
import { readSnapshot } from '../read-snapshot.ts';
import { findFolder } from '../store/find-folder.ts';
import { type Folder, folders, readPlan, storedText } from '../store/plan-folder.ts';

/** An earlier read of the shop, and what it is called. */
export interface StoredRead {
  readonly from: string;
  readonly earlier: IncrementalBase;
}

/** Where an incremental read begins: an earlier read, or why there is none and everything is read. */
export type IncrementalStart =
  | { readonly base: StoredRead; readonly because: null }
  | { readonly base: null; readonly because: string };

/**
 * Begins at what `since` names (a plan or a snapshot file), else at the newest plan of this target with full snapshots.
 * Throws a Failure (usage) for a `since` that cannot be begun at.
 */
export function incrementalStart(since: string | undefined, out: string, target: Target): IncrementalStart {
  if (since !== undefined) {
    const base = isPlan(since) ? ofPlan(findFolder(since, out), target) : ofSnapshot(since, target);
    return { base, because: null };
  }
  const base = newest(out, target);
  return base === null
    ? { base, because: `${out} contains no plan of this shop with full snapshots` }
    : { base, because: null };
}

const usage = (message: string, hint: string): Failure => new Failure('usage', message, hint);

const isPlan = (given: string): boolean =>
  exists(given)
    ? statSync(given).isDirectory() || basename(given) === 'plan.json'
    : /^[0-9a-f]{16}$/.test(given);

function ofSnapshot(path: string, target: Target): StoredRead {
  const { read } = readSnapshot(path);
  const { actual, looked, shop } = read;
  // Only the address counts: the target's name and channel come from the config, not from the read.
  if (actual.target.api_url !== target.api_url) throw otherShop(path, actual.target, target);
  if (!looked || Number.isNaN(Date.parse(looked.updated_at)))
    throw usage(
      `--since ${path} does not contain the time of the shop’s last write (it is from an older sailplan, or from an empty shop)`,
      'Take a new one: sailplan snapshot saleor --out FILE',
    );
  return { from: path, earlier: { actual, looked, version: shop.version } };
}

function ofPlan(folder: Folder, target: Target): StoredRead {
  const plan = readPlan(folder).plan;
  const found = begunAt(folder, plan, provenanceOf(folder));
  if (plan.target.api_url !== target.api_url) throw otherShop(folder.path, plan.target, target);
  if (found !== null) return found;
  const hint = 'Give a plan with full snapshots written by this version, or a snapshot of the shop.';
  throw usage(`--since ${folder.path} cannot be used as the earlier read`, hint);
}

const otherShop = (path: string, found: Target, wanted: Target): Failure =>
  usage(
    `--since ${path} is from ${found.api_url}, not from ${wanted.api_url}`,
    'Give a snapshot or a plan of the same shop.',
  );

/** null if the plan keeps only what changed, or lacks the time of the shop's last write. */
function begunAt(folder: Folder, plan: Plan, provenance: PlanProvenance | null): StoredRead | null {
  const updated_at = provenance?.digest === digestOf(plan) ? provenance.shop_written_at : null;
  if (!hasWholeSnapshots(plan) || !updated_at || Number.isNaN(Date.parse(updated_at))) return null;
  const looked = { updated_at, contract: contractDigest(plan.contract) };
  const version = provenance?.shop?.version ?? null;
  return { from: `plan ${folder.id ?? folder.path}`, earlier: { actual: plan.actual, looked, version } };
}

/** Sorts by provenance.json, which is small, so that only the first usable plan is read. */
function newest(out: string, target: Target): StoredRead | null {
  const candidates = folders(out)
    .map((folder) => ({ folder, provenance: provenanceOf(folder) }))
    .filter(({ provenance }) => typeof provenance?.shop_written_at === 'string')
    .sort((a, b) => (b.provenance?.made_at ?? '').localeCompare(a.provenance?.made_at ?? ''));
  for (const { folder, provenance } of candidates) {
    try {
      const plan = readPlan(folder).plan;
      const found = isSame(plan.target, target) ? begunAt(folder, plan, provenance) : null;
      if (found !== null) return found;
    } catch (error) {
      // An unreadable plan is skipped here; status and verify report it.
      if (!(error instanceof Failure)) throw error;
    }
  }
  return null;
}

function provenanceOf({ path }: Folder): PlanProvenance | null {
  try {
    return parsePlanProvenance(parseJson(storedText(path, join(path, 'provenance.json'), SMALL_FILE)));
  } catch {
    return null;
  }
}
