import { archiveEvidence } from '../../app/archive-evidence.ts';
import type { ArchiveEvidence } from '../../app/archive-history.ts';
import { type Archive, readArchives } from '../../app/audit-archives.ts';
import { readApplies } from '../../app/read-applies.ts';
import { readSigners, type Signers } from '../../approval/signing/allowed-signers.ts';
import { Failure } from '../../core/failure.ts';
import { printJson } from '../../plan/file/print.ts';
import { readBytes } from '../../platform/files.ts';
import { renderTrail } from '../../review/audit-trail.ts';
import { auditEntry } from '../../review/html/audit-entry.ts';
import { auditPage } from '../../review/html/audit-page.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';
import { evidenceText, noArchiveText, verdictText } from '../views/archive-verdict.ts';

/** Who approved and applied what, when and with what result; `audit verify` proves the chain and every digest (0/3). */
export async function run(args: Args, io: Io): Promise<number> {
  const { out } = loadSettings(args, io);
  const word = textArg(args, 'what');
  const [signersPath, head] = [textArg(args, 'signers'), textArg(args, 'head')];
  const signers = signersPath === undefined ? null : readSigners(readBytes(signersPath));
  io.phase('checking the archives with their plans and reports');
  const format = flagArg(args, 'json') ? 'json' : (textArg(args, 'format') ?? 'text');
  if (format === 'html') return printPage(out, signers, args, io);
  const archives = await readArchives(out, signers);
  const isVerify = word === 'verify';
  const evidence = isVerify
    ? await archiveEvidence(out, archives, { head, hasSigners: signers !== null })
    : NO_EVIDENCE;
  const missing = [
    ...(head === undefined || holds(archives, head) ? [] : [noHead(head)]),
    ...evidence.missing,
  ];
  const isOk = missing.length === 0 && archives.every(({ problem }) => problem === null);
  if (format === 'json')
    io.out(printJson({ ok: isOk, missing, looked: evidence.looked, archives }).trimEnd());
  else {
    if (archives.length === 0) io.out(noArchiveText(out, isVerify));
    for (const archive of archives)
      io.out(isVerify ? verdictText(archive, head) : renderTrail(archive, format as 'text' | 'markdown'));
    if (isVerify || missing.length > 0) io.out(evidenceText({ ...evidence, missing }));
  }
  return isVerify && !isOk ? 3 : 0;
}

const NO_EVIDENCE: ArchiveEvidence = { missing: [], looked: [] };

/** The page itself lists what is not intact. */
async function printPage(out: string, signers: Signers | null, args: Args, io: Io): Promise<number> {
  if (textArg(args, 'head') !== undefined)
    throw new Failure(
      'usage',
      '--head is checked by audit verify, and the page names the head of each archive',
      'Run sailplan audit verify --head HASH.',
    );
  const read = await readApplies(out, signers, auditEntry);
  const archives = read.map(({ archive, applies }) => ({
    file: archive.file,
    target: archive.target,
    lines: archive.lines.length,
    head: archive.head,
    signed: archive.seals.signed,
    problem: archive.problem,
    entries: applies,
  }));
  io.out(auditPage(archives, new Date().toISOString()));
  if (textArg(args, 'what') !== 'verify') return 0;
  const { missing } = await archiveEvidence(
    out,
    read.map(({ archive }) => archive),
    { head: undefined, hasSigners: signers !== null },
  );
  for (const problem of missing) io.err(`REFUSED, ${problem}`);
  return missing.length > 0 || archives.some(({ problem }) => problem !== null) ? 3 : 0;
}

/** A folder may contain archives of several targets; the head belongs to one of them. */
const holds = (archives: readonly Archive[], head: string): boolean =>
  archives.some(({ hashes }) => hashes.includes(head));

const noHead = (head: string): string =>
  `no line of any archive here has the hash ${head}: last entries were removed, or the archive was replaced`;
