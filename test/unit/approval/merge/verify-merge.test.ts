import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { printAccept } from '../../../../src/approval/merge/accepted-hazards.ts';
import { readPolicy } from '../../../../src/approval/policy/policy.ts';
import type { Decision, VerifyInput } from '../../../../src/approval/verification.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import { readMerge } from '../../../../src/platform/git-history.ts';
import {
  approvalFile,
  HOUR,
  inputWith,
  NOW,
  PLAN,
  policyBytes,
  refusalsOf,
  samplePlan,
} from '../../../support/approvals.ts';
import { createRepository, type TestRepository } from '../../../support/git-repository.ts';

const REF = 'refs/heads/main';
const PLAN_PATH = `plans/${PLAN.id}/plan.json`;
const ACCEPT_PATH = `plans/${PLAN.id}/accept.json`;
const RULES = { mode: 'merge', merge: { ref: REF, squash: 'refuse' } };
const TRUSTING = { mode: 'merge', merge: { ref: REF, squash: 'trust_forge' } };
const STRICT = { ...RULES, hazards: { must_be_accepted: ['renames_value'] } };

let repo: TestRepository;
beforeEach(() => {
  repo = createRepository(NOW);
});
afterEach(() => repo.remove());

/** main holds policy and contract; the branch `plan` adds the plan. */
function proposed(rules: object = RULES, also: () => void = () => undefined): void {
  repo.write('sailplan.policy.json', policyBytes(rules));
  repo.write('contract.json', '{"name": "gtm-v1"}\n');
  repo.write('sailplan.json', '{}\n');
  repo.commit('Rules', NOW - 9 * HOUR);
  repo.git('switch', '-q', '-c', 'plan');
  repo.write(PLAN_PATH, printPlan(samplePlan()));
  also();
  repo.commit('Plan', NOW - 3 * HOUR);
  repo.git('switch', '-q', 'main');
}

async function verdictOf(given: Partial<VerifyInput> = {}, folder = repo.folder): Promise<Decision> {
  const at = (path: string) => join(folder, path);
  const bytes = (path: string) => (existsSync(at(path)) ? readFileSync(at(path)) : null);
  const merge = await readMerge({
    folder,
    plans: at('plans'),
    ref: REF,
    files: [
      { role: 'plan', path: at(PLAN_PATH) },
      { role: 'policy', path: at('sailplan.policy.json') },
      { role: 'contract', path: at('contract.json') },
      { role: 'config', path: at('sailplan.json') },
      { role: 'accept', path: at(ACCEPT_PATH) },
    ],
  });
  const policy = readPolicy(bytes('sailplan.policy.json') ?? Buffer.alloc(0));
  return verifyApproval(inputWith({ policy, merge, accept: bytes(ACCEPT_PATH), ...given }));
}

const where = (folder = repo.folder) => ({ folder, plans: join(folder, 'plans') });

const messageOf = (verdict: Decision): string => (verdict.ok ? 'ok' : verdict.refusals[0].message);

describe('a merged pull request', () => {
  test('approves its plan, and the merge commit names who merged', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    const verdict = await verdictOf();
    expect(messageOf(verdict)).toBe('ok');
    expect(verdict).toMatchObject({
      approvals: [
        {
          approver: 'Kim Doe <kim@example.com> (as the commit says)',
          at: new Date(NOW - HOUR).toISOString(),
          signed: false,
        },
      ],
      notes: [],
    });
  });

  test('still approves it when main has gone on', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    repo.write('README.md', 'more\n');
    repo.commit('Something else');
    expect(messageOf(await verdictOf())).toBe('ok');
  });

  test('that is not merged approves nothing', async () => {
    proposed();
    repo.git('switch', '-q', 'plan');
    expect(refusalsOf(await verdictOf())).toEqual(['plan_not_approved']);
  });

  test('lasts as long as the policy says', async () => {
    proposed({ ...RULES, max_age_hours: 2 });
    repo.merge('plan', NOW - 3 * HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['approval_expired']);
  });

  test('from the future is refused', async () => {
    proposed();
    repo.merge('plan', NOW + HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['approval_invalid']);
  });

  test('does not outweigh a rejection', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    const approvals = [approvalFile('Lee', { decision: 'reject' })];
    expect(refusalsOf(await verdictOf({ approvals }))).toEqual(['plan_rejected']);
  });
});

describe('what was changed', () => {
  test.each([
    [PLAN_PATH, 'plan_altered'],
    ['contract.json', 'contract_differs'],
    ['sailplan.json', 'policy_refused'],
  ])('in the checkout: %s', async (path, code) => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    repo.write(path, `${readFileSync(join(repo.folder, path), 'utf8')} `);
    expect(refusalsOf(await verdictOf())).toEqual([code]);
  });

  test('in the checkout: a policy that is looser there', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    repo.write('sailplan.policy.json', policyBytes({ ...RULES, max_age_hours: 8760 }));
    expect(refusalsOf(await verdictOf())).toEqual(['policy_refused']);
  });

  test('in the pull request itself: its own policy', async () => {
    proposed(STRICT, () => repo.write('sailplan.policy.json', policyBytes(RULES)));
    repo.merge('plan', NOW - HOUR);
    const verdict = await verdictOf();
    expect(refusalsOf(verdict)).toEqual(['policy_refused']);
    expect(messageOf(verdict)).toContain(
      'sailplan.policy.json changed with the merge of the plan: a pull request cannot change its own rules',
    );
  });

  test('in the pull request itself: its own contract', async () => {
    proposed(RULES, () => repo.write('contract.json', '{"name": "mine"}\n'));
    repo.merge('plan', NOW - HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['contract_differs']);
  });

  test('in the pull request itself: the first policy comes with the first plan', async () => {
    repo.commit('Nothing yet', NOW - 9 * HOUR);
    repo.git('switch', '-q', '-c', 'plan');
    repo.write('sailplan.policy.json', policyBytes(RULES));
    repo.write(PLAN_PATH, printPlan(samplePlan()));
    repo.commit('Plan and policy');
    repo.git('switch', '-q', 'main');
    repo.merge('plan', NOW - HOUR);
    expect(messageOf(await verdictOf())).toContain(
      'sailplan.policy.json did not exist before the plan was merged: a pull request cannot add its own rules',
    );
  });

  test('since the merge, by a push to main', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    repo.write(PLAN_PATH, `${printPlan(samplePlan())} `);
    repo.commit('Quietly');
    expect(refusalsOf(await verdictOf())).toContain('plan_not_approved');
  });

  test('by the merge commit itself, which nobody reviewed', async () => {
    proposed();
    repo.git('merge', '-q', '--no-ff', '--no-commit', 'plan');
    repo.write(PLAN_PATH, `${printPlan(samplePlan())} `);
    repo.commit('Merge plan', NOW - HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['plan_altered']);
  });
});

describe('a squash, a rebase or a push', () => {
  const squash = (rules: object, also?: () => void) => {
    proposed(rules, also);
    repo.git('merge', '-q', '--squash', 'plan');
    repo.commit('Plan (#12)', NOW - HOUR);
  };

  test('names nobody, and is refused where the policy does not trust the forge', async () => {
    squash(RULES);
    const verdict = await verdictOf();
    expect(refusalsOf(verdict)).toEqual(['plan_not_approved']);
    expect(messageOf(verdict)).toContain('git cannot distinguish');
  });

  test('is taken where it does, and the report repeats it', async () => {
    squash(TRUSTING);
    const verdict = await verdictOf();
    expect(verdict).toMatchObject({ ok: true, approvals: [{ approver: 'not named by git' }] });
    expect(verdict.notes.join()).toContain("trusts the forge's protection");
  });

  test('does not bring its own policy either', async () => {
    squash({ ...RULES, max_age_hours: 1 }, () => repo.write('sailplan.policy.json', policyBytes(TRUSTING)));
    expect(refusalsOf(await verdictOf())).toEqual(['policy_refused']);
  });
});

describe('a plan that is needed a second time', () => {
  const APPROVALS = `plans/${PLAN.id}/approvals`;
  const approved = (atMs: number, decision: 'approve' | 'reject' = 'approve') => {
    const given = approvalFile('kim@example.com', { atMs, decision });
    repo.write(`${APPROVALS}/${given.file}`, given.bytes);
    return given;
  };
  const approvedOnBranch = (atMs: number) => {
    repo.git('switch', '-q', '-c', 'again');
    const given = approved(atMs);
    repo.commit('Again', atMs);
    repo.git('switch', '-q', 'main');
    return given;
  };
  const appliedAt = (atMs: number, approvals: readonly string[] = []) => ({
    by: 'the archive',
    atMs,
    approvals,
  });

  test.each([
    ['refuse', RULES] as const,
    ['trust_forge', TRUSTING] as const,
  ])('too old since: the merge of a newer approval of it approves it anew (squash: %s)', async (_, rules) => {
    proposed(rules);
    repo.merge('plan', NOW - 100 * HOUR);
    const before = await verdictOf();
    expect(refusalsOf(before)).toEqual(['approval_expired']);
    expect(before.ok ? '' : before.refusals[0].hint).toContain('sailplan approve PLAN');
    const given = approvedOnBranch(NOW - 2 * HOUR);
    repo.merge('again', NOW - HOUR, 'Lee Poe <lee@example.com>');
    const after = await verdictOf({ approvals: [given] });
    expect(messageOf(after)).toBe('ok');
    expect(after).toMatchObject({
      approvals: [
        {
          approver: expect.stringContaining('Lee Poe <lee@example.com>'),
          at: new Date(NOW - HOUR).toISOString(),
        },
        { approver: 'kim@example.com' },
      ],
    });
  });

  test('applied since: likewise, and not by an approval that the apply rested on, or of before it', async () => {
    proposed();
    repo.merge('plan', NOW - 20 * HOUR);
    const given = approvedOnBranch(NOW - 4 * HOUR);
    repo.merge('again', NOW - HOUR);
    const verdict = (earlierApply: ReturnType<typeof appliedAt>) =>
      verdictOf({ approvals: [given], earlierApply });
    expect(await verdict(appliedAt(NOW - 10 * HOUR))).toMatchObject({ ok: true, isApplied: false });
    const digest = createHash('sha256').update(given.bytes).digest('hex');
    expect(await verdict(appliedAt(NOW - 10 * HOUR, [digest]))).toMatchObject({ ok: true, isApplied: true });
    expect(await verdict(appliedAt(NOW - 3 * HOUR))).toMatchObject({ ok: true, isApplied: true });
  });

  test('brought by a squash that names nobody: a merged approval of it counts', async () => {
    proposed();
    repo.git('merge', '-q', '--squash', 'plan');
    repo.commit('Plan (#12)', NOW - 9 * HOUR);
    const given = approvedOnBranch(NOW - 2 * HOUR);
    repo.merge('again', NOW - HOUR);
    expect(messageOf(await verdictOf({ approvals: [given] }))).toBe('ok');
  });

  test.each([
    [
      'pushed, not merged',
      true,
      () => {
        const given = approved(NOW - 2 * HOUR);
        repo.commit('Again', NOW - HOUR);
        return given;
      },
    ],
    [
      'older than the merge of the plan',
      false,
      () => {
        const given = approvedOnBranch(NOW - 101 * HOUR);
        repo.merge('again', NOW - HOUR);
        return given;
      },
    ],
    [
      'changed in the checkout since',
      false,
      () => {
        approvedOnBranch(NOW - 3 * HOUR);
        repo.merge('again', NOW - HOUR);
        return approved(NOW - 2 * HOUR);
      },
    ],
    [
      'merged together with a changed policy',
      true,
      () => {
        repo.git('switch', '-q', '-c', 'again');
        const given = approved(NOW - 2 * HOUR);
        repo.write('contract.json', '{"name": "other"}\n');
        repo.commit('Again', NOW - 2 * HOUR);
        repo.git('switch', '-q', 'main');
        repo.merge('again', NOW - HOUR);
        return given;
      },
    ],
    [
      'merged together with a report of an apply',
      true,
      () => {
        repo.git('switch', '-q', '-c', 'again');
        const given = approved(NOW - 2 * HOUR);
        repo.write(`plans/${PLAN.id}/report.json`, '{}\n');
        repo.commit('Again', NOW - 2 * HOUR);
        repo.git('switch', '-q', 'main');
        repo.merge('again', NOW - HOUR);
        return given;
      },
    ],
    [
      'of nobody: the merge takes an approval away',
      false,
      () => {
        const given = approved(NOW - 99 * HOUR);
        repo.commit('Kept', NOW - 99 * HOUR);
        repo.git('switch', '-q', '-c', 'again');
        repo.git('rm', '-q', `${APPROVALS}/${given.file}`);
        repo.commit('Gone', NOW - 2 * HOUR);
        repo.git('switch', '-q', 'main');
        repo.merge('again', NOW - HOUR);
        return given;
      },
    ],
  ])('by an approval that was %s: does not count', async (_, isNamed, act) => {
    proposed();
    repo.merge('plan', NOW - 100 * HOUR);
    const given = act();
    const verdict = await verdictOf({ approvals: [given] });
    expect(refusalsOf(verdict)).toContain('approval_expired');
    const isTold = verdict.notes.some((note) => note.includes('of a newer approval does not count: '));
    expect(isTold).toBe(isNamed);
  });

  test('a rejection that is merged blocks, and does not approve', async () => {
    proposed();
    repo.merge('plan', NOW - 100 * HOUR);
    repo.git('switch', '-q', '-c', 'again');
    const given = approved(NOW - 2 * HOUR, 'reject');
    repo.commit('No', NOW - 2 * HOUR);
    repo.git('switch', '-q', 'main');
    repo.merge('again', NOW - HOUR);
    expect((await verdictOf({ approvals: [given] })).ok).toBe(false);
  });
});

describe('the same plan, proposed again by its provenance.json', () => {
  const PATH = `plans/${PLAN.id}/provenance.json`;
  const bytesOf = (madeAtMs: number, digest = PLAN.digest): Buffer =>
    Buffer.from(
      JSON.stringify({
        format_version: '1.0',
        plan: PLAN.id,
        digest,
        made_at: new Date(madeAtMs).toISOString(),
        made_by: 'ci',
        tool: 'sailplan',
        shop: null,
        wagtail: null,
        reads: {},
        inputs: {},
        links: {},
      }),
    );
  /** Merged 100 hours ago, as it was made before; `bytes` come by a branch that is merged an hour ago. */
  const proposedAgain = (bytes: Uint8Array, also: () => void = () => undefined): Buffer => {
    proposed(RULES, () => repo.write(PATH, bytesOf(NOW - 101 * HOUR)));
    repo.merge('plan', NOW - 100 * HOUR);
    repo.git('switch', '-q', '-c', 'again');
    repo.write(PATH, bytes);
    also();
    repo.commit('Again', NOW - 2 * HOUR);
    repo.git('switch', '-q', 'main');
    repo.merge('again', NOW - HOUR, 'Lee Poe <lee@example.com>');
    return Buffer.from(bytes);
  };

  test('is approved by its merge', async () => {
    const provenance = proposedAgain(bytesOf(NOW - 2 * HOUR));
    const verdict = await verdictOf({ provenance });
    expect(messageOf(verdict)).toBe('ok');
    expect(verdict).toMatchObject({ approvals: [{ approver: expect.stringContaining('Lee Poe') }] });
    const appliedBefore = { by: 'the archive', atMs: NOW - 10 * HOUR, approvals: [] };
    expect(await verdictOf({ provenance, earlierApply: appliedBefore })).toMatchObject({ isApplied: false });
  });

  test.each([
    ['made before the plan was merged', () => proposedAgain(bytesOf(NOW - 102 * HOUR))],
    ['of another plan', () => proposedAgain(bytesOf(NOW - 2 * HOUR, 'f'.repeat(64)))],
    ['no provenance at all', () => proposedAgain(Buffer.from('{"made_at": "2030-01-01T00:00:00Z"}'))],
    [
      'changed in the checkout since',
      () => {
        proposedAgain(bytesOf(NOW - 2 * HOUR));
        repo.write(PATH, bytesOf(NOW - HOUR));
        return bytesOf(NOW - HOUR);
      },
    ],
    [
      'merged, and taken back to what it was',
      () => {
        proposedAgain(bytesOf(NOW - 2 * HOUR));
        repo.git('switch', '-q', '-c', 'back');
        repo.write(PATH, bytesOf(NOW - 101 * HOUR));
        repo.commit('Back', NOW - HOUR / 2);
        repo.git('switch', '-q', 'main');
        repo.merge('back', NOW - HOUR / 4);
        return bytesOf(NOW - 101 * HOUR);
      },
    ],
    [
      'written by the merge commit itself',
      () => {
        proposed(RULES, () => repo.write(PATH, bytesOf(NOW - 101 * HOUR)));
        repo.merge('plan', NOW - 100 * HOUR);
        repo.git('switch', '-q', '-c', 'other');
        repo.write('note.txt', 'x');
        repo.commit('Note', NOW - 2 * HOUR);
        repo.git('switch', '-q', 'main');
        repo.merge('other', NOW - HOUR);
        repo.write(PATH, bytesOf(NOW - 2 * HOUR));
        repo.git('add', '-A');
        repo.git('commit', '-q', '--amend', '--no-edit');
        return bytesOf(NOW - 2 * HOUR);
      },
    ],
  ])('%s: approves nothing', async (_, act) => {
    const verdict = await verdictOf({ provenance: act() });
    expect(refusalsOf(verdict)).toContain('approval_expired');
  });

  test('merged together with a changed contract, or pushed: does not count, and is named', async () => {
    const provenance = proposedAgain(bytesOf(NOW - 2 * HOUR), () =>
      repo.write('contract.json', '{"name": "other"}\n'),
    );
    const verdict = await verdictOf({ provenance });
    expect(refusalsOf(verdict)).toContain('approval_expired');
    expect(verdict.notes.some((note) => note.includes('of a newer proposal does not count: '))).toBe(true);
  });

  test('made before the last apply: can only confirm', async () => {
    const provenance = proposedAgain(bytesOf(NOW - 2 * HOUR));
    const earlierApply = { by: 'the archive', atMs: NOW - HOUR / 2, approvals: [] };
    const verdict = await verdictOf({ provenance, earlierApply });
    expect(verdict.ok ? verdict.isApplied : 'refused').not.toBe(false);
  });
});

describe('accept.json', () => {
  const accepting = (codes: readonly string[], planDigest = PLAN.digest) => {
    proposed(STRICT, () => repo.write(ACCEPT_PATH, printAccept(planDigest, codes)));
    repo.merge('plan', NOW - HOUR);
  };

  test('names the hazards, merged together with the plan', async () => {
    accepting(['renames_value']);
    expect(messageOf(await verdictOf())).toBe('ok');
  });

  test('that is not there, empty, or of another plan accepts nothing', async () => {
    proposed(STRICT);
    repo.merge('plan', NOW - HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['hazard_not_accepted']);
    repo.write(ACCEPT_PATH, printAccept(PLAN.digest, ['renames_value']));
    expect(messageOf(await verdictOf())).toContain('differs from');
    repo.commit('Accept after all');
    expect(messageOf(await verdictOf())).toContain('differs from the merged version');
  });

  test.each([
    ['nothing', [], PLAN.digest, 'does not accept renames_value'],
    ['a hazard that does not exist', ['rename_value'], PLAN.digest, 'Did you mean renames_value?'],
    ['the hazards of another plan', ['renames_value'], 'cd'.repeat(32), 'it is for the plan'],
  ])('that accepts %s is refused', async (_, codes, planDigest, words) => {
    accepting(codes, planDigest);
    const verdict = await verdictOf();
    expect([refusalsOf(verdict), messageOf(verdict)]).toEqual([
      ['hazard_not_accepted'],
      expect.stringContaining(words),
    ]);
  });
});

describe('git', () => {
  test('of a shallow clone sees too little: refused with the depth to set', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    const clone = mkdtempSync(join(tmpdir(), 'clone-'));
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${repo.folder}`, clone], { stdio: 'pipe' });
    const verdict = await verdictOf({}, clone);
    expect(refusalsOf(verdict)).toEqual(['history_incomplete']);
    expect(verdict.ok ? '' : verdict.refusals[0].hint).toContain('fetch-depth: 0');
    rmSync(clone, { recursive: true });
  });

  test('replacement objects do not change what was merged', async () => {
    proposed();
    const pushed = repo.git('rev-parse', 'plan');
    repo.git('merge', '-q', '--ff-only', 'plan');
    expect(refusalsOf(await verdictOf())).toEqual(['plan_not_approved']);
    repo.git('switch', '-q', '-c', 'elsewhere', 'main~1');
    const merge = repo.merge(pushed, NOW - HOUR);
    repo.git('replace', pushed, merge);
    repo.git('switch', '-q', '-f', 'main');
    expect(refusalsOf(await verdictOf())).toEqual(['plan_not_approved']);
  });

  test('without the branch, the repository or the program is told', async () => {
    proposed();
    const plan = { role: 'plan' as const, path: join(repo.folder, PLAN_PATH) };
    const facts = await readMerge({ ...where(), ref: 'refs/remotes/origin/main', files: [plan] });
    expect(facts).toMatchObject({ tip: null, commit: null });
    const rules = { ...RULES, merge: { ...RULES.merge, ref: 'refs/remotes/origin/main' } };
    const policy = readPolicy(policyBytes(rules));
    const verdict = await verifyApproval(inputWith({ policy, merge: facts }));
    expect(verdict.ok ? '' : verdict.refusals[0].hint).toBe('Fetch it: git fetch origin main.');

    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    await expect(readMerge({ ...where(elsewhere), ref: REF, files: [plan] })).rejects.toMatchObject({
      code: 'history_incomplete',
    });
    await expect(
      readMerge({ ...where(), ref: REF, files: [plan], command: 'no-such-git' }),
    ).rejects.toMatchObject({ code: 'git_missing', exitCode: 3 });
    writeFileSync(join(elsewhere, 'plan.json'), '');
    await expect(
      readMerge({
        ...where(),
        ref: REF,
        files: [{ role: 'plan', path: join(elsewhere, 'plan.json') }],
      }),
    ).rejects.toThrow('outside the repository');
    rmSync(elsewhere, { recursive: true });
  });

  test('that was not asked about a file that decides refuses', async () => {
    proposed();
    repo.merge('plan', NOW - HOUR);
    const merge = await readMerge({
      ...where(),
      ref: REF,
      files: [{ role: 'plan', path: join(repo.folder, PLAN_PATH) }],
    });
    expect(messageOf(await verdictOf({ merge }))).toContain('the policy was not looked up');
    expect(refusalsOf(await verdictOf({ merge: null }))).toEqual(['history_incomplete']);
  });
});

describe('a merge that brings, beside its plan, what only an apply writes', () => {
  const folder = dirname(PLAN_PATH);
  test.each([
    [`${folder}/runs/1/journal.jsonl`],
    [`${folder}/runs/7/report.json`],
    [`${folder}/report.json`],
    [`${folder}/Runs/1/journal.jsonl`],
    ['plans/0123456789abcdef/runs/1/journal.jsonl'],
    ['plans/archive/shop-example-com.jsonl'],
    ['plans/.lock-shop'],
  ])('%s: is refused', async (path) => {
    proposed(RULES, () => repo.write(path, '{}\n'));
    repo.merge('plan', NOW - HOUR);
    const verdict = await verdictOf();
    expect(refusalsOf(verdict)).toEqual(['evidence_unproved']);
    expect(messageOf(verdict)).toContain(path.slice('plans/'.length));
  });

  test('squashed, or changing what was there: is refused too', async () => {
    repo.write('plans/archive/shop.jsonl', '{"sequence":1}\n');
    proposed({ ...RULES, merge: { ...RULES.merge, squash: 'trust_forge' } }, () =>
      repo.write('plans/archive/shop.jsonl', '{"sequence":2}\n'),
    );
    repo.git('merge', '-q', '--squash', 'plan');
    repo.commit('Squashed', NOW - HOUR);
    expect(refusalsOf(await verdictOf())).toEqual(['evidence_unproved']);
  });

  test('reports and archive that an apply committed to the branch meanwhile are no part of it', async () => {
    proposed();
    repo.write(`${folder}/review.md`, 'beside the plan\n');
    repo.write('plans/0123456789abcdef/runs/1/journal.jsonl', '{}\n');
    repo.write('plans/archive/shop.jsonl', '{}\n');
    repo.commit('Report of another plan', NOW - 2 * HOUR);
    repo.merge('plan', NOW - HOUR);
    expect(messageOf(await verdictOf())).toBe('ok');
  });
});
