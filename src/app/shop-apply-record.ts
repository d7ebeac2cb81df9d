import { formerPolicyFinding, type PolicyNow } from '../approval/policy/former-policy.ts';
import { parseTime } from '../approval/timestamps.ts';
import { Failure } from '../core/failure.ts';
import { sha256 } from '../core/json/canonical-json.ts';
import { isRecord } from '../core/json/records.ts';
import { parseJsonOrNothing } from '../core/json/untrusted-json.ts';
import { printJson } from '../plan/file/print.ts';
import type { PlanReport } from '../plan/report.ts';
import { readMark, writeMark } from '../saleor/app-metadata.ts';
import type { Reader, Writer } from '../saleor/graphql/client.ts';
import { formerPolicy } from './former-policy.ts';
import type { Notes } from './ports.ts';
import { LEASE_KEY, NO_LEASE } from './shop-lease.ts';

/** In the app's own private metadata: informs other machines about applies. It does not change the catalogue. */
const KEY = 'sailplan_applied';
const KEPT = 50;

export interface Mark {
  readonly plan: string;
  readonly report: string;
  readonly at: string;
  /** SHA-256 of the policy; null: there was none. */
  readonly policy: string | null;
}

type App = { readonly id: string } | null;

/** The app's record in the shop, from any machine; the token of a person has no record. */
export async function notesIn(
  reader: Reader,
): Promise<{ readonly marks: readonly Mark[]; readonly lease: string | undefined }> {
  const values = (await readMark(reader, [KEY, LEASE_KEY]))?.values ?? {};
  return { marks: marksOf(values[KEY]), lease: values[LEASE_KEY] };
}

function marksOf(text: string | undefined): readonly Mark[] {
  const value = parseJsonOrNothing(text ?? '[]');
  return Array.isArray(value) ? value.flatMap(markIn) : [];
}

/** Ignores entries that were not written by us. */
function markIn(value: unknown): readonly Mark[] {
  if (!isRecord(value)) return [];
  const { plan, report, at, policy } = value;
  const isOurs =
    isDigest(plan) &&
    isDigest(report) &&
    typeof at === 'string' &&
    parseTime(at) !== null &&
    (policy === null || isDigest(policy));
  return isOurs ? [{ plan, report, at, policy }] : [];
}

const isDigest = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Time at which the shop recorded that this plan converged, if that was after its approvals; otherwise null. */
export function appliedIn(marks: readonly Mark[], digest: string, approvedAtMs: number): string | null {
  const mark = marks.findLast(({ plan, at }) => plan === digest && !(Date.parse(at) < approvedAtMs));
  return mark === undefined ? null : `the shop's mark of ${mark.at}`;
}

/**
 * Without the archive, the mark still records the policy of the last apply. `plans`: folder with copies of it. Throws a
 * Failure if there is no policy now, or a weaker one.
 */
export function checkPolicy(now: PolicyNow | null, marks: readonly Mark[], plans: string): void {
  const last = marks.at(-1);
  const former = last?.policy ?? null;
  if (last === undefined || former === null) return;
  if (now === null)
    throw new Failure(
      'policy_missing',
      `an earlier apply to this shop used a policy (sha256 ${former}, according to the mark in the shop), but there is no policy now`,
      'Run in the checkout with the policy, or restore it. --no-policy has no effect here.',
    );
  const named = { digest: former, plan: /^[0-9a-f]{16}/.exec(last.plan)?.[0] ?? '' };
  const refusal = formerPolicyFinding(formerPolicy(plans, named), now)?.refusal ?? null;
  if (refusal !== null)
    throw new Failure(refusal.code, `${refusal.message} (says the shop's mark)`, refusal.hint);
}

/**
 * Adds this apply to the last 50, as they were read when it began, and removes the lease. A mark that another machine wrote
 * meanwhile is lost; its archive still has the apply. A mark that cannot be written is a note and changes nothing else.
 */
export async function markApplied(
  writer: Writer,
  app: App,
  { before, report }: { readonly before: readonly Mark[]; readonly report: PlanReport },
  notes: Notes,
): Promise<void> {
  if (app === null) return;
  try {
    const mark: Mark = {
      plan: report.plan.digest,
      report: sha256(printJson(report)),
      at: new Date().toISOString(),
      policy: report.policy,
    };
    const others = before.filter(({ plan }) => plan !== mark.plan);
    const kept = [...others, mark].slice(-KEPT);
    await writeMark(writer, app.id, { [KEY]: JSON.stringify(kept), [LEASE_KEY]: NO_LEASE });
  } catch (error) {
    // A bug in reading the answer must not end a run that has written.
    notes.warn(
      `note: the mark in the shop was not written: ${error instanceof Error ? error.message : error}`,
    );
  }
}
