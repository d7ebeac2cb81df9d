import {
  type EngineOptions,
  type EnginePorts,
  type EngineResult,
  exitCodeOf,
  runApply,
} from '../../src/apply/apply.ts';
import { applyReport } from '../../src/apply/build-report.ts';
import { countWrites, parseJournal } from '../../src/apply/journal-history.ts';
import type { Shop, Step, StepReply } from '../../src/apply/ports.ts';
import { digestOf } from '../../src/plan/plan.ts';
import type { Report } from '../../src/plan/report.ts';
import { newSim, type Sim, startRun } from './simulation/faulty-ports.ts';
import { type Scene, SMALL, sceneOf } from './simulation/scene.ts';
import type { World } from './simulation/simulated-shop.ts';

/** The engine on a simulated shop without faults, for the tests of single files of src/apply. */

export const OPTIONS: EngineOptions = {
  onConflict: 'stop',
  parallel: 1,
  isDryRun: false,
  isApplied: false,
  written: new Map(),
};

export function startEngine(scene: Scene = sceneOf(SMALL('key'))): {
  sim: Sim;
  ports: EnginePorts;
  scene: Scene;
} {
  const sim = newSim(scene, [], () => 0);
  return { sim, ports: startRun(sim), scene };
}

/** The ports with some functions of the shop replaced. */
export const withShop = (ports: EnginePorts, shop: Partial<Shop>): EnginePorts => ({
  ...ports,
  shop: { ...ports.shop, ...shop },
});

/** The next run of the same plan, with what the journals of the earlier runs say. */
export const applyAgain = (sim: Sim, scene: Scene): Promise<EngineResult> =>
  runApply(scene.plan, { ...OPTIONS, written: countWrites(sim.journals.map(parseJournal)) }, startRun(sim));

export const refused = (message: string): StepReply => ({ state: 'refused', code: 'INVALID', message });
export const unclear: StepReply = { state: 'unclear', code: 'timed_out', message: 'no answer within 30 s' };
export const tooMany: StepReply = {
  state: 'not_sent',
  code: 'http_429',
  message: 'too many requests (429)',
};

export const kindsOf = (batch: readonly Step[]): readonly string[] => batch.map(({ kind }) => kind);

export const outcomesOf = ({ plan }: Scene, { tracker }: EngineResult) =>
  Object.fromEntries(plan.changes.map(({ ref }) => [ref, tracker.of(ref).outcome]));

export const reportOf = (
  { plan }: Scene,
  result: EngineResult,
  sentTwice: ReadonlySet<string> = new Set(),
): Report =>
  applyReport({
    call: { command: 'apply', flags: {} },
    exitCode: exitCodeOf(result),
    plan,
    digest: digestOf(plan),
    runs: [],
    approvals: [],
    policy: null,
    refusal: null,
    sentTwice,
    advice: [],
    ...result,
  });

export const rolesOf = (world: World) => world.attributes.get('gsv_roles') ?? { values: [] };
