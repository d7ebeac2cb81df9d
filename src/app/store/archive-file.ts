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

/** The last apply of this plan that converged; null: there was none. Throws a Failure (archive_altered). */
export function lastConverged(out: string, target: Target, digest: string): EarlierApply | null {
  const lines = verifiedLines(archiveText(out, target)).filter(({ plan }) => plan.digest === digest);
  const found = lines.findLast(({ result }) => result === 'converged');
  if (found === undefined) return null;
  const approvals = lines
    .filter(({ sequence }) => sequence <= found.sequence)
    .flatMap((line) => line.approvals);
  return { by: `the archive lists its apply of ${found.at}`, atMs: Date.parse(found.at), approvals };
}

/** The archive's last line for this plan; null: none. It is a `started` line where the run was killed. */
export const lastLine = (out: string, target: Target, digest: string): ArchiveLine | null =>
  verifiedLines(archiveText(out, target)).findLast(({ plan }) => plan.digest === digest) ?? null;

/** The policy under which this target was last applied (SHA-256), and by which plan (id); null: none, or never applied. */
export function lastPolicy(
  out: string,
  target: Target,
): { readonly digest: string; readonly plan: string } | null {
  const last = verifiedLines(archiveText(out, target)).at(-1);
  return last === undefined || last.policy === null ? null : { digest: last.policy, plan: last.plan.id };
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
