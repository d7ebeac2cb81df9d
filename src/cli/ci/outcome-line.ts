import type { MergedApply } from '../../app/ci/apply-merged.ts';

/** The outcome of a merged plan and the next step, on one line. */
export function outcomeLine({ plan, outcome, failure, exitCode, report }: MergedApply): string {
  const because = failure === null ? '' : `: ${failure.message}. ${failure.hint}`;
  switch (outcome) {
    case 'applied':
      return `Plan ${plan.id} is applied${because || (report?.runs.at(-1)?.applied === 0 ? ': the shop had all its changes, so this run wrote nothing' : '')}`;
    case 'refused':
      return `Plan ${plan.id} is merged and not applied${because}${plan.isInterrupted ? ' An earlier apply of it stopped half-way.' : ''} If the differences remain, sailplan ci plan proposes it again.`;
    case 'stale':
      return exitCode === 0
        ? `Plan ${plan.id} is still stale, as an earlier job reported: merge what sailplan ci plan proposes now, or remove the plan's folder.`
        : `Plan ${plan.id} is stale: the shop changed since. sailplan ci plan proposes what differs now.`;
    case 'incomplete':
      return `Plan ${plan.id} is incomplete${because || ': the report names each change that failed.'} sailplan ci apply resumes it.`;
    case 'failed':
      return `Plan ${plan.id} could not be applied${because}`;
    case 'superseded':
      return `Plan ${plan.id} is not applied: a plan that was merged later is applied already.`;
    case 'not_reached':
      return `Plan ${plan.id} waits for the plan before it.`;
  }
}
