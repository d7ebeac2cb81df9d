import { afterEach, expect, jest, test } from '@jest/globals';
import { printPlan } from '../../src/plan/file/print.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../../src/plan/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { type Scale, shopOf, siteOf } from '../support/scaled-catalogue.ts';
import { type AnyDocument, createWorkspace, removeWorkspaces, type Workspace } from '../support/workspace.ts';

/** Numbers by which a policy decides are those of the shop, whatever a plan says of itself. */
jest.setTimeout(60_000);
let sandbox: Sandbox;
let at: Workspace;
afterEach(async () => {
  await sandbox?.close();
  removeWorkspaces();
});

const SCALE: Scale = { products: 12, changed: 6, terms: 3, newTerms: 0, unassigned: 0 };

async function opened(rules: object, site: object = siteOf(SCALE)): Promise<void> {
  sandbox = await startSandbox({ seed: shopOf(SCALE) });
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(site));
  const policy = { format: 'sailplan-policy', format_version: '1.0', default: { approvals: 1, ...rules } };
  at.write('sailplan.policy.json', JSON.stringify(policy));
}

const call = (...words: readonly string[]) =>
  at.call(words, { env: { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full } });

async function planned(...flags: readonly string[]): Promise<string> {
  const { stdout } = await call('plan', '--desired', 'catalog.json', '--json', ...flags);
  return JSON.parse(stdout).id;
}

/** A plan that proves itself, built from inputs of the attacker's choice, and approved. */
async function forged(id: string, bend: (inputs: AnyDocument) => void): Promise<string> {
  const inputs = structuredClone(inputsOf(at.json(`plans/${id}/plan.json`) as Plan)) as AnyDocument;
  bend(inputs);
  const built = build(inputs);
  const name = idOf(digestOf(built));
  at.write(`plans/${name}/plan.json`, printPlan(built));
  return name;
}

async function applied(id: string) {
  expect((await call('approve', id, '--as', 'ada@example.com', '--yes')).code).toBe(0);
  const before = sandbox.log.counts.mutations;
  const { code, stderr } = await call('apply', id);
  return { code, stderr, mutations: sandbox.log.counts.mutations - before };
}

/** A product that the plan does not change. */
function inLine(inputs: AnyDocument): [string, AnyDocument] {
  const changed = new Set(build(inputs).changes.map(({ ref }) => ref));
  const found = Object.entries(inputs.actual.products).find(([slug]) => !changed.has(`product.${slug}`));
  if (found === undefined) throw new Error('every product changes');
  return found as [string, AnyDocument];
}

/** The same product as if it had this offering id. */
const withOfferingId = (product: AnyDocument, id: string): AnyDocument => ({
  ...product,
  document: { ...product.document, metadata: { ...product.document.metadata, cp_offering_id: id } },
});

const SHARE = { thresholds: { products: { share: 0.3, from: 5 } }, allow_partial_snapshots: true };

test('a share above the threshold asks for the hazard by name', async () => {
  await opened(SHARE);
  const { code, stderr } = await applied(await planned());
  expect([code, stderr]).toEqual([3, expect.stringContaining('bulk_change')]);
});

test.each<[string, readonly string[], (inputs: AnyDocument) => void, string]>([
  [
    'products in line that the shop does not have',
    [],
    (inputs) => {
      for (let n = 1; n <= 40; n += 1) {
        const [slug, product] = inLine(inputs);
        const [id, name] = [Buffer.from(`Product:${9000 + n}`).toString('base64'), `${slug}-${n}`];
        const own = inputs.desired.offerings.find((one: AnyDocument) => one.saleor_product_slug === slug);
        inputs.actual.products[name] = { ...withOfferingId(product, `off_forged_${n}`), id };
        inputs.desired.offerings.push({
          ...own,
          page_id: 90_000 + n,
          saleor_product_id: id,
          saleor_product_slug: name,
          fields: { ...own.fields, cp_offering_id: `off_forged_${n}` },
        });
      }
    },
    'of them exist',
  ],
  [
    'one product of the shop many times under other names',
    [],
    (inputs) => {
      const [slug, product] = inLine(inputs);
      const own = inputs.desired.offerings.find((one: AnyDocument) => one.saleor_product_slug === slug);
      for (let n = 1; n <= 40; n += 1) {
        inputs.actual.products[`${slug}-${n}`] = withOfferingId(product, `off_forged_${n}`);
        inputs.desired.offerings.push({
          ...own,
          page_id: 90_000 + n,
          saleor_product_id: null,
          saleor_product_slug: `${slug}-${n}`,
          fields: { ...own.fields, cp_offering_id: `off_forged_${n}` },
        });
      }
    },
    'of them exist',
  ],
  [
    'a number beside partial snapshots',
    ['--snapshots', 'changed'],
    (inputs) => {
      inputs.rest.products = 1_000;
      inputs.rest.offerings = 1_000;
    },
    'and the shop has 12',
  ],
])('%s do not make the share smaller', async (_, flags, bend, says) => {
  await opened(SHARE);
  const id = await forged(await planned(...flags), bend);
  const { code, stderr, mutations } = await applied(id);
  expect([code, stderr, mutations]).toEqual([3, expect.stringContaining(says), 0]);
});

test('an honest plan is applied, and applied again after an interruption', async () => {
  await opened({ ...SHARE, thresholds: { products: { share: 0.9, from: 5 } } });
  const id = await planned('--snapshots', 'changed');
  expect(await applied(id)).toMatchObject({ code: 0 });
  expect((await call('apply', id)).code).toBe(0);
});

test('holders of a value that are not there do not hide that it loses the last one', async () => {
  const site = structuredClone(siteOf(SCALE)) as AnyDocument;
  for (const offering of site.offerings) offering.roles = ['term0'];
  delete site.content_sha256;
  await opened(
    { hazards: { must_be_accepted: ['removes_last_member'] }, allow_partial_snapshots: true },
    site,
  );
  const id = await planned('--snapshots', 'changed');
  const plan = at.json(`plans/${id}/plan.json`);
  const lost = plan.hazards.filter(({ code }: AnyDocument) => code === 'removes_last_member');
  expect(lost.length).toBeGreaterThan(0);
  const forgedId = await forged(id, (inputs) => {
    for (const { ref } of lost) {
      const [, attribute, slug] = ref.split('.');
      inputs.rest.values[attribute] = { ...inputs.rest.values[attribute], [slug]: 3 };
    }
  });
  expect(
    at
      .json(`plans/${forgedId}/plan.json`)
      .hazards.some(({ code }: AnyDocument) => code === 'removes_last_member'),
  ).toBe(false);
  const { code, stderr, mutations } = await applied(forgedId);
  expect([code, stderr, mutations]).toEqual([3, expect.stringContaining('other products have gsv_roles'), 0]);
});
