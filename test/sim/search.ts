import { random } from '../../src/sandbox/faults.ts';
import { ANYWHERE, FAULTS, type Fault, type FaultName, type Port } from './ports.ts';
import { type Simulated, simulate } from './run.ts';
import { randomChoice, type Scene, sceneOf } from './scene.ts';

/** What did not hold, with the way to see it again. */
export interface Found {
  readonly faults: readonly Fault[];
  readonly violations: readonly string[];
  readonly seed?: number;
}

export interface Searched {
  readonly simulated: number;
  readonly found: readonly Found[];
}

const MACHINE = Object.values(FAULTS).flat();
const EVERYWHERE: readonly FaultName[] = [...new Set<FaultName>([...MACHINE, ...ANYWHERE])];

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
export async function everyFault(
  scene: Scene,
  { depth, withPeople, parallel = 1 }: { depth: 1 | 2; withPeople: boolean; parallel?: number },
): Promise<Searched> {
  const found: Found[] = [];
  let simulated = 0;
  const attempt = async (faults: readonly Fault[]): Promise<Simulated> => {
    const result = await simulate(scene, faults, { parallel });
    simulated += 1;
    if (result.violations.length > 0) found.push({ faults, violations: result.violations });
    return result;
  };
  const { trace } = await attempt([]);
  for (const first of faultsAt(trace, 1, withPeople)) {
    const after = await attempt([first]);
    if (depth === 1) continue;
    for (const second of faultsAt(after.trace, first.at, withPeople)) {
      if (found.length >= 10) return { simulated, found };
      await attempt([first, second]);
    }
  }
  return { simulated, found };
}

/** How many schedules of faults are tried on each drawn shop: drawing it costs as much as two of them. */
const SCHEDULES = 10;

/** `count` drawn schedules of up to three faults, ten on each of the drawn shops; the same seed draws the same. */
export async function drawn(first: number, count: number): Promise<Searched> {
  const found: Found[] = [];
  let scene: Scene | null = null;
  for (let seed = first; seed < first + count && found.length < 10; seed += 1) {
    const shop = Math.floor(seed / SCHEDULES);
    if (scene === null || seed % SCHEDULES === 0) scene = sceneOf(randomChoice(random(shop)));
    const result = await simulateSeed(seed, scene);
    if (result.violations.length > 0) found.push({ seed, ...result });
  }
  return { simulated: count, found };
}

export const sceneFor = (seed: number): Scene => sceneOf(randomChoice(random(Math.floor(seed / SCHEDULES))));

export async function simulateSeed(seed: number, scene: Scene): Promise<Found> {
  const draw = random(seed ^ 0x5eed);
  const count = Math.floor(draw() * 4);
  const faults = Array.from({ length: count }, () => ({
    at: 1 + Math.floor(draw() * 40),
    name: EVERYWHERE[Math.floor(draw() * EVERYWHERE.length)] as FaultName,
  }));
  const parallel = 1 + Math.floor(draw() * 4);
  const before = structuredClone(faults);
  const result = await simulate(scene, faults, { draw, parallel });
  return { ...result, faults: before };
}
