import { join } from 'node:path';
import { Failure, type FailureCode } from '../../core/failure.ts';
import { type Plan, planIdentity } from '../../plan/plan.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { type Git, inside, pathBelow } from '../../platform/git-program.ts';
import type { RemoteRepository } from '../../platform/git-remote.ts';
import { code, link } from '../../review/markdown/escape.ts';
import type { Workspace } from '../options.ts';
import { keepComment, MARKER, markerOf, normal } from './keep-comment.ts';
import { mergedPlan, waitingPlans } from './merged-plans.ts';
import type { ChangeRequest, ForgeClient } from './ports.ts';
import { proposalBody, proposalTitle, targetWord } from './proposal-text.ts';
import { type OpenProposal, openProposals, proposalBranch } from './proposals.ts';

export interface PlanProposal {
  readonly plan: Plan;
  /** The plan's files, by their names below its folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The plan as Markdown, for the comment. */
  readonly markdown: string;
  readonly workspace: Workspace;
  /** Name and newest commit of the protected branch. */
  readonly base: { readonly branch: string; readonly tip: string };
}

export interface ProposalPorts {
  readonly git: Git;
  readonly remote: RemoteRepository;
  readonly forge: ForgeClient;
}

/**
 * none: nothing differs · opened: a new request · proposed: its request was open already · waiting: merged, and not applied
 * yet · declined: a person closed its request
 */
export type ProposalState = 'none' | 'opened' | 'proposed' | 'waiting' | 'declined';

export interface ProposedPlan {
  readonly state: ProposalState;
  readonly request: ChangeRequest | null;
  /** The commit that the request proposes; null: there is none. */
  readonly commit: string | null;
  /** Why a plan that was merged before is proposed again; null: it is new. */
  readonly again: string | null;
  /** Requests that were closed, because this plan takes their place. */
  readonly superseded: readonly ChangeRequest[];
}

interface Call extends ProposalPorts {
  readonly given: PlanProposal;
  readonly id: string;
  readonly folder: string;
  readonly branch: string;
}

const NOTHING = { request: null, commit: null, again: null };

/**
 * Proposes a plan as a request of its own and closes those of the same target that it supersedes. Each part is looked for
 * first, so that a job that was stopped half-way is finished by the next one. Throws a Failure.
 */
export async function proposePlan(given: PlanProposal, ports: ProposalPorts): Promise<ProposedPlan> {
  const { plan, workspace } = given;
  const { id } = planIdentity(plan);
  const folder = inside(ports.git.top, workspace.out);
  const call = { ...ports, given, id, folder, branch: proposalBranch(id) };
  const open = await openProposals({ ...ports, requests: ports.forge.requests, folder, target: plan.target });
  const proposed =
    plan.changes.length === 0 ? { state: 'none' as const, ...NOTHING } : await propose(call, open);
  const superseded: ChangeRequest[] = [];
  // A plan that a person declined supersedes nothing.
  if (proposed.state !== 'declined')
    for (const one of open.filter((other) => other.id !== id && other.request.isOwn)) {
      await supersede(call, one, proposed);
      superseded.push(one.request);
    }
  return { ...proposed, superseded };
}

async function propose(call: Call, open: readonly OpenProposal[]): Promise<Omit<ProposedPlan, 'superseded'>> {
  const { given, id, branch, remote, forge } = call;
  const mine = open.find((one) => one.id === id && isSamePlan(one, given))?.request;
  if (mine !== undefined) {
    await comment(call, mine);
    return { state: 'proposed', request: mine, commit: await remote.branchTip(branch), again: null };
  }
  const again = await mergedBefore(call);
  if (again?.isWaiting) return { state: 'waiting', ...NOTHING };
  const pushed = await pushProposal(call, again !== null);
  if (pushed === null) return { state: 'declined', ...NOTHING };
  const request =
    (await openRequest(call)) ??
    (await forge.requests.open({
      branch,
      base: given.base.branch,
      title: proposalTitle(given.plan, id, again !== null),
      body: proposalBody({
        plan: given.plan,
        id,
        folder: call.folder,
        policyPath: given.workspace.policyPath,
        again: again?.because ?? null,
      }),
    }));
  await comment(call, request);
  return { state: 'opened', request, commit: pushed, again: again?.because ?? null };
}

/** Whether a branch still has this plan: others may push to it, and our comment would speak for what they pushed. */
const isSamePlan = ({ planFile }: OpenProposal, { files }: PlanProposal): boolean =>
  Buffer.from(planFile).equals(files.get('plan.json') ?? new Uint8Array());

/** An open request whose branch held another plan, or none, before this one was pushed to it. */
const openRequest = async ({ forge, branch }: Call): Promise<ChangeRequest | undefined> =>
  (await forge.requests.list({ branch, state: 'open' })).find(({ isFromFork }) => !isFromFork);

const comment = ({ forge, given }: Call, { number }: ChangeRequest): Promise<void> =>
  keepComment(
    forge.comments,
    { kind: 'request', number },
    markerOf('plan', fileNameOf(given.plan.target)),
    given.markdown,
  );

/** Refusals that a new proposal of the same plan can correct. */
const RENEWABLE: readonly FailureCode[] = [
  'approval_expired',
  'approval_invalid',
  'plan_not_approved',
  'plan_already_applied',
  'hazard_not_accepted',
];

interface MergedBefore {
  readonly isWaiting: boolean;
  readonly because: string;
}

/** null: the protected branch lacks this plan. */
async function mergedBefore({ given, git, id }: Call): Promise<MergedBefore | null> {
  const { workspace, base, plan } = given;
  const folder = { path: join(workspace.out, id), id, plans: workspace.out };
  const merged = await mergedPlan(folder, { git, tip: base.tip, workspace, target: plan.target });
  if (merged === null) return null;
  if (merged.state === 'waiting') {
    const waiting = await waitingPlans({ git, tip: base.tip, workspace, target: plan.target });
    if (waiting.some((one) => one.id === id)) return { isWaiting: true, because: '' };
    const because = merged.wasStale
      ? 'it was stale when it was to be applied'
      : 'a plan that was merged after it is applied already';
    return { isWaiting: false, because };
  }
  if (merged.refusal !== null && !RENEWABLE.includes(merged.refusal.code)) throw merged.refusal;
  return {
    isWaiting: false,
    because:
      merged.refusal === null
        ? 'it was applied before, and both sides differ in the same way again'
        : merged.refusal.message,
  };
}

/**
 * Pushes the branch unless it is there; returns its commit. null: a person closed its request, and it stays closed. Throws a
 * Failure where the forge refuses the branch.
 */
async function pushProposal(call: Call, isAgain: boolean): Promise<string | null> {
  const { remote, branch, forge, given, id } = call;
  const there = await remote.branchTip(branch);
  if (there !== null) {
    const requests = (await forge.requests.list({ branch, state: 'all' })).filter(
      ({ isFromFork }) => !isFromFork,
    );
    const last = requests.toSorted((a, b) => b.number - a.number)[0];
    // Without a request, a job was stopped after its push, or somebody else created the branch: its content is replaced.
    if (last?.state === 'closed' && !(await isClosedByUs(call, last))) return null;
  }
  const commit = await remote.commit({
    parent: given.base.tip,
    files: await filesOf(call, isAgain),
    message: `Plan ${id} for ${targetWord(given.plan)}`,
  });
  const pushed = await remote.push(commit, branch, there);
  if (pushed.kind === 'pushed') return commit;
  throw new Failure(
    pushed.kind === 'moved' ? 'locked' : 'permission_missing',
    `the branch ${branch} was not pushed: ${pushed.said}`,
    pushed.kind === 'moved'
      ? 'Another job works on it: run the same command again.'
      : 'The token of the job needs to write branches named sailplan/… (GitHub: contents: write; GitLab: write_repository).',
  );
}

const isClosedByUs = async ({ forge }: Call, { number }: ChangeRequest): Promise<boolean> =>
  (await forge.comments.own({ kind: 'request', number })).some(({ body }) =>
    normal(body).startsWith(`${MARKER}\n<!-- superseded `),
  );

/** A plan that was merged before keeps its files; only provenance.json and review.md are new. */
async function filesOf(
  { given, folder, id }: Call,
  isAgain: boolean,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = [...given.files.keys()].filter(
    (name) => !isAgain || name === 'provenance.json' || name === 'review.md',
  );
  return new Map(names.map((name) => [pathBelow(folder, id, name), given.files.get(name) as Uint8Array]));
}

async function supersede(
  { forge, remote, id, given }: Call,
  { id: old, request }: OpenProposal,
  { state, request: by }: Omit<ProposedPlan, 'superseded'>,
): Promise<void> {
  const words =
    by !== null
      ? `Superseded by ${link(`plan ${id}`, by.url)}.`
      : state === 'waiting'
        ? `Superseded by plan ${code(id)}, which is merged and not applied yet.`
        : `Closed: Wagtail and Saleor do not differ any more (${code(targetWord(given.plan))}).`;
  const place = { kind: 'request', number: request.number } as const;
  await keepComment(
    forge.comments,
    place,
    markerOf('superseded', fileNameOf(given.plan.target)),
    `${words} Plan ${code(old)} was not merged here.`,
  );
  await forge.requests.close(request.number);
  const tip = await remote.branchTip(request.branch);
  if (tip !== null) await remote.push(null, request.branch, tip);
}
