import { seededRandom } from '../../../src/sandbox/server/fault-injection.ts';
import { ANYWHERE, FAULTS, type Fault, type FaultName, type Port } from './faulty-ports.ts';
import { EVERY_KIND, randomChoice, type Scene, SMALL, sceneOf } from './scene.ts';
import { type Simulated, simulate } from './simulate.ts';

/** A simulation that can be repeated: a drawn shop with its drawn schedule, or a schedule on a fixed scene. */
export type Schedule =
  | { readonly seed: number; readonly faults?: readonly Fault[] }
  | {
      readonly scene: keyof typeof SCENES;
      readonly naming: Scene['contract']['naming'];
      readonly faults: readonly Fault[];
    };

export const SCENES = { every_kind: EVERY_KIND, small: SMALL } as const;

/** Broken promises, with the command that shows them again. */
export interface Found {
  readonly replay: string;
  readonly violations: readonly string[];
}

export interface Searched {
  readonly simulated: number;
  readonly found: readonly Found[];
}

/** The part of a search that one worker does. */
export type Part =
  | { readonly kind: 'drawn'; readonly first: number; readonly count: number }
  | {
      readonly kind: 'every';
      readonly scene: keyof typeof SCENES;
      readonly naming: Scene['contract']['naming'];
      readonly depth: 1 | 2;
      readonly withPeople: boolean;
      /** Of the first faults, those whose number leaves `rest` when divided by `of`. */
      readonly rest: number;
      readonly of: number;
    };

const MACHINE = Object.values(FAULTS).flat();
const EVERYWHERE: readonly FaultName[] = [...new Set<FaultName>([...MACHINE, ...ANYWHERE])];
const ENOUGH = 10;

const replayOf = (schedule: Schedule): string =>
  `REPLAY='${JSON.stringify(schedule)}' npm test -- test/property/apply-simulation.test.ts -t REPLAY`;

/** Runs one schedule; deterministic. */
export async function play(schedule: Schedule): Promise<Simulated> {
  if ('seed' in schedule) return playSeed(schedule.seed, sceneFor(schedule.seed), schedule.faults);
  return simulate(sceneOf(SCENES[schedule.scene](schedule.naming)), schedule.faults, { parallel: 1 });
}

export const search = (part: Part): Promise<Searched> =>
  part.kind === 'drawn' ? drawn(part.first, part.count) : everyFault(part);

/** Every fault that fits a call, at every call from `start` on. */
function faultsAt(trace: readonly Port[], start: number, withPeople: boolean): readonly Fault[] {
  return trace.flatMap((port, index) => {
    if (index + 1 < start) return [];
    const names: readonly FaultName[] = [...FAULTS[port], ...(withPeople ? ANYWHERE : [])];
    return names.map((name) => ({ at: index + 1, name }));
  });
}

/**
 * Every single fault at every call, and with `depth` 2 every second one at every call that follows it, in the same run or
 * in those after it. Ends after ten findings.
 */
async function everyFault(part: Extract<Part, { kind: 'every' }>): Promise<Searched> {
  const scene = sceneOf(SCENES[part.scene](part.naming));
  const found: Found[] = [];
  let simulated = 0;
  const attempt = async (faults: readonly Fault[]): Promise<Simulated> => {
    const result = await simulate(scene, faults, { parallel: 1 });
    simulated += 1;
    const { violations } = result;
    if (violations.length > 0)
      found.push({ replay: replayOf({ scene: part.scene, naming: part.naming, faults }), violations });
    return result;
  };
  const { trace } = await attempt([]);
  const mine = faultsAt(trace, 1, part.withPeople).filter((_, index) => index % part.of === part.rest);
  for (const first of mine) {
    const after = await attempt([first]);
    if (part.depth === 1) continue;
    for (const second of faultsAt(after.trace, first.at, part.withPeople)) {
      if (found.length >= ENOUGH) return { simulated, found };
      await attempt([first, second]);
    }
  }
  return { simulated, found };
}

/** Schedules per drawn shop: drawing a shop takes as long as two schedules. */
const SCHEDULES = 10;

/** `count` drawn schedules of up to three faults, ten on each of the drawn shops. */
async function drawn(first: number, count: number): Promise<Searched> {
  const found: Found[] = [];
  let scene: Scene | null = null;
  let simulated = 0;
  for (let seed = first; seed < first + count && found.length < ENOUGH; seed += 1) {
    if (scene === null || seed % SCHEDULES === 0) scene = sceneFor(seed);
    const { violations } = await playSeed(seed, scene);
    simulated += 1;
    if (violations.length > 0) found.push({ replay: replayOf({ seed }), violations });
  }
  return { simulated, found };
}

const sceneFor = (seed: number): Scene => sceneOf(randomChoice(seededRandom(Math.floor(seed / SCHEDULES))));

/** `given`: faults that replace those of the seed; everything else is drawn as before. */
function playSeed(seed: number, scene: Scene, given?: readonly Fault[]): Promise<Simulated> {
  const draw = seededRandom(seed ^ 0x5eed);
  const count = Math.floor(draw() * 4);
  const faults = Array.from({ length: count }, () => ({
    at: 1 + Math.floor(draw() * 40),
    name: EVERYWHERE[Math.floor(draw() * EVERYWHERE.length)] as FaultName,
  }));
  const parallel = 1 + Math.floor(draw() * 4);
  return simulate(scene, given ?? faults, { draw, parallel });
}
