import { join } from 'node:path';
import type { ArchiveEvidence } from '../../app/archive-history.ts';
import type { Archive } from '../../app/audit-archives.ts';
import { namedLikePlans, runsOf } from '../../app/store/plan-folder.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';

/** What `audit verify` found out about one archive. `head`: a hash that the caller recorded. */
export function verdictText(archive: Archive, known: string | undefined): string {
  const { file, lines, head, seals, problem } = archive;
  if (problem !== null) return visible(`${file}: REFUSED, ${problem}`);
  const signed = seals.signed === 0 ? '' : ` ${seals.signed} ${seals.signed === 1 ? 'is' : 'are'} signed.`;
  const intact = lines.length === 1 ? '1 line is' : `${lines.length} lines are`;
  return visible(
    `${file}: ${intact} intact, with their plans, approvals and reports.${signed}\n  head ${head}\n  ${notProved(archive, known)}`,
    { newlines: true },
  );
}

/** Each line proves the one before it, so nothing but a signature or a recorded head proves the last one. */
function notProved({ lines, hashes, head }: Archive, known: string | undefined): string {
  const last = lines.at(-1);
  if (last === undefined) return 'Not proved: that it had no line.';
  if (known !== undefined && known === head) return 'It ends with the line of the given hash.';
  const proved = known === undefined ? 0 : hashes.indexOf(known) + 1;
  const given =
    proved === 0 ? '' : `The given hash proves ${proved === 1 ? 'line 1' : `lines 1 to ${proved}`}. `;
  const record =
    known === undefined ? 'Record the head, and give it with --head HASH' : 'Record the new head';
  const later = 'that no later line was removed';
  if (last.signature !== null) return `${given}Not proved: ${later}. ${record}.`;
  const facts =
    last.event === 'started'
      ? `time, approvals and policy of line ${last.sequence}`
      : `time (to the hour) and approvals of line ${last.sequence}`;
  return `${given}Not proved: ${facts}, the last one, and ${later}. ${record}, or sign lines.`;
}

/** What other files and commits say about lines that are not there. */
export const evidenceText = ({ missing, looked }: ArchiveEvidence): string =>
  [...missing.map((one) => `REFUSED, ${one}`), ...looked].map((one) => visible(one)).join('\n');

/** For a plans folder without an archive. A run that writes nothing adds no line, so files of runs alone prove no removal. */
export function noArchiveText(out: string, isVerify: boolean): string {
  const withRuns = namedLikePlans(out).filter((folder) => runsOf(folder).length > 0).length;
  const why =
    withRuns === 0
      ? ': nothing has been applied yet.'
      : `, but ${plural(withRuns, 'plan has', 'plans have')} files of runs: it was removed, or those runs wrote nothing${isVerify ? '' : ' (sailplan audit verify)'}.`;
  return visible(`No archive in ${join(out, 'archive')}${why}`);
}
