import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { decodeText, exists } from '../platform/files.ts';
import { commitId, entriesBelow } from '../platform/git-objects.ts';
import { isRepository, openGit, placeIn, workTreeOf } from '../platform/git-program.ts';
import { parseReport } from '../review/parse-report.ts';
import type { Test } from './plan-tests.ts';
import { reviewTest } from './review-file.ts';
import { openArchive } from './store/archive-file.ts';
import { journalsOf } from './store/journal-file.ts';
import { type Folder, runsOf, storedBytes } from './store/plan-folder.ts';
import { type ProofKey, proofKeyOf } from './store/run-proof.ts';
import { claimsNothing, isProved } from './store/run-records.ts';
import { type Verified, type VerifyRequest, verifyPlan } from './verify-plan.ts';

interface ProposalRequest extends VerifyRequest {
  /** Token of the app; proves evidence of runs. undefined: only the archive can prove it. */
  readonly token: string | undefined;
}

/**
 * As verifyPlan, and refuses a review.md that differs from the plan, and files that only apply writes: journals and reports
 * that the archive does not list, and committed locks. apply itself does not need this check, because it trusts none of them.
 */
export async function verifyProposal(
  folder: Folder,
  { token, ...request }: ProposalRequest,
): Promise<Verified> {
  const verified = await verifyPlan(folder, request);
  const { plan, digest, id } = verified;
  const tests = [
    reviewTest(folder, plan, digest),
    evidenceTest(folder, verified, token),
    ...(await lockTests(folder)),
  ];
  return {
    ...verified,
    checks: [...verified.checks, ...tests.map(({ name, ok, detail }) => ({ name, ok, detail }))],
    refusals: [
      ...verified.refusals,
      ...tests.flatMap(({ ok, code, detail, hint }) =>
        ok ? [] : [{ code, message: detail, hint: hint.replace('PLAN', folder.id ?? id) }],
      ),
    ],
  };
}

function evidenceTest(folder: Folder, { plan, digest }: Verified, token: string | undefined): Test {
  const isApplied = openArchive(folder.plans, plan.target).lastLine(digest) !== null;
  const key = proofKeyOf(token, plan.target.api_url);
  const unproved = isApplied ? [] : claimsIn(folder, digest, key);
  const ok = unproved.length === 0;
  return {
    name: 'evidence',
    ok,
    detail: ok
      ? isApplied
        ? 'the archive lists an apply of this plan'
        : runsOf(folder).length > 0
          ? 'the archive lists no apply, and no file in the folder claims one without proof'
          : 'the folder contains no trace of an apply'
      : `the archive lists no apply of this plan, so these are unproved: ${unproved.join(', ')}`,
    code: 'evidence_unproved',
    hint:
      key === null
        ? 'Set SALEOR_TOKEN to check them, or remove them from the plan’s folder.'
        : 'Remove them from the plan’s folder.',
  };
}

/** A lock lasts as long as an apply: one that is committed came with somebody's branch, and would stop every apply. */
async function lockTests({ plans }: Folder): Promise<readonly Test[]> {
  const top = workTreeOf(plans);
  if (top === null || !isRepository(top)) return [];
  const git = openGit(top);
  const head = await commitId(git, 'HEAD');
  const place = placeIn(top, plans);
  if (head === null || place === null) return [];
  const start = place === '' ? '' : `${place}/`;
  const locks = (await entriesBelow(git, head, place))
    .map(({ path }) => path)
    .filter((path) => /^\.lock-[^/]*$/i.test(path.slice(start.length)));
  if (locks.length === 0) return [];
  return [
    {
      name: 'evidence',
      ok: false,
      detail: `${locks.join(', ')} is committed, and only an apply writes a lock, while it runs`,
      code: 'evidence_unproved',
      hint: `Remove it: git rm ${locks[0]}.`,
    },
  ];
}

/** Paths of journals, and of reports that claim a result, which the key does not prove. */
function claimsIn(folder: Folder, digest: string, key: ProofKey | null): readonly string[] {
  const reports = [
    join(folder.path, 'report.json'),
    ...runsOf(folder).map((run) => join(folder.path, 'runs', String(run), 'report.json')),
  ];
  const proofs = { digest, key, archived: null };
  return [
    ...journalsOf(folder, digest, key).unproved,
    ...reports.filter(
      (path) => exists(path) && !isHarmless(folder, path, (report) => isProved(folder, report, proofs)),
    ),
  ];
}

/** A start that was refused or stale leaves a report without a proof: it claims nothing. */
function isHarmless(folder: Folder, path: string, isProvedReport: (digest: string) => boolean): boolean {
  try {
    const bytes = storedBytes(folder.path, path);
    return isProvedReport(sha256(bytes)) || claimsNothing(parseReport(decodeText(bytes, path), path));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
