import { dirname, join } from 'node:path';
import { verifyPinnedFiles } from '../approval/policy/pinned-files.ts';
import { rulesFor } from '../approval/policy/policy.ts';
import type { Rules } from '../approval/policy/rules.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import { plural } from '../core/text/counting.ts';
import { keptVariables } from '../platform/child-environment.ts';
import { gitTopOf } from '../platform/config-search.ts';
import { exists, readBytes } from '../platform/files.ts';
import { runProgram } from '../platform/run-program.ts';
import type { Workspace } from './options.ts';
import { failedFinding, okFinding, type SetupFinding } from './setup-finding.ts';
import { loadPolicy } from './verify-plan.ts';

/**
 * Checks this machine for applying: a policy that can be enforced, the keys that it requires, git and ssh-keygen. `target`:
 * null if no shop is known; then its rules are unknown.
 */
export async function diagnoseMachine(
  workspace: Workspace,
  target: Target | null,
): Promise<readonly SetupFinding[]> {
  const { rules, findings } = policyFindings(workspace, target);
  return [...findings, ...(await keygenFindings(rules)), ...(await gitFindings(rules))];
}

function policyFindings(
  workspace: Workspace,
  target: Target | null,
): { readonly rules: Rules | null; readonly findings: readonly SetupFinding[] } {
  try {
    const policy = loadPolicy(workspace);
    if (policy === null)
      return {
        rules: null,
        findings: [okFinding('policy', 'no policy file: one approval of the last 72 hours is enough')],
      };
    const rules = target === null ? null : rulesFor(policy, target);
    if (rules === null)
      return { rules, findings: [okFinding('policy', `${workspace.policyPath} can be enforced`)] };
    const beside = (path: string | undefined) => bytesOrNull(path, workspace.policyPath);
    const pinned = verifyPinnedFiles(
      { signers: beside(rules.allowed_signers?.path), revoked: beside(rules.revoked_keys?.path) },
      rules,
    );
    const refused = pinned.findings.flatMap(({ refusal }): SetupFinding[] =>
      refusal === null
        ? []
        : [{ severity: 'error', code: refusal.code, message: refusal.message, fix: refusal.hint }],
    );
    const needs =
      rules.mode === 'merge'
        ? `a merge into ${rules.merge?.ref ?? 'the protected branch'}`
        : `${plural(rules.approvals, 'approval')}${rules.signatures === 'required' ? ', signed' : ''}`;
    const ok = okFinding('policy', `${workspace.policyPath} can be enforced; a plan needs ${needs}`);
    return { rules, findings: refused.length > 0 ? refused : [ok] };
  } catch (error) {
    return { rules: null, findings: [failedFinding(error)] };
  }
}

function bytesOrNull(path: string | undefined, policyPath: string): Uint8Array | null {
  if (path === undefined) return null;
  const file = join(dirname(policyPath), path);
  return exists(file) ? readBytes(file) : null;
}

const VERSION_MS = 10_000;

/** Output of a harmless call of a program; null if it cannot be started. */
async function answerOf(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout, stderr } = await runProgram({
      command,
      args,
      env: keptVariables([]),
      timeoutMs: VERSION_MS,
      maxBytes: 65_536,
      missing: { code: 'git_missing', hint: '' },
    });
    return `${Buffer.from(stdout).toString('utf8')}${stderr}`.trim();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** Required only for signatures; approve --sign and plan --sign also report it. */
async function keygenFindings(rules: Rules | null): Promise<readonly SetupFinding[]> {
  const isNeeded = rules?.signatures === 'required';
  // Without its further arguments it prints its usage, and starts nothing.
  const answer = await answerOf('ssh-keygen', ['-Y']);
  if (answer !== null) return [okFinding('ssh_keygen', 'ssh-keygen is installed')];
  if (!isNeeded) return [];
  const fix = 'Install OpenSSH 8.9 or newer.';
  const message = 'ssh-keygen is not installed, and the policy requires signatures';
  return [{ severity: 'error', code: 'ssh_keygen_missing', message, fix }];
}

async function gitFindings(rules: Rules | null): Promise<readonly SetupFinding[]> {
  const isNeeded = rules?.mode === 'merge';
  const version = await answerOf('git', ['--version']);
  if (version === null) {
    if (!isNeeded) return [];
    const message = 'git is not installed, but in mode merge the git history is the approval';
    return [{ severity: 'error', code: 'git_missing', message, fix: 'Install git.' }];
  }
  const top = gitTopOf(process.cwd());
  if (top !== null) return [okFinding('git', `git is installed; the repository is ${top}`)];
  if (!isNeeded) return [okFinding('git', 'git is installed; this folder is not in a repository yet')];
  const message = 'this folder is not in a git repository, but in mode merge the git history is the approval';
  return [{ severity: 'error', code: 'history_incomplete', message, fix: 'Run it in a clone.' }];
}
