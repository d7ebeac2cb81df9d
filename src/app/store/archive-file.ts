import { join } from 'node:path';
import {
  type ArchiveEntry,
  type ArchiveLine,
  appendLine,
  completeLines,
  verifiedLines,
} from '../../approval/archive/hash-chain.ts';
import { appendSigned } from '../../approval/archive/signed-lines.ts';
import type { EarlierApply } from '../../approval/verification.ts';
import type { Target } from '../../core/actual-state.ts';
import { groupBy } from '../../core/collections.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { printJson } from '../../plan/file/print.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Report } from '../../plan/report.ts';
import { fileNameOf, shopOf } from '../../plan/target-file-name.ts';
import { assertNoLinks, exists } from '../../platform/files.ts';
import { sshSigner } from '../../platform/ssh-keygen.ts';
import { writeText } from '../../platform/write-files.ts';
import { storedText } from './plan-folder.ts';

/** An apply as an archive line records it. */
export interface ArchivedApply {
  readonly plan: Plan;
  readonly id: string;
  readonly digest: string;
  /** SHA-256 of every file in approvals/. */
  readonly approvals: readonly string[];
  /** SHA-256 of the policy; null: there was none. */
  readonly policy: string | null;
}

const archivePath = (out: string, target: Target): string =>
  join(out, 'archive', `${fileNameOf(target)}.jsonl`);

export function archiveText(out: string, target: Target): string {
  const path = archivePath(out, target);
  assertNoLinks(out, path);
  return exists(path) ? storedText(out, path) : '';
}

/** The lines of one target's archive, after its chain was checked. */
export interface TargetArchive {
  /** The last apply of the plan with this digest that converged; null: there was none. */
  lastConverged(digest: string): EarlierApply | null;
  /** The last line for the plan with this digest; null: none. It is a `started` line where the run was killed. */
  lastLine(digest: string): ArchiveLine | null;
  /** Applies that converged after the last line of the plan with this digest, oldest first. */
  convergedAfter(digest: string): readonly ArchiveLine[];
  /** The policy under which the target was last applied (SHA-256), and by which plan (id); null: none, or never applied. */
  lastPolicy(): { readonly digest: string; readonly plan: string } | null;
}

export type OpenArchive = (out: string, target: Target) => TargetArchive;

/** Reads and checks an archive. Throws a Failure (archive_altered). */
export function openArchive(out: string, target: Target): TargetArchive {
  const lines = verifiedLines(archiveText(out, target));
  const byPlan = groupBy(lines, ({ plan }) => plan.digest);
  const linesOf = (digest: string) => byPlan.get(digest) ?? [];
  const last = lines.at(-1);
  return {
    lastConverged: (digest) => {
      const found = linesOf(digest).findLast(({ result }) => result === 'converged');
      if (found === undefined) return null;
      const approvals = linesOf(digest)
        .filter(({ sequence }) => sequence <= found.sequence)
        .flatMap((line) => line.approvals);
      return { by: `the archive lists its apply of ${found.at}`, atMs: Date.parse(found.at), approvals };
    },
    lastLine: (digest) => linesOf(digest).at(-1) ?? null,
    convergedAfter: (digest) => {
      const from = linesOf(digest).at(-1)?.sequence;
      return lines.filter(({ sequence, result }) => result === 'converged' && sequence > (from ?? Infinity));
    },
    lastPolicy: () =>
      last === undefined || last.policy === null ? null : { digest: last.policy, plan: last.plan.id },
  };
}

/**
 * The same for a command that judges many plans and writes none: each archive is read and checked once, not once per plan. An
 * altered one throws the same Failure each time.
 */
export function openArchivesOnce(): OpenArchive {
  const opened = new Map<string, () => TargetArchive>();
  return (out, target) => {
    const path = archivePath(out, target);
    const known = opened.get(path) ?? outcomeOf(() => openArchive(out, target));
    opened.set(path, known);
    return known();
  };
}

function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Written before the first write to the shop. `key`: path of an SSH key that signs the line. */
export const archiveStarted = (out: string, apply: ArchivedApply, key: string | undefined): Promise<void> =>
  append(out, entryOf(apply, { event: 'started', report: null, result: null }), key);

export const archiveFinished = (
  out: string,
  apply: ArchivedApply,
  report: Report,
  key: string | undefined,
): Promise<void> =>
  append(
    out,
    entryOf(apply, {
      event: 'finished',
      report: sha256(printJson(report)),
      result: report.converged ? 'converged' : 'incomplete',
    }),
    key,
  );

const entryOf = (
  { plan, id, digest, approvals, policy }: ArchivedApply,
  rest: Pick<ArchiveEntry, 'event' | 'report' | 'result'>,
): ArchiveEntry => ({
  ...rest,
  at: new Date().toISOString(),
  target: shopOf(plan.target),
  plan: { id, digest },
  approvals,
  policy,
});

async function append(out: string, entry: ArchiveEntry, key: string | undefined): Promise<void> {
  const text = archiveText(out, entry.target);
  const line =
    key === undefined || key === ''
      ? appendLine(text, entry)
      : await appendSigned(text, entry, sshSigner(key));
  writeText(archivePath(out, entry.target), completeLines(text) + line);
}
