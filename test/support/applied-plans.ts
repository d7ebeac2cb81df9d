import { expect } from '@jest/globals';
import { type EngineResult, runApply } from '../../src/apply/apply.ts';
import { applyReport } from '../../src/apply/build-report.ts';
import type { Contract } from '../../src/contract/contract.ts';
import type { Actual } from '../../src/core/actual-state.ts';
import type { Desired, ResourceDocument } from '../../src/core/desired-state.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/diff/model.ts';
import { localesOf } from '../../src/diff/translation-changes.ts';
import { messageOf } from '../../src/plan/diagnostic-messages.ts';
import { build, digestOf, type Plan } from '../../src/plan/plan.ts';
import type { Report } from '../../src/plan/report.ts';
import { revertOf } from '../../src/plan/revert/revert-targets.ts';
import { newSim, startRun } from './simulation/faulty-ports.ts';
import { type Choice, type Scene, sceneOf } from './simulation/scene.ts';
import { readWorld, type World } from './simulation/simulated-shop.ts';

/** Plans of plans: what an applied one left, who moved since, and what can be put back; all in memory. */

export const OPTIONS: Options = {
  ...DEFAULT_OPTIONS,
  create_missing: true,
  sync_attributes: true,
  create_attributes: true,
  adopt: true,
  prune_values: true,
};

export function lookAt({ contract, desired }: Scene, world: World, counted = true): Actual {
  const scope = {
    attributes: contract.attributes.map(({ slug }) => slug),
    locales: localesOf({ contract, desired }),
    products: [...world.products.keys()],
  };
  return readWorld(world, contract, scope, counted);
}

export function planOf(
  scene: Scene,
  world: World,
  {
    options = {},
    desired = scene.desired,
    contract = scene.contract,
  }: Partial<{
    options: Partial<Options>;
    desired: Desired;
    contract: Contract;
  }> = {},
): Plan {
  return build({
    contract,
    options: { ...OPTIONS, ...options },
    registry: null,
    desired,
    actual: lookAt(scene, world),
    completeness: ['attributes', 'products'],
  });
}

export async function applied(choice: Choice): Promise<{ scene: Scene; world: World; report: Report }> {
  const scene = sceneOf(choice);
  const sim = newSim(scene, [], () => 0);
  const options = {
    onConflict: 'stop',
    parallel: 1,
    isDryRun: false,
    isApplied: false,
    written: new Map(),
  } as const;
  const result = await runApply(scene.plan, options, startRun(sim));
  expect(result.converged).toBe(true);
  return { scene, world: sim.world, report: reportOf(scene, result) };
}

export const reportOf = ({ plan }: Scene, result: EngineResult): Report =>
  applyReport({
    call: { command: 'apply', flags: {} },
    exitCode: 0,
    plan,
    digest: digestOf(plan),
    runs: [],
    approvals: [],
    policy: null,
    tracker: result.tracker,
    converged: result.converged,
    conflicts: result.conflicts,
    refusal: null,
    interruption: result.interruption,
    sentTwice: new Set(),
    concurrentlyEdited: result.concurrentlyEdited,
    slugDifferences: result.slugDifferences,
    advice: [],
  });

/** The inverse plan of these runs against the shop as it is now, as `sailplan revert` makes it. */
export function inverse(
  { plan, desired, contract }: Scene,
  report: Report,
  actual: Actual,
  documents?: Readonly<Record<string, ResourceDocument>>,
): Plan {
  const reverted = revertOf(plan, report, actual);
  return build({
    contract,
    options: DEFAULT_OPTIONS,
    registry: null,
    desired: {
      source: { ...plan.source, kind: 'report' },
      taxonomies: desired.taxonomies,
      offerings: [],
      problems: reverted.problems,
      reverts: { plan: digestOf(plan), documents: documents ?? reverted.documents },
    },
    actual,
    completeness: [],
  });
}

/** ref → why it stays. */
export function kept({ diagnostics }: Plan): Readonly<Record<string, string>> {
  for (const problem of diagnostics) expect(messageOf(problem)).not.toMatch(/undefined|\[object/);
  return Object.fromEntries(
    diagnostics
      .filter(({ code }) => code === 'not_revertible')
      .map(({ ref, data }) => [ref, [data['because'], data['field']].flatMap((one) => one ?? []).join(' ')]),
  );
}

export const told = ({ diagnostics }: Plan, code: string): readonly string[] =>
  diagnostics
    .filter((one) => one.code === code)
    .map(({ ref, data }) => `${ref} ${data['field'] ?? ''}`.trimEnd());

export const refs = ({ changes }: Plan): readonly string[] =>
  changes.map(({ ref, action }) => `${action} ${ref}`);

export const rolesIn = (world: World) => {
  const roles = world.attributes.get('gsv_roles');
  if (roles === undefined) throw new Error('no roles');
  return roles;
};

export const first = (world: World) => {
  const [product] = world.products.values();
  if (product === undefined) throw new Error('no product');
  return product;
};
