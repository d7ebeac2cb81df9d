import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** After a conflict message, exit code, report, status and next step say the same: plan again. */
let shop: Sandbox;
let env: NodeJS.ProcessEnv;
let at: Workspace;
let id: string;

async function planned(...more: readonly string[]): Promise<void> {
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing', ...more], { env });
  [id = ''] = at.ids();
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
}

beforeEach(async () => {
  shop = await startSandbox({ seed: demoShop() });
  env = shopEnv(shop);
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
});
afterEach(() => shop.close());
afterAll(removeWorkspaces);

const apply = (...words: readonly string[]) => at.call(['apply', id, '--no-policy', ...words], { env });
const status = async (): Promise<AnyDocument> => JSON.parse((await at.call(['status', '--json'])).stdout)[0];
const changes = (): readonly AnyDocument[] => at.json(`plans/${id}/plan.json`).changes;

/** A metadata key that the plan changes or adds. */
function metadataChange(): { ref: string; slug: string; key: string; old: string | null } {
  for (const { ref, after, before } of changes()) {
    if (!ref.startsWith('product.')) continue;
    const key = Object.keys(after.metadata).find((one) => after.metadata[one] !== before.metadata[one]);
    if (key !== undefined)
      return { ref, slug: ref.slice('product.'.length), key, old: before.metadata[key] ?? null };
  }
  throw new Error('the plan changes no metadata');
}

/** Somebody gives a metadata key that the plan changes another value. */
function editAll(): void {
  for (const { ref, after, before } of changes()) {
    const slug = ref.slice('product.'.length);
    for (const key of Object.keys(after.metadata))
      if (after.metadata[key] !== before.metadata[key]) shop.edit.setMetadata(slug, key, 'somebody');
  }
}

test('--on-conflict skip with nothing left to write is stale: exit 4, plan again, also in status', async () => {
  await planned();
  const [product] = changes().filter(({ ref }) => ref.startsWith('product.'));
  expect(product).toBeDefined();
  at.write('catalog.json', JSON.stringify(demoExport()));
  const slug = String(product?.ref).slice('product.'.length);
  await at.shell('rm -r plans');
  await planned('--only-slugs', slug);
  const only = changes().filter(({ ref }) => ref === product?.ref);
  if (changes().length > only.length) expect((await apply()).code).toBe(0);
  await at.shell('rm -r plans');
  shop.edit.setMetadata(slug, 'cp_offering_id', 'old');
  await planned('--only-slugs', slug);
  expect(changes()).toHaveLength(1);
  editAll();
  const before = shop.log.counts.mutations;
  const run = await apply('--on-conflict', 'skip');
  expect(run.code).toBe(4);
  expect(run.stdout).toContain('1 field changed since the plan.');
  expect(run.stdout).toContain('Nothing was written. Plan again and have the new plan approved.');
  expect(run.stdout).not.toMatch(/held all of it already|on-conflict/);
  expect(shop.log.counts.mutations).toBe(before);
  expect(await status()).toMatchObject({ state: 'stale', detail: expect.stringContaining('plan again') });
  expect(at.json(`plans/${id}/report.json`)).toMatchObject({ exit_code: 4, errors: [{ code: 'conflict' }] });
  const stale = id;
  await planned('--only-slugs', slug);
  const { code, stderr } = await at.call(['approve', '--as', 'ada@example.com']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`${stale} \\([^)]*, stale: its last apply found that the shop had changed\\)`),
  );
  expect(stderr).toContain(
    `e.g. sailplan approve ${at
      .ids()
      .find((one) => one !== stale)
      ?.slice(0, 4)}`,
  );
});

test('--on-conflict skip that writes the rest: exit 5, the next step is a new plan, also in status', async () => {
  await planned();
  const { slug, key } = metadataChange();
  shop.edit.setMetadata(slug, key, 'somebody');
  const run = await apply('--on-conflict', 'skip');
  expect(run.code).toBe(5);
  expect(run.stdout).toMatch(/Next: The shop changed since the plan: plan again/);
  expect(await status()).toMatchObject({ state: 'stale' });
});

test('an edit in the middle of a run is a conflict: the report says what the shop shows, and a new plan follows', async () => {
  await planned();
  const { ref, slug, key } = metadataChange();
  let isEdited = false;
  shop.intercept = ({ kind, query }) => {
    if (kind === 'mutation' && !query.includes('updatePrivateMetadata')) isEdited = true;
    else if (isEdited) shop.edit.setMetadata(slug, key, 'somebody');
    return undefined;
  };
  const run = await apply();
  shop.intercept = undefined;
  expect(run.code).toBe(5);
  const report = at.json(`plans/${id}/report.json`);
  expect(report.errors).toContainEqual(
    expect.objectContaining({
      code: 'conflict',
      ref,
      message: expect.stringContaining('but the shop shows "somebody"'),
    }),
  );
  expect(report.errors.filter(({ code }: AnyDocument) => code === 'change_failed')).toEqual([]);
  expect(run.stdout).toMatch(/Next: The shop changed since the plan: plan again/);
  expect(await status()).toMatchObject({ state: 'stale', detail: expect.stringContaining('plan again') });
  expect((await apply()).code).toBe(4);
});

test('a run that was cut short is resumed: status and report say so', async () => {
  await planned();
  shop.intercept = ({ kind, query }) =>
    kind === 'mutation' && query.includes('productUpdate')
      ? { kind: 'reply', status: 400, body: '{"errors":[{"message":"no"}]}' }
      : undefined;
  const run = await apply();
  shop.intercept = undefined;
  expect(run.code).toBe(5);
  expect(run.stdout).toMatch(/Next: Fix what failed, then run the same apply again/);
  expect(await status()).toMatchObject({ state: 'incomplete', detail: 'apply it again to resume' });
  expect((await apply()).code).toBe(0);
});

test('an applied plan: again says that the shop holds all, after an edit that an approval covers one apply', async () => {
  await planned();
  expect((await apply()).code).toBe(0);
  const again = await apply();
  expect([again.code, again.stdout]).toEqual([
    0,
    expect.stringContaining('all 10 changes were applied before'),
  ]);
  expect(await status()).toMatchObject({ state: 'applied' });
  const { slug, key, old } = metadataChange();
  const metadata = shop.edit.product(slug).metadata;
  if (old === null) metadata.delete(key);
  else metadata.set(key, old);
  const refused = await apply();
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain(`sailplan approve ${id}`);
  expect(await status()).toMatchObject({ state: 'applied' });
});

test('refused starts are no runs: the first apply is run 1', async () => {
  await at.call(['plan', '--desired', 'catalog.json', '--create-missing'], { env });
  [id = ''] = at.ids();
  expect((await apply()).code).toBe(3);
  expect((await apply()).code).toBe(3);
  await at.call(['approve', id, '--as', 'ada@example.com', '--yes']);
  expect((await apply()).code).toBe(0);
  expect(at.json(`plans/${id}/report.json`).runs).toMatchObject([{ number: 1 }]);
  expect(at.files().filter((name) => name.includes('/refusals/'))).toHaveLength(2);
});

test('sync --sync-attributes says that products were skipped, and counts them', async () => {
  await planned('--sync-attributes');
  if (changes().length > 0) expect((await apply()).code).toBe(0);
  const run = await at.call(['--desired', 'catalog.json', '--sync-attributes', '--create-missing'], {
    env,
    bin: 'sync',
  });
  const { length } = (demoExport() as AnyDocument).offerings;
  expect(run.stdout).not.toContain('Saleor matches Wagtail');
  expect(run.stdout).toContain(`No changes to attributes and values (${length} of ${length} pages skipped)`);
  // The plan's text has the counts.
  expect(run.stdout).toMatch(
    /Dry run: nothing was written\.\nNext: Run it again without the flags that skip pages\.\n$/,
  );
});

test('a strict dry run with errors leads to fixing them, not to a run that refuses', async () => {
  const site: AnyDocument = demoExport();
  site.offerings[0].saleor_product_slug = 'gone';
  at.write('catalog.json', JSON.stringify(site));
  const run = await at.call(['--desired', 'catalog.json', '--strict'], { env, bin: 'sync' });
  expect([1, 2]).toContain(run.code);
  expect(run.stdout).toMatch(/Next: Fix the errors listed above, then run the same command again/);
  expect(run.stdout).not.toContain('--no-dry-run');
});

test('a value that disappears right before the write is named in Saleor’s words, not by its id', async () => {
  await planned();
  const adds = changes().flatMap(({ ref, after, before }) => {
    if (!ref.startsWith('product.')) return [];
    return Object.entries(after.attributes as Record<string, AnyDocument>).flatMap(([attribute, held]) =>
      Object.keys(typeof held === 'object' && held !== null ? held : {})
        .filter((key) => before.attributes[attribute]?.[key] === undefined)
        .map((key) => ({ attribute, key })),
    );
  });
  const [{ attribute, key } = { attribute: '', key: '' }] = adds;
  shop.intercept = ({ kind, query }) => {
    const isThere = shop.edit.values(attribute).some(({ slug }) => slug === key);
    if (kind === 'mutation' && query.includes('productUpdate') && isThere)
      shop.edit.deleteValue(attribute, key);
    return undefined;
  };
  const run = await apply();
  shop.intercept = undefined;
  expect(run.code).toBe(5);
  const { errors } = at.json(`plans/${id}/report.json`);
  const words = errors.map(({ message }: AnyDocument) => message).join('\n');
  expect(words).toContain(`${attribute}.${key}`);
  expect(words).not.toMatch(/QXR0cmlidXR/);
});
