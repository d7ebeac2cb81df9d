import { expect, test } from '@jest/globals';
import { searchAll } from './sim/pool.ts';
import type { Fault } from './sim/ports.ts';
import { type Part, play, type Schedule } from './sim/search.ts';

/** `make sim` asks for a million, in parts that can be done on different days: FIRST_SEED=250000 SEEDS=250000. */
const SEEDS = Number(process.env['SEEDS'] ?? 10_000);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 0);
const isThorough = SEEDS > 100_000;
const LONG_MS = 24 * 3600 * 1000;
const SHARES = 32;

const everyFault = (
  naming: 'key' | 'external_reference',
  rest: Pick<Extract<Part, { kind: 'every' }>, 'scene' | 'depth' | 'withPeople'>,
): readonly Part[] =>
  Array.from({ length: SHARES }, (_, share) => ({ kind: 'every', naming, ...rest, rest: share, of: SHARES }));

test.each(['key', 'external_reference'] as const)(
  'naming %s: any single fault or edit, at any call of a plan with every kind of step: the next run ends it',
  async (naming) => {
    const parts = everyFault(naming, { scene: 'every_kind', depth: 1, withPeople: true });
    const { found, simulated } = await searchAll(parts);
    expect(found).toEqual([]);
    expect(simulated).toBeGreaterThan(400);
  },
  LONG_MS,
);

test.each(['key', 'external_reference'] as const)(
  'naming %s: any two faults: the runs that follow end it',
  async (naming) => {
    const scene = isThorough ? 'every_kind' : 'small';
    const parts = everyFault(naming, { scene, depth: 2, withPeople: isThorough });
    const { found, simulated } = await searchAll(parts);
    console.log(`${naming}: ${simulated} single faults and pairs`);
    expect(found).toEqual([]);
  },
  LONG_MS,
);

/** Schedules that found something once, on the shop that their seed draws. */
const FOUND_ONCE: readonly (readonly [seed: number, faults: readonly Fault[]])[] = [
  [
    11,
    [
      { at: 17, name: 'later' },
      { at: 30, name: 'disk_full' },
      { at: 23, name: 'renames_used_value' },
    ],
  ],
  [
    13,
    [
      { at: 31, name: 'uses_retired_value' },
      { at: 26, name: 'crash_last' },
      { at: 21, name: 'die' },
    ],
  ],
  [
    470,
    [
      { at: 15, name: 'deletes_used_value' },
      { at: 31, name: 'edits_planned_set' },
      { at: 16, name: 'reply_lost' },
    ],
  ],
  [
    805,
    [
      { at: 10, name: 'torn' },
      { at: 35, name: 'half_lost' },
      { at: 18, name: 'torn' },
    ],
  ],
  [
    1312,
    [
      { at: 9, name: 'edits_planned_set' },
      { at: 17, name: 'request_lost' },
      { at: 9, name: 'torn' },
    ],
  ],
  [
    1654,
    [
      { at: 20, name: 'renames_used_value' },
      { at: 38, name: 'moves_product' },
      { at: 23, name: 'refused_last' },
    ],
  ],
  [
    1831,
    [
      { at: 8, name: 'renames_value' },
      { at: 29, name: 'edits_other_field' },
    ],
  ],
  [
    1951,
    [
      { at: 9, name: 'creates_same_value' },
      { at: 6, name: 'too_many' },
    ],
  ],
  [
    2258,
    [
      { at: 8, name: 'late' },
      { at: 9, name: 'creates_same_value' },
      { at: 10, name: 'edits_planned_set' },
    ],
  ],
  [
    2326,
    [
      { at: 35, name: 'reply_lost' },
      { at: 2, name: 'renames_used_value' },
    ],
  ],
  [
    15428,
    [
      { at: 20, name: 'half_lost' },
      { at: 21, name: 'edits_planned_set' },
    ],
  ],
  [
    22070,
    [
      { at: 19, name: 'renames_used_value' },
      { at: 12, name: 'renames_used_value' },
      { at: 17, name: 'look_fails' },
    ],
  ],
  [
    40382,
    [
      { at: 14, name: 'edits_planned_set' },
      { at: 14, name: 'crash_last' },
      { at: 32, name: 'renames_used_value' },
    ],
  ],
];

test.each(FOUND_ONCE)('the shop of seed %i, which found something once', async (seed, faults) => {
  expect((await play({ seed, faults })).violations).toEqual([]);
});

test(
  'drawn shops under up to three drawn faults',
  async () => {
    const size = isThorough ? 5_000 : 250;
    const parts = Array.from({ length: Math.ceil(SEEDS / size) }, (_, part): Part => {
      const first = FIRST_SEED + part * size;
      return { kind: 'drawn', first, count: Math.min(size, FIRST_SEED + SEEDS - first) };
    });
    const since = Date.now();
    const { found, simulated } = await searchAll(parts, (part) => {
      if (isThorough && part.kind === 'drawn')
        process.stderr.write(`seeds from ${part.first}: ${part.count}\n`);
    });
    console.log(`${simulated} drawn schedules in ${((Date.now() - since) / 1000).toFixed(0)} s`);
    expect(found).toEqual([]);
    expect(simulated).toBe(SEEDS);
  },
  LONG_MS,
);

/** What a finding above prints as its way to be seen again. */
const REPLAY = process.env['REPLAY'];
if (REPLAY !== undefined)
  test('REPLAY', async () => {
    expect((await play(JSON.parse(REPLAY) as Schedule)).violations).toEqual([]);
  });
