import { join } from 'node:path';
import { canonical, isSame } from '../../core/json/canonical-json.ts';
import { byCodeUnit } from '../../core/json/records.ts';
import { escapeHidden } from '../../plan/file/line-printers.ts';
import { printJson, printPieces } from '../../plan/file/print.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import { chunksOf, exists, isLarge } from '../../platform/files.ts';
import { hasContent, type Text, writeText } from '../../platform/write-files.ts';
import type { Planned } from '../plan-request.ts';
import type { Notes, SecretGuard } from '../ports.ts';
import { REVIEW_FILE, reviewText, storedReview } from '../review-file.ts';
import { type Folder, readPlan, removeFolder, untouchedFolders, writeFolder } from './plan-folder.ts';
import { madeAt } from './provenance-file.ts';

export interface PlanPlace {
  /** Folder of the plans. */
  readonly out: string;
  /** Keeps the plans that this one supersedes. */
  readonly keep: boolean;
  /** author.json; null: none. */
  readonly author: string | null;
}

/**
 * Writes the folder of a plan and removes plans of the same target that it supersedes, unless somebody approved or applied
 * them. An identical plan keeps its folder, and the statement of its first author. Returns the path of plan.json; null for a
 * plan without changes, which is not written. Throws a Failure (secret_found, file_unwritable).
 */
export function savePlan(
  { plan, provenance }: Pick<Planned, 'plan' | 'provenance'>,
  { out, keep, author }: PlanPlace,
  secrets: Pick<SecretGuard, 'assertNoSecret'>,
  notes: Pick<Notes, 'warn'>,
): string | null {
  if (plan.changes.length === 0) return null;
  const identity = planIdentity(plan);
  const { folder, isOld } = writeFolder(out, {
    plan: guarded(plan, `the new plan in ${out}`, secrets),
    id: () => identity.id,
    beside: () => {
      const beside = {
        'provenance.json': printJson(provenance),
        [REVIEW_FILE]: reviewText(plan, provenance),
        ...(author === null ? {} : { 'author.json': author }),
      };
      for (const [name, content] of Object.entries(beside))
        secrets.assertNoSecret(content, join(out, identity.id, name));
      return beside;
    },
  });
  if (isOld) renewReview(folder, plan, secrets);
  const statement = join(folder.path, 'author.json');
  if (isOld && author !== null && !exists(statement)) writeText(statement, author);
  if (!keep)
    for (const old of supersededBy(folder, plan, provenance.made_at)) {
      removeFolder(old);
      notes.warn(`note: plan ${old.id}, which nobody approved or applied, is superseded and removed`);
    }
  return join(folder.path, 'plan.json');
}

/** Of two plans that are made at the same time, only the newer one removes the other. `at`: when this one was made. */
function supersededBy({ plans, id }: Folder, plan: Plan, at: string): readonly Folder[] {
  const isOlder = (one: Folder) => byCodeUnit(`${madeAt(one)} ${one.id}`, `${at} ${id}`) < 0;
  return untouchedFolders(plans, id ?? '').filter((one) => isOlder(one) && isOfTarget(one, plan));
}

/** Updates review.md of an identical plan to this version's text, with the provenance of its first creation. */
function renewReview(folder: Folder, plan: Plan, secrets: Pick<SecretGuard, 'assertNoSecret'>): void {
  const path = join(folder.path, REVIEW_FILE);
  const text = storedReview(folder, plan, planIdentity(plan).digest);
  if (exists(path) && hasContent(path, text)) return;
  secrets.assertNoSecret(text, path);
  writeText(path, text);
}

/** Longer than any secret in any of its forms. */
const OVERLAP = 32_768;

/**
 * A plan's file in pieces, each checked together with the end of the one before, so that no cut hides a secret. A file that
 * is refused half-way is never renamed to its place.
 */
const guarded = (plan: Plan, path: string, secrets: Pick<SecretGuard, 'assertNoSecret'>): Text => ({
  *[Symbol.iterator]() {
    let before = '';
    for (const piece of printPieces(plan)) {
      secrets.assertNoSecret(before + piece, path);
      before = piece.slice(-OVERLAP);
      yield piece;
    }
  },
});

/** Of a large plan only the head is read: a second one in memory would double what planning takes. */
function isOfTarget(folder: Folder, { target }: Plan): boolean {
  const path = join(folder.path, 'plan.json');
  try {
    const [head] = isLarge(path) ? chunksOf(path) : [];
    return head === undefined
      ? isSame(readPlan(folder).plan.target, target)
      : new TextDecoder().decode(head).includes(`\n  "target": ${escapeHidden(canonical(target))},\n`);
  } catch {
    return false;
  }
}
