import { expect, test } from '@jest/globals';
import { type EnginePorts, runApply } from '../../../src/apply/apply.ts';
import { parseJournal, refsSentTwice } from '../../../src/apply/journal-history.ts';
import {
  kindsOf,
  OPTIONS,
  outcomesOf,
  refused,
  reportOf,
  startEngine,
  unclear,
  withShop,
} from '../../support/apply-engine.ts';

test('refused after an unclear reply, and not there: failed, in the words of the refusal', async () => {
  const { ports, scene } = startEngine();
  let sendings = 0;
  const result = await runApply(
    scene.plan,
    OPTIONS,
    withShop(ports, {
      send: async (batch, budget) => {
        if (!kindsOf(batch).includes('update_product')) return ports.shop.send(batch, budget);
        sendings += 1;
        return batch.map(() => (sendings === 1 ? unclear : refused('Saleor would not')));
      },
    }),
  );
  expect([sendings, result.tracker.of('product.first')]).toMatchObject([
    2,
    { outcome: 'failed', because: 'Saleor would not' },
  ]);
});

test('the reply that never comes, five times: unknown, never failed', async () => {
  const { sim, ports, scene } = startEngine();
  const deaf: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch, budget) =>
        batch.some(({ kind }) => kind === 'update_product')
          ? batch.map(() => ({
              state: 'unclear' as const,
              code: 'timed_out',
              message: 'no answer within 30 s',
            }))
          : ports.shop.send(batch, budget),
    },
  };
  const result = await runApply(scene.plan, OPTIONS, deaf);
  expect(result.tracker.of('product.first')).toMatchObject({
    outcome: 'unknown',
    because: expect.stringMatching(/^no answer/),
  });
  const runs = sim.journals.map(parseJournal);
  expect([...refsSentTwice(runs)]).toEqual(['product.first']);
  const report = reportOf(scene, result, refsSentTwice(runs));
  expect(report.warnings.filter(({ code }) => code === 'sent_twice').map(({ ref }) => ref)).toEqual([
    'product.first',
  ]);
  expect(report.errors.map(({ code, ref }) => `${code} ${ref}`)).toContain('change_unknown product.first');
});

test('429 five times: failed, and said to be sent in vain', async () => {
  const { ports, scene } = startEngine();
  const busy: EnginePorts = {
    ...ports,
    shop: {
      ...ports.shop,
      send: async (batch) =>
        batch.map(() => ({
          state: 'not_sent' as const,
          code: 'http_429',
          message: 'too many requests (429)',
        })),
    },
  };
  const result = await runApply(scene.plan, OPTIONS, busy);
  expect(outcomesOf(scene, result)).toEqual({
    'value.gsv_roles.data_analyst': 'failed',
    'translation.gsv_roles.data_analyst.en': 'skipped',
    'product.first': 'skipped',
  });
});
