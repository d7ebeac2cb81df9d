import { expect, test } from '@jest/globals';
import { EVERY_KIND, SMALL, sceneOf } from './sim/scene.ts';
import { drawn, everyFault, sceneFor, simulateSeed } from './sim/search.ts';

/** `make sim` asks for more of both. */
const SEEDS = Number(process.env['SEEDS'] ?? 3000);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 0);
const isThorough = SEEDS > 100_000;
const LONG_MS = 24 * 3600 * 1000;

test.each(['key', 'external_reference'] as const)(
  'naming %s: any single fault or edit, at any call of a plan with every kind of step: the next run ends it',
  async (naming) => {
    const { found, simulated } = await everyFault(sceneOf(EVERY_KIND(naming)), {
      depth: 1,
      withPeople: true,
    });
    expect(found).toEqual([]);
    expect(simulated).toBeGreaterThan(400);
  },
  LONG_MS,
);

test.each(['key', 'external_reference'] as const)(
  'naming %s: any two faults: the runs that follow end it',
  async (naming) => {
    const scene = sceneOf((isThorough ? EVERY_KIND : SMALL)(naming));
    const { found, simulated } = await everyFault(scene, { depth: 2, withPeople: isThorough });
    console.log(`${naming}: ${simulated} single faults and pairs`);
    expect(found).toEqual([]);
  },
  LONG_MS,
);

/** Seeds that found something once. */
test.each([
  11, 13, 470, 805, 1312, 1654, 1831, 1951, 2258, 2326, 15428, 22070, 40382,
])('seed %i', async (seed) => {
  const { violations } = await simulateSeed(seed, sceneFor(seed));
  expect(violations).toEqual([]);
});

test(
  'drawn shops under up to three drawn faults',
  async () => {
    const { found } = await drawn(FIRST_SEED, SEEDS);
    expect(found).toEqual([]);
  },
  LONG_MS,
);
