import type { Check } from '../approval/finding.ts';
import type { Contract } from '../contract/contract.ts';
import { differenceText } from '../contract/contract-differences.ts';
import type { Target } from '../core/actual-state.ts';
import type { FailureCode } from '../core/failure.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { ParsedPlan } from '../plan/file/integrity.ts';
import { digestOf, idOf, type Plan } from '../plan/plan.ts';
import { notRebuilt } from '../plan/snapshots/extent.ts';
import type { Folder } from './store/plan-folder.ts';

/** One check, with the next step where it fails. */
export interface Test extends Check {
  readonly code: FailureCode;
  readonly hint: string;
}

/** Tests of a plan without its approvals. `isRebuilt` false: without the rebuild, which takes as long as all others together. */
export function testsOf(
  { plan, integrity }: ParsedPlan,
  contract: Contract,
  { folder, isRebuilt }: { readonly folder: Folder; readonly isRebuilt: boolean },
): readonly Test[] {
  return [
    ...integrityTests(digestOf(plan), folder),
    ...(isRebuilt ? [rebuildTest(plan, integrity.differing)] : []),
    strictTest(plan),
    contractTest(plan.contract, contract),
  ];
}

function integrityTests(digest: string, folder: Folder): readonly Test[] {
  const isNamed = folder.id === null || folder.id === idOf(digest);
  return [
    {
      name: 'printed form',
      ok: true,
      detail: 'the file has the form that sailplan writes',
      code: 'plan_altered',
      hint: '',
    },
    {
      name: 'digest',
      ok: isNamed,
      detail: isNamed
        ? digest
        : `the plan's digest is ${digest}, but its folder is named ${folder.id}: the plan was altered`,
      code: 'plan_altered',
      hint: 'Restore the file as it was written, or plan again.',
    },
  ];
}

function rebuildTest(plan: Plan, differing: readonly string[]): Test {
  const ok = differing.length === 0;
  return {
    name: 'rebuild',
    ok,
    detail: ok
      ? `a rebuild from its own snapshots gives the same plan${notRebuilt(plan)}`
      : `a rebuild from its own snapshots differs in: ${differing.join(', ')}`,
    code: 'plan_altered',
    hint: 'The plan was altered, or written by another version: plan again.',
  };
}

const strictTest = ({ errored }: Plan): Test => ({
  name: 'strict',
  ok: !errored,
  detail: errored
    ? 'it was written with --strict and has errors, so it cannot be applied'
    : 'the plan has no errors under --strict',
  code: 'plan_errored',
  hint: 'Fix the errors that the plan lists, then plan again.',
});

const shown = ({ name, api_url, channel }: Target): string =>
  `${name === null ? api_url : `${name} (${api_url})`}${channel === undefined ? '' : `, channel ${channel}`}`;

function contractTest(planned: Contract, mine: Contract): Test {
  const ok = isSame(planned, mine);
  return {
    name: 'contract',
    ok,
    detail: ok
      ? mine.name
      : `the plan's contract (${planned.name}) is not the one of this checkout (${mine.name}): they differ ${differenceText(planned, mine)}`,
    code: 'contract_differs',
    hint: 'Give the plan’s contract (--contract, or "contract" in the config), or plan again.',
  };
}

export function targetTest(planned: Target, target: Target): Test {
  const ok = isSame(planned, target);
  return {
    name: 'target',
    ok,
    detail: ok ? target.api_url : `the plan is for ${shown(planned)}, this is ${shown(target)}`,
    code: 'target_differs',
    hint: 'Set SALEOR_API_URL (and --target) to the plan’s shop, or plan again.',
  };
}
