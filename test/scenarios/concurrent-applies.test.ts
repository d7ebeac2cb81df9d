import { afterAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** Two checkouts, two plans, one shop: no lock stands between them, only the note that the first one left. */

jest.setTimeout(90_000);
const open: Sandbox[] = [];
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of open) await sandbox.close();
});

const PLAN = ['plan', '--desired', 'catalog.json', '--create-missing', '--json'];

/** The demo's site, with other words on some of its offerings. */
function siteWith(taglines: Readonly<Record<string, string>>): string {
  const site: AnyDocument = structuredClone(demoExport());
  for (const one of site.offerings) one.card_tagline = taglines[one.saleor_product_slug] ?? one.card_tagline;
  delete site.content_sha256;
  return JSON.stringify(site);
}

interface Checkout {
  readonly at: Workspace;
  readonly id: string;
}

async function approved(
  taglines: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): Promise<Checkout> {
  const at = createWorkspace();
  at.write('catalog.json', siteWith(taglines));
  const { id } = JSON.parse((await at.call(PLAN, { env })).stdout);
  expect(await at.call(['approve', id, '--as', 'ada@example.com', '--yes'])).toMatchObject({ code: 0 });
  return { at, id };
}

const taglineOf = ({ store }: Sandbox, slug: string): string | undefined =>
  [...store.products.values()].find((one) => one.slug === slug)?.metadata.get('outcome_tagline');

test('two plans applied at the same moment: the second is warned, and whose write was lost does not say that it is done', async () => {
  const sandbox = await startSandbox({ seed: demoShop() });
  open.push(sandbox);
  const env = shopEnv(sandbox);
  const start = await approved({}, env);
  expect((await start.at.call(['apply', start.id, '--no-policy'], { env })).code).toBe(0);
  const one = await approved({ 'churn-watch': 'Ours', 'call-notes': 'Only the first' }, env);
  const two = await approved({ 'churn-watch': 'Theirs', 'price-watch': 'Only the second' }, env);
  const apply = ({ at, id }: Checkout) => at.start(['apply', id, '--no-policy'], { env }).done;

  // The first one has looked, and is held right before it writes; the second one looks and writes; then the first one
  // writes over it, and only then the second one reads back.
  const seen = { first: deferred(), let: deferred(), isSecondDone: false };
  sandbox.intercept = async ({ kind, variables }) => {
    const text = JSON.stringify(variables);
    if (kind === 'mutation' && text.includes('Only the first')) {
      seen.first.end();
      await seen.let.ended;
    } else if (kind === 'mutation' && text.includes('Only the second')) seen.isSecondDone = true;
    else if (kind === 'query' && seen.isSecondDone) {
      seen.let.end();
      while (taglineOf(sandbox, 'churn-watch') !== 'Ours') await new Promise((go) => setTimeout(go, 5));
    }
    return undefined;
  };
  const first = apply(one);
  await seen.first.ended;
  const [second, ours] = await Promise.all([apply(two), first]);

  expect(second).toMatchObject({
    code: 5,
    stderr: expect.stringContaining(`another apply may be running: plan ${one.id}`),
  });
  const report = two.at.json(`plans/${two.id}/report.json`);
  expect(report.warnings).toContainEqual(expect.objectContaining({ code: 'other_apply', ref: 'shop' }));
  expect(outcomesOf(report)).toEqual({ 'product.churn-watch': 'failed', 'product.price-watch': 'applied' });
  expect(report.errors).toContainEqual(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining('the shop shows another value (metadata.outcome_tagline'),
    }),
  );
  expect(report.converged).toBe(false);
  expect(ours.code).toBe(0);
  expect(outcomesOf(one.at.json(`plans/${one.id}/report.json`))).toEqual({
    'product.call-notes': 'applied',
    'product.churn-watch': 'applied',
  });
  // All that either tells as applied is in the shop.
  expect(['churn-watch', 'call-notes', 'price-watch'].map((slug) => taglineOf(sandbox, slug))).toEqual([
    'Ours',
    'Only the first',
    'Only the second',
  ]);

  // Nor is it written over again: the second plan is out of date now.
  sandbox.intercept = undefined;
  expect((await apply(two)).code).toBe(4);
  expect(taglineOf(sandbox, 'churn-watch')).toBe('Ours');
});

const outcomesOf = ({ outcomes }: AnyDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(outcomes.map(({ ref, outcome }: AnyDocument) => [ref, outcome]));

function deferred(): { readonly ended: Promise<void>; end(): void } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end: () => end() };
}
