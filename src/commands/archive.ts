import { join } from 'node:path';
import type { Verdict } from '../approval/verdict.ts';
import type { Report } from '../plan/report.ts';
import { fileNameOf } from '../plan/target.ts';
import type { Target } from '../state/actual.ts';
import { appendText, exists, readText } from '../system/files.ts';
import type { Verified } from './verifying.ts';

export const archivePath = (out: string, target: Target): string =>
  join(out, 'archive', `${fileNameOf(target)}.jsonl`);

interface Row {
  readonly event: 'started' | 'finished';
  readonly at: string;
  readonly plan: string;
  readonly policy: string | null;
  readonly result: string | null;
}

function rows(out: string, target: Target): readonly Row[] {
  const path = archivePath(out, target);
  return exists(path)
    ? readText(path)
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]))
    : [];
}

/** When an apply of this plan converged, in words; null: never. */
export function lastConverged(out: string, target: Target, id: string): string | null {
  const found = rows(out, target).findLast(
    ({ event, plan, result }) => event === 'finished' && plan === id && result === 'converged',
  );
  return found === undefined ? null : `the archive's line of ${found.at}`;
}

/** The policy under which this target was last applied; null: none, or never applied. */
export const lastPolicy = (out: string, target: Target): string | null =>
  rows(out, target).at(-1)?.policy ?? null;

export function archiveStarted(
  out: string,
  { plan, id }: Verified,
  verdict: Extract<Verdict, { ok: true }>,
): void {
  append(out, plan.target, {
    event: 'started',
    at: new Date().toISOString(),
    plan: id,
    policy: verdict.policy,
    result: null,
  });
}

export function archiveFinished(
  out: string,
  { plan, id }: Verified,
  verdict: Extract<Verdict, { ok: true }>,
  report: Report,
): void {
  append(out, plan.target, {
    event: 'finished',
    at: new Date().toISOString(),
    plan: id,
    policy: verdict.policy,
    result: report.converged ? 'converged' : 'incomplete',
  });
}

const append = (out: string, target: Target, row: Row): void =>
  appendText(archivePath(out, target), `${JSON.stringify(row)}\n`);
