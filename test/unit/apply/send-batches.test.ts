import { expect, test } from '@jest/globals';
import { runApply } from '../../../src/apply/apply.ts';
import { parseJournal } from '../../../src/apply/journal-history.ts';
import type { JournalEntry, Shop } from '../../../src/apply/ports.ts';
import { kindsOf, OPTIONS, startEngine, withShop } from '../../support/apply-engine.ts';
import { EVERY_KIND, MANY_PRODUCTS, sceneOf } from '../../support/simulation/scene.ts';

test('fewer replies than mutations: what nothing is said of is looked at before it is sent again', async () => {
  const scene = sceneOf(EVERY_KIND('key'));
  const { sim, ports } = startEngine(scene);
  let isShort = false;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        const replies = await ports.shop.send(batch, budget);
        if (isShort || !kindsOf(batch).includes('update_product')) return replies;
        isShort = true;
        return replies.slice(0, -1);
      },
    }),
  );
  expect(result).toMatchObject({ ending: 'done', converged: true });
  const states = parseJournal(sim.journals[0] ?? '').flatMap(({ event, state }) =>
    event === 'outcome' ? [state] : [],
  );
  expect(states.filter((state) => state === 'unclear')).toHaveLength(1);
});

test('the outcome of a request is written with the next intent, and no request leaves before its intent is durable', async () => {
  const scene = sceneOf(MANY_PRODUCTS('key', 9));
  const { ports } = startEngine(scene);
  const events: string[] = [];
  const journal = {
    write: async (entries: readonly JournalEntry[]) => {
      await ports.journal.write(entries);
      events.push(...new Set(entries.map(({ event }) => event)), '.');
    },
  };
  const send: Shop['send'] = async (batch, budget) => {
    events.push('request');
    return ports.shop.send(batch, budget);
  };
  const result = await runApply(scene.plan, OPTIONS, { ...withShop(ports, { send }), journal });
  expect(result).toMatchObject({ ending: 'done', converged: true });
  const said = events.join(' ');
  expect(said).toMatch(
    /^started \. (intent \. request (outcome intent \. request )*outcome \. )+finished \.$/,
  );
  expect(said).toContain('outcome intent . request');
});
