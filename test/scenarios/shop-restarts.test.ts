import { afterAll, afterEach, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { CANARY } from '../support/canary.ts';
import { type RestartingProxy, startRestartingProxy } from '../support/restarting-proxy.ts';
import { shopOf, siteOf } from '../support/scaled-catalogue.ts';
import {
  createWorkspace,
  type ProgramResult,
  removeWorkspaces,
  type Workspace,
} from '../support/workspace.ts';

const LONG_MS = 120_000;
const PRODUCTS = 40;
const SCALE = { products: PRODUCTS, changed: PRODUCTS, terms: 6, newTerms: 4, unassigned: 2 };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
afterAll(removeWorkspaces);

interface Trial {
  readonly at: Workspace;
  readonly sandbox: Sandbox;
  readonly proxy: RestartingProxy;
  readonly id: string;
  call(...words: readonly string[]): Promise<ProgramResult>;
}

/** An approved plan for a shop behind a host that can restart. */
async function trial(): Promise<Trial> {
  const sandbox = await startSandbox({ seed: shopOf(SCALE), tokens: { full: CANARY } });
  const proxy = await startRestartingProxy(Number(new URL(sandbox.url).port));
  open.push(proxy, sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(siteOf(SCALE)));
  const env = { SALEOR_API_URL: `http://127.0.0.1:${proxy.port}/graphql/`, SALEOR_TOKEN: CANARY };
  const call = (...words: readonly string[]) => at.call(words, { env, timeoutMs: LONG_MS });
  const plan = ['plan', '--desired', 'catalog.json', '--create-missing', '--sync-attributes'];
  expect(await call(...plan, '--sync-products')).toMatchObject({ code: 0 });
  const [id = ''] = at.ids();
  expect(await call('approve', id, '--as', 'ada@example.com', '--yes')).toMatchObject({ code: 0 });
  return { at, sandbox, proxy, id, call };
}

/** Kills the shop's host at the `count`-th product update that it executes. */
function whenWritten({ sandbox, proxy }: Trial, count: number): Promise<void> {
  return new Promise((done) => {
    let seen = 0;
    sandbox.intercept = ({ fields }) => {
      if (!fields.some(({ name }) => name === 'productUpdate')) return undefined;
      seen += 1;
      if (seen === count) void proxy.down().then(done);
      return undefined;
    };
  });
}

test(
  'a shop that restarts in the middle: one apply waits for it, ends with exit 0, and no value is made twice',
  async () => {
    const all = await trial();
    const downed = whenWritten(all, 3);
    const running = all.call('apply', all.id, '--no-policy');
    await downed;
    await new Promise((done) => setTimeout(done, 6_000));
    await all.proxy.up();
    const { code, stderr, stdout } = await running;
    expect({ code, said: stdout + stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(
      /note: the shop does not answer \(.*\); waiting for it for up to 120 s \(--wait\)/,
    );
    expect(stderr).toMatch(/note: the shop answers again, after \d+ s/);
    const report = all.at.json(`plans/${all.id}/report.json`);
    expect(report).toMatchObject({ converged: true, totals: { failed: 0, unknown: 0 } });
    expect(await all.call('apply', all.id, '--no-policy')).toMatchObject({ code: 0 });
    const references = [...all.sandbox.store.values.values()].flatMap(
      ({ externalReference }) => externalReference ?? [],
    );
    expect(new Set(references).size).toBe(references.length);
  },
  LONG_MS,
);

test(
  'a shop that stays away: the apply ends incomplete after the time to wait, and the same apply resumes later',
  async () => {
    const all = await trial();
    const downed = whenWritten(all, 2);
    const running = all.call('apply', all.id, '--no-policy', '--wait', '3');
    await downed;
    const { code, stdout, stderr } = await running;
    expect({ code, said: stdout + stderr }).toMatchObject({ code: 5 });
    expect(stderr).toMatch(/note: the shop did not come back within \d+ s/);
    const { errors } = all.at.json(`plans/${all.id}/report.json`);
    const messages = errors.map(({ message }: { readonly message: string }) => message).join('\n');
    expect(messages).toContain('the server did not come back');
    expect(messages).not.toContain('before its reply was known');
    await all.proxy.up();
    expect(await all.call('apply', all.id, '--no-policy')).toMatchObject({ code: 0 });
  },
  LONG_MS,
);

test.each(['x', '-1', '1.5'])('--wait %s is refused', async (given) => {
  const at = createWorkspace();
  const { code, stderr } = await at.call(['apply', 'x', `--wait=${given}`]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('--wait needs a whole number of at least 0')]);
});
