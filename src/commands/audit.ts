import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveLine, verifyChain } from '../approval/chain.ts';
import { parsePlan } from '../plan/parse.ts';
import { digestOf } from '../plan/plan.ts';
import { visible } from '../report/visible.ts';
import { Failure } from '../state/failure.ts';
import { sha256 } from '../state/json.ts';
import { exists, readBytes, readText } from '../system/files.ts';
import { filesIn } from '../system/folder.ts';
import { loadSettings } from './config.ts';
import { type Args, flag, type Io, text } from './io.ts';

interface Archive {
  readonly file: string;
  readonly lines: readonly ArchiveLine[];
  readonly head: string | null;
  /** The first thing that does not hold, or null. */
  readonly problem: string | null;
}

/** Who approved and applied what, when and with what result; `audit verify` proves the chain and every digest (0/3). */
export async function run(args: Args, io: Io): Promise<number> {
  const { out } = loadSettings(args, io);
  const word = text(args, 'what');
  if (word !== undefined && word !== 'verify')
    throw new Failure('usage', `audit takes verify or nothing, not "${word}"`);
  const archives = read(out, text(args, 'head'));
  const isOk = archives.every(({ problem }) => problem === null);
  if (flag(args, 'json')) io.out(JSON.stringify({ ok: isOk, archives }, null, 2));
  else if (archives.length === 0)
    io.out(`There is no archive in ${join(out, 'archive')}: nothing was applied yet.`);
  else
    for (const archive of archives)
      io.out(visible(word === 'verify' ? verdict(archive) : listing(archive), { newlines: true }));
  return word === 'verify' && !isOk ? 3 : 0;
}

function read(out: string, head: string | undefined): readonly Archive[] {
  const folder = join(out, 'archive');
  const files = exists(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
    : [];
  return files.map((file) => {
    const chain = verifyChain(readText(join(folder, file)), head === undefined ? {} : { head });
    if (!chain.ok) return { file, lines: [], head: null, problem: chain.problem.message };
    return { file, lines: chain.lines, head: chain.head, problem: firstDifference(out, chain.lines) };
  });
}

/** The plan, its approvals and its report are those of the line that speaks of them. */
function firstDifference(out: string, lines: readonly ArchiveLine[]): string | null {
  const last = new Map(
    lines.filter(({ event }) => event === 'finished').map((line) => [line.plan.id, line.sequence]),
  );
  for (const line of lines) {
    const problem = differenceIn(join(out, line.plan.id), line, last.get(line.plan.id) === line.sequence);
    if (problem !== null) return `line ${line.sequence}: ${problem}`;
  }
  return null;
}

function differenceIn(path: string, line: ArchiveLine, isLast: boolean): string | null {
  if (!exists(join(path, 'plan.json'))) return `plan ${line.plan.id} is missing`;
  try {
    if (digestOf(parsePlan(readText(join(path, 'plan.json')))) !== line.plan.digest)
      return `plan ${line.plan.id} was altered`;
  } catch (error) {
    if (error instanceof Failure) return `plan ${line.plan.id}: ${error.message}`;
    throw error;
  }
  const approvals = new Set(
    filesIn({ path, id: line.plan.id }, 'approvals', '.json').map((file) => sha256(readBytes(file))),
  );
  const lost = line.approvals.find((digest) => !approvals.has(digest));
  if (lost !== undefined)
    return `an approval of plan ${line.plan.id} is missing or was altered (sha256 ${lost})`;
  if (!isLast || line.report === null) return null;
  const report = join(path, 'report.json');
  if (!exists(report)) return `the report of plan ${line.plan.id} is missing`;
  return sha256(readBytes(report)) === line.report ? null : `the report of plan ${line.plan.id} was altered`;
}

const verdict = ({ file, lines, head, problem }: Archive): string =>
  problem === null
    ? `${file}: ${lines.length} lines hold, with their plans, approvals and reports.\n  head ${head}\n  A tail that was cut off shows only against a head noted elsewhere (--head HASH).`
    : `${file}: REFUSED, ${problem}`;

const listing = ({ file, lines, problem }: Archive): string =>
  [
    file,
    ...lines.map(
      ({ sequence, at, event, plan, approvals, policy, result }) =>
        `  ${sequence}  ${at}  ${event}${result === null ? '' : `, ${result}`}  plan ${plan.id}, ${approvals.length} approvals, ${policy === null ? 'no policy' : `policy ${policy.slice(0, 12)}`}`,
    ),
    ...(problem === null ? [] : [`  REFUSED: ${problem}`]),
  ].join('\n');
