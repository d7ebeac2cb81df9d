import { join } from 'node:path';
import { type ArchiveLine, forkHint, verifyChain } from '../approval/archive/hash-chain.ts';
import { verifyLineSignatures } from '../approval/archive/signed-lines.ts';
import type { Signers } from '../approval/signing/allowed-signers.ts';
import { readEnvelope } from '../approval/signing/dsse-envelope.ts';
import { readApproval } from '../approval/signing/in-toto-statement.ts';
import { Failure } from '../core/failure.ts';
import { isRecord } from '../core/json/records.ts';
import { parseJson } from '../core/json/untrusted-json.ts';
import type { ApprovalNote } from '../plan/report.ts';
import { ALLOW_MORE_MEMORY, exists, SMALL_FILE, tooMuch } from '../platform/files.ts';
import { isHeapFull } from '../platform/heap-growth.ts';
import { sshVerifier } from '../platform/ssh-keygen.ts';
import type { AuditedApply, AuditTrail } from '../review/audit-trail.ts';
import { firstWrongFile } from './check-archived-files.ts';
import { type ArchivedFiles, type ArchivedFilesOf, openArchivedFiles } from './store/archived-files.ts';
import { namesIn } from './store/plan-files.ts';
import { type Folder, storedBytes, storedText } from './store/plan-folder.ts';

export type Archive = AuditTrail & {
  readonly lines: readonly ArchiveLine[];
  /** Of each line. */
  readonly hashes: readonly string[];
  /** Hash of the last line; null if the chain is broken. */
  readonly head: string | null;
  readonly seals: { readonly signed: number; readonly unsigned: number };
};

/**
 * Reads every archive of the folder and checks it against its plans, approvals, reports and signatures. With `signers`, each
 * line from the first signed one on must be signed by a key of that list. Throws a Failure (file_unreadable), also where they
 * need more memory than sailplan takes.
 */
export async function readArchives(out: string, signers: Signers | null): Promise<readonly Archive[]> {
  const folder = join(out, 'archive');
  if (!exists(folder)) return [];
  const archives: Archive[] = [];
  const files = namesIn(folder).filter((name) => name.endsWith('.jsonl'));
  for (const file of files.sort()) {
    if (isHeapFull()) throw tooMuch(join(folder, file), ALLOW_MORE_MEMORY);
    archives.push(await readArchive(out, file, signers));
  }
  return archives;
}

async function readArchive(out: string, file: string, signers: Signers | null): Promise<Archive> {
  const content = storedText(out, join(out, 'archive', file));
  const chain = verifyChain(content);
  if (!chain.ok) {
    const { kind, message } = chain.problem;
    const hint = kind === 'forked' ? `. ${forkHint(join(out, 'archive', file))}` : '';
    return { ...UNREADABLE, file, problem: `${message}${hint}` };
  }
  const { lines, hashes, head } = chain;
  const filesOf = openArchivedFiles(out, lines);
  const sealed = await verifyLineSignatures(lines, { verifier: sshVerifier(), signers });
  return {
    file,
    target: lines[0]?.target ?? null,
    applies: appliesOf(lines, filesOf),
    lines,
    hashes,
    head,
    seals: sealed,
    problem: sealed.problem ?? (signers === null ? null : unsealed(lines)) ?? firstWrongFile(lines, filesOf),
  };
}

const UNREADABLE = {
  target: null,
  applies: [],
  lines: [],
  hashes: [],
  head: null,
  seals: { signed: 0, unsigned: 0 },
};

/** After the first signed line, an unsigned line was written by somebody else. */
function unsealed(lines: readonly ArchiveLine[]): string | null {
  const from = lines.findIndex(({ signature }) => signature !== null);
  if (from === -1) return lines.length === 0 ? null : 'no line is signed';
  const bare = lines.slice(from).find(({ signature }) => signature === null);
  return bare === undefined ? null : `line ${bare.sequence} is not signed, lines before it are`;
}

/** A `started` line and the `finished` one of the same plan that follows it are one apply. */
function appliesOf(lines: readonly ArchiveLine[], filesOf: ArchivedFilesOf): readonly AuditedApply[] {
  return lines.flatMap((line, index): AuditedApply[] => {
    const next = lines[index + 1];
    const before = lines[index - 1];
    const isPair = (a: ArchiveLine | undefined, b: ArchiveLine | undefined) =>
      a?.event === 'started' && b?.event === 'finished' && a.plan.digest === b.plan.digest;
    if (isPair(before, line)) return [];
    const end = line.event === 'finished' ? line : isPair(line, next) ? next : undefined;
    return [applyOf(filesOf(line), line, end)];
  });
}

function applyOf(files: ArchivedFiles, line: ArchiveLine, end: ArchiveLine | undefined): AuditedApply {
  const report = end?.report == null ? undefined : files.reports.get(end.report);
  const provenance = starterFile(files.runs, report?.run ?? files.runs.length);
  const by = provenance === undefined ? null : starterIn(files.folder, provenance);
  return {
    lines: [...new Set([line.sequence, end?.sequence ?? line.sequence])],
    plan: line.plan,
    started_at: line.event === 'started' ? line.at : null,
    finished_at: end?.at ?? null,
    result: end?.result ?? null,
    approvals: report?.approvals ?? approvers(files, line),
    policy: line.policy,
    by,
    totals: report?.totals ?? null,
  };
}

/** `own`: index of the run. If the run before it was killed, this one may only have finished that one. */
function starterFile(runs: readonly string[], own: number): string | undefined {
  const killed = runs.slice(Math.max(0, own - 1), own).filter((path) => !exists(join(path, 'report.json')));
  return [...runs.slice(own, own + 1), ...killed]
    .map((path) => join(path, 'provenance.json'))
    .find((path) => exists(path));
}

/** Name of the person who started a run, as the machine claims it; null if the file has none. It has no effect. */
function starterIn(folder: Folder, path: string): string | null {
  try {
    const made = parseJson(storedText(folder.path, path, SMALL_FILE));
    const by = isRecord(made) ? made['made_by'] : undefined;
    return typeof by === 'string' ? by : null;
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** Without a report: the approvers that the files name, unverified. */
const approvers = ({ folder, approvals: kept }: ArchivedFiles, line: ArchiveLine): readonly ApprovalNote[] =>
  [...new Set(line.approvals)].flatMap((digest) => {
    const file = kept.get(digest);
    if (file === undefined) return [];
    try {
      const { payload, signature } = readEnvelope(storedBytes(folder.path, file));
      const { approver, at, comment, decision } = readApproval(payload).predicate;
      return decision === 'approve' ? [{ approver, at, comment, signed: signature !== null }] : [];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
