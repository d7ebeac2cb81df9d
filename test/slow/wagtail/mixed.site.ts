import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import { readApi } from '../../../src/wagtail/api/read-api.ts';
import type { Sender, SiteReply } from '../../../src/wagtail/http-responses.ts';
import type { Site } from './site.ts';
import { apiOptions, contentDigest, disturbed, edit, exported, http, LEAN, SITES } from './site.ts';

const small = SITES.filter(({ size }) => size === 'small');
/** Over all sites together. */
const RUNS = Number(process.env['WAGTAIL_RUNS'] ?? 200);
/** The site's own maximum. */
const LIMIT = 20;

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
  /** Digest of the state that it left behind. */
  readonly last: string;
}

/**
 * One read while editors work: before some requests (up to the share `most`), and while others are answered, a random
 * edit lands.
 * Every state that the site was in is known from its export; an accepted read must be one of them.
 */
async function run(
  site: Site,
  seed: number,
  before: string,
  most: number,
  through: (sender: Sender) => Sender = (sender) => sender,
): Promise<Outcome> {
  const draw = draws(seed);
  const states = new Set([before]);
  let last = before;
  const busy = draw() * most;
  let edits = 0;
  const change = async () => {
    edits += 1;
    last = contentDigest((await edit(site, { seed: Math.floor(draw() * 1e9) }, LEAN)).desired);
    states.add(last);
  };
  let meanwhile: Promise<void> = Promise.resolve();
  const sender = disturbed(async () => {
    await meanwhile;
    if (draw() >= busy) return;
    if (draw() < 0.7) await change();
    else meanwhile = change();
  });
  try {
    const { desired, proof } = await readApi(
      through(sender),
      apiOptions(site, { limit: LIMIT, maxReads: 4 }),
      LEAN,
    );
    await meanwhile;
    const kind = states.has(contentDigest(desired)) ? 'accepted' : 'mixed';
    return { kind, reads: proof['pages']?.reads ?? 0, edits, last };
  } catch (error) {
    await meanwhile;
    if (error instanceof Failure && error.code === 'source_changing')
      return { kind: 'changing', reads: 4, edits, last };
    throw error;
  }
}

/** Gives the first answer of each address for ever: a second read then proves nothing. */
function repeating(sender: Sender): Sender {
  const known = new Map<string, Promise<SiteReply>>();
  return {
    send: (request) => {
      const reply = known.get(request.url) ?? sender.send(request);
      known.set(request.url, reply);
      return reply;
    },
  };
}

/** Reads of one site, one after the other. */
async function runs(site: Site, count: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let last = contentDigest(await exported(site, '', LEAN));
  for (let nth = 0; nth < count; nth += 1) {
    const outcome = await run(site, nth * small.length + small.indexOf(site), last, 0.3);
    outcomes.push(outcome);
    last = outcome.last;
  }
  return outcomes;
}

test(`${RUNS} reads under random edits: never one that mixes two states`, async () => {
  const perSite = Math.ceil(RUNS / small.length);
  const found = await Promise.all(small.map(async (site) => ({ site, outcomes: await runs(site, perSite) })));
  for (const { site, outcomes } of found) {
    const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
    const edits = outcomes.reduce((sum, outcome) => sum + outcome.edits, 0);
    const again = outcomes.filter(({ kind, reads }) => kind === 'accepted' && reads > 2).length;
    process.stderr.write(
      `${site.name}: ${outcomes.length} reads, ${edits} edits: ${count('accepted')} accepted (${again} after more than two reads), ${count('changing')} given up, ${count('mixed')} mixed\n`,
    );
    expect(count('mixed')).toBe(0);
    expect(count('accepted')).toBeGreaterThan(outcomes.length / 4);
    if (outcomes.length > 20) expect(again).toBeGreaterThan(0);
  }
}, 600_000);

describe.each(small)('$name', (site) => {
  test('the control: were one read enough, mixed states would get through', async () => {
    let last = contentDigest(await exported(site, '', LEAN));
    const kinds: Outcome['kind'][] = [];
    for (let nth = 0; nth < 60 && !kinds.includes('mixed'); nth += 1) {
      const outcome = await run(site, 9000 + nth, last, 1, repeating);
      kinds.push(outcome.kind);
      last = outcome.last;
    }
    expect(kinds).toContain('mixed');
  });

  test('the first page gone and another one back between two answers: the count stays, and it is seen all the same', async () => {
    let done = false;
    const sender = disturbed(async (_, url) => {
      if (done || !url.includes('/pages/') || !url.endsWith(`offset=${LIMIT}`)) return;
      done = true;
      await edit(site, { name: 'shift' });
    });
    const { desired, proof } = await readApi(sender, apiOptions(site, { limit: LIMIT }), LEAN);
    expect(done).toBe(true);
    expect(proof['pages']?.reads).toBeGreaterThan(2);
    expect(contentDigest(desired)).toBe(contentDigest(await exported(site, '', LEAN)));
  });

  test('a site that changes at every read is never taken', async () => {
    const sender = disturbed(async (_, url) => {
      if (url.includes('/roles/')) await edit(site, { name: 'flip' });
    });
    const reading = readApi(sender, apiOptions(site, { limit: LIMIT, maxReads: 3 }), LEAN);
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
  await readApi(counting, apiOptions(site), LEAN);
  expect(most).toBe(1);
});
