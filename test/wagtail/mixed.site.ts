import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { readApi } from '../../src/desired/api.ts';
import { Failure } from '../../src/state/failure.ts';
import type { Site } from './site.ts';
import { apiOptions, contentDigest, disturbed, edit, exported, http, SITES } from './site.ts';

const small = SITES.filter(({ size }) => size === 'small');
/** Over all sites together. */
const RUNS = Number(process.env['WAGTAIL_RUNS'] ?? 200);
const LIMIT = 12;

/** Small numbers from a seed, the same on every machine (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Outcome {
  readonly kind: 'accepted' | 'mixed' | 'changing';
  readonly reads: number;
  readonly edits: number;
}

/**
 * One read while editors work: before some requests, and while others are answered, a random edit lands.
 * Every state that the site was in is known from its export; an accepted read must be one of them.
 */
async function run(site: Site, seed: number): Promise<Outcome> {
  const draw = draws(seed);
  const states = new Set([contentDigest(await exported(site))]);
  const busy = draw() * 0.12;
  let edits = 0;
  const change = async () => {
    edits += 1;
    states.add(contentDigest((await edit(site, { seed: Math.floor(draw() * 1e9) })).desired));
  };
  let meanwhile: Promise<void> = Promise.resolve();
  const sender = disturbed(async () => {
    await meanwhile;
    if (draw() >= busy) return;
    if (draw() < 0.7) await change();
    else meanwhile = change();
  });
  try {
    const { desired, proof } = await readApi(sender, apiOptions(site, { limit: LIMIT, maxReads: 4 }), GTM_V1);
    await meanwhile;
    const kind = states.has(contentDigest(desired)) ? 'accepted' : 'mixed';
    return { kind, reads: proof['pages']?.reads ?? 0, edits };
  } catch (error) {
    await meanwhile;
    if (error instanceof Failure && error.code === 'source_changing') return { kind: 'changing', reads: 4, edits };
    throw error;
  }
}

describe.each(small)('$name', (site) => {
  test(`${Math.ceil(RUNS / small.length)} reads under random edits: never one that mixes two states`, async () => {
    const outcomes: Outcome[] = [];
    for (let nth = 0; nth < Math.ceil(RUNS / small.length); nth += 1) outcomes.push(await run(site, nth + 1));
    const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
    const edits = outcomes.reduce((sum, outcome) => sum + outcome.edits, 0);
    const again = outcomes.filter(({ kind, reads }) => kind === 'accepted' && reads > 2).length;
    process.stderr.write(
      `${site.name}: ${outcomes.length} reads, ${edits} edits: ${count('accepted')} accepted (${again} after more than two reads), ${count('changing')} given up, ${count('mixed')} mixed\n`,
    );
    expect(count('mixed')).toBe(0);
    expect(count('accepted')).toBeGreaterThan(outcomes.length / 4);
    expect(again).toBeGreaterThan(0);
  }, 300_000);

  test('one page gone and one back between two answers: the count stays, and it is seen all the same', async () => {
    let done = false;
    const sender = disturbed(async (_, url) => {
      if (done || !url.includes(`offset=${LIMIT}&`) && !url.endsWith(`offset=${LIMIT}`)) return;
      done = true;
      await edit(site, { name: 'unpublish', seed: 5 });
      await edit(site, { name: 'publish', seed: 5 });
    });
    const { desired, proof } = await readApi(sender, apiOptions(site, { limit: LIMIT }), GTM_V1);
    expect(done).toBe(true);
    expect(proof['pages']?.reads).toBeGreaterThan(2);
    expect(contentDigest(desired)).toBe(contentDigest(await exported(site)));
  });

  test('a site that changes at every read is never taken', async () => {
    const sender = disturbed(async (_, url) => {
      if (url.includes('/pages/')) await edit(site, { name: 'flip' });
    });
    const reading = readApi(sender, apiOptions(site, { limit: LIMIT, maxReads: 3 }), GTM_V1);
    await expect(reading).rejects.toMatchObject({
      code: 'source_changing',
      message: expect.stringContaining('roles read differently twice'),
    });
  });
});

test('nothing is asked twice at a time', async () => {
  const [site] = small;
  if (site === undefined) return;
  let open = 0;
  let most = 0;
  const counting = {
    send: async (request: Parameters<typeof http.send>[0]) => {
      open += 1;
      most = Math.max(most, open);
      try {
        return await http.send(request);
      } finally {
        open -= 1;
      }
    },
  };
  await readApi(counting, apiOptions(site), GTM_V1);
  expect(most).toBe(1);
});
