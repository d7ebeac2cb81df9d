import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { demoExport, demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  exportWith,
  type ProgramResult,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** sync_wagtail_to_saleor by its own name, as people type it and as CI runs it (docs/sync.md). */
jest.setTimeout(30_000);
const LISTS = [
  'created_attribute_values',
  'updated_products',
  'missing_products',
  'missing_taxonomies',
  'errors',
  'warnings',
];
let still: Sandbox;
const open: Sandbox[] = [];

beforeAll(async () => {
  still = await startSandbox();
});
afterEach(() => {
  expect(still.log.counts.mutations).toBe(0);
});
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of [still, ...open]) await sandbox.close();
});

async function demo(): Promise<{ sandbox: Sandbox; at: Workspace; env: NodeJS.ProcessEnv }> {
  const sandbox = await startSandbox({ seed: demoShop() });
  open.push(sandbox);
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(demoExport()));
  return { sandbox, at, env: shopEnv(sandbox) };
}

/** A dry run against the recorded shop; gives its report. */
async function dry(
  words: readonly string[],
  desired = EXPORT,
): Promise<{ run: ProgramResult; report: AnyDocument; at: Workspace }> {
  const at = createWorkspace();
  const run = await at.call(['--desired', desired, ...words, '--json'], { env: shopEnv(still), bin: 'sync' });
  return { run, at, report: run.stdout === '' ? null : JSON.parse(run.stdout) };
}

/** Id of the plan that a write run of `sync --create-missing` will show. */
async function idOfPlan(at: Workspace, env: NodeJS.ProcessEnv): Promise<string> {
  const words = ['--create-missing', '--sync-attributes', '--sync-products', '--out', 'aside', '--json'];
  return JSON.parse((await at.call(['plan', '--desired', 'catalog.json', ...words], { env })).stdout).id;
}

const sync = (at: Workspace, words: readonly string[], env: NodeJS.ProcessEnv) =>
  at.call(['--desired', 'catalog.json', ...words], { env, bin: 'sync' });

/** On a terminal of its own, with something typed. */
const typed = (at: Workspace, words: string, text: string, env: NodeJS.ProcessEnv) =>
  at.shell(`script -qec "$SYNC --desired catalog.json ${words}" /dev/null`, { env, input: text });

test('§8.1 the mapping table produces correct Saleor payloads', async () => {
  const { report } = await dry(['--create-missing', '--only-slugs', 'offering-031']);
  expect(report.updated_products).toHaveLength(1);
  expect(report.updated_products[0]).toMatchObject({
    ref: 'product.offering-031',
    id: 'UHJvZHVjdDozMQ==',
    after: {
      attributes: {
        gsv_category: 'hr',
        gsv_roles: { designer: true, support_agent: true },
        gsv_value_stream: { better_insight: true },
        gsv_capabilities: {
          anomaly_detection: true,
          data_enrichment: true,
          image_classification: true,
          object_detection: true,
          semantic_search: true,
          translation: true,
        },
        gsv_integrations_required: { google_drive: true, jira: true },
        gsv_languages_supported: { zh: true },
        gsv_modalities: { audio: true, image: true },
        gsv_deployment_modes_supported: { edge: true },
        gsv_trial_available: true,
        gsv_verified: true,
        gsv_badges: { enterprise_ready: true },
        gsv_maturity: 'beta',
      },
      metadata: {
        cp_offering_id: 'off_0031',
        cp_offering_version_id: 'ver_0031_1',
        credits_estimate_min: '15',
        credits_estimate_max: '15',
        credits_estimate_label: '~15/run',
        outcome_tagline: 'Tagline of offering 31',
        primary_outcome: 'better_insight',
        primary_role: 'support_agent',
        card_image_url: expect.stringMatching(/^http.*card-7/),
      },
    },
  });
});

test('§8.1 an unknown capability key triggers strict failure', async () => {
  const at = createWorkspace();
  at.write(
    'catalog.json',
    exportWith((document) => {
      document.offerings = document.offerings.filter((one: AnyDocument) => one.page_id === 40);
      document.offerings[0].capabilities = ['image_clasification'];
    }),
  );
  const env = shopEnv(still);
  const words = ['plan', '--desired', 'catalog.json', '--json'];
  const strict = await at.call([...words, '--strict'], { env });
  expect(strict.code).toBe(1);
  expect(JSON.parse(strict.stdout)).toMatchObject({ errored: true });
  const found = JSON.parse(strict.stdout).diagnostics.find((one: AnyDocument) => one.code === 'term_unknown');
  expect(found).toMatchObject({
    severity: 'error',
    ref: 'product.offering-031',
    message: expect.stringContaining('image_classification'),
  });
  const refused = await at.call(['approve', JSON.parse(strict.stdout).id, '--as', 'ada', '--yes']);
  expect([refused.code, singleErrorOf(refused)]).toEqual([3, expect.stringContaining('--strict')]);
});

test.each([
  [{ credits_estimate_label: '', credits_estimate_min: 10, credits_estimate_max: 20 }, '~15/run'],
  [{ credits_estimate_label: '', credits_estimate_min: 15, credits_estimate_max: null }, '~15/run'],
  [{ credits_estimate_label: '', credits_estimate_min: '10.5', credits_estimate_max: '11' }, '~10.75/run'],
  [{ credits_estimate_label: 'about a dozen' }, 'about a dozen'],
  [{ credits_estimate_label: '', credits_estimate_min: null, credits_estimate_max: null }, undefined],
])('§8.1 credit estimate label derivation works: %j gives %s', async (fields, label) => {
  const at = createWorkspace();
  at.write(
    'catalog.json',
    exportWith((document) => {
      document.offerings = document.offerings.filter((one: AnyDocument) => one.page_id === 40);
      Object.assign(document.offerings[0], fields);
    }),
  );
  const run = await at.call(['--desired', 'catalog.json', '--create-missing', '--json'], {
    env: shopEnv(still),
    bin: 'sync',
  });
  expect(JSON.parse(run.stdout).updated_products[0].after.metadata.credits_estimate_label).toBe(label);
});

test('§8.2 --dry-run produces the report without writes, and nothing else', async () => {
  const at = createWorkspace();
  const run = await at.call(['--desired', EXPORT, '--create-missing', '--report-path', 'out/report.json'], {
    env: shopEnv(still),
    bin: 'sync',
  });
  expect(run.code).toBe(0);
  expect(at.files()).toEqual(['out/report.json']);
  const report = at.json('out/report.json');
  expect(report.mode).toBe('dry_run');
  expect(new Set(report.outcomes.map(({ outcome }: AnyDocument) => outcome))).toEqual(new Set(['planned']));
  for (const list of LISTS) expect([list, report[list].length > 0]).toEqual([list, true]);
});

test('the six lists say what the plan says', async () => {
  const { report } = await dry(['--create-missing', '--sync-products']);
  const at = createWorkspace();
  await at.call(['plan', '--desired', EXPORT, '--create-missing', '--sync-products'], {
    env: shopEnv(still),
  });
  const plan = at.json(`plans/${at.ids()[0]}/plan.json`);
  const refs = (kind: string, action = '') =>
    plan.changes
      .filter((one: AnyDocument) => one.ref.startsWith(`${kind}.`) && one.action.startsWith(action))
      .map((one: AnyDocument) => one.ref);
  const count = (severity: string) =>
    plan.diagnostics.filter((one: AnyDocument) => one.severity === severity).length;
  expect(report.plan).toBeNull();
  expect(report.skipped_pages).toEqual(plan.skipped);
  expect(
    report.created_attribute_values.map((one: AnyDocument) => `value.${one.attribute}.${one.key}`),
  ).toEqual(refs('value', 'create'));
  expect(report.updated_products.map((one: AnyDocument) => one.ref)).toEqual(refs('product'));
  expect(report.missing_products).toHaveLength(
    plan.diagnostics.filter((one: AnyDocument) => one.code === 'product_missing').length,
  );
  expect(report.missing_taxonomies.filter((one: AnyDocument) => one.will_create)).toHaveLength(
    refs('value', 'create').length,
  );
  expect([report.errors.length, report.warnings.length]).toEqual([count('error'), count('warning')]);
});

/** Flags of docs/sync.md: how many values, products and assignments each would write, and the exit code. */
const FLAGS: readonly (readonly [readonly string[], number, object])[] = [
  [[], 0, { values: 0, products: 0, assignments: 20 }],
  [['--create-missing'], 0, { values: 80, products: 10, assignments: 20 }],
  [['--strict'], 2, { values: 0, products: 0, assignments: 0 }],
  [['--sync-attributes'], 0, { values: 0, products: 0, assignments: 20 }],
  [['--sync-products'], 0, { values: 0, products: 0, assignments: 0 }],
  [['--sync-attributes', '--create-missing'], 0, { values: 80, products: 0, assignments: 20 }],
  [['--sync-products', '--create-missing'], 0, { values: 80, products: 10, assignments: 0 }],
  [
    ['--sync-products', '--create-missing', '--only-slugs', 'offering-005,offering-031'],
    0,
    { values: 80, products: 2, assignments: 0 },
  ],
  [['--sync-products', '--create-missing', '--limit', '6'], 0, { values: 80, products: 1, assignments: 0 }],
  [
    ['--sync-products', '--create-missing', '--limit', '1', '--only-slugs', 'offering-005,offering-031'],
    0,
    { values: 80, products: 1, assignments: 0 },
  ],
];

/** Side by side, since each is a process that mostly starts. */
const dried = new Map<readonly string[], Awaited<ReturnType<typeof dry>>>();
beforeAll(async () => {
  const waiting = FLAGS.map(([words]) => words);
  const worker = async () => {
    for (let words = waiting.pop(); words !== undefined; words = waiting.pop())
      dried.set(words, await dry(words));
  };
  await Promise.all([worker(), worker(), worker()]);
});

test.each(FLAGS)('%j ends in %d and would write %j', async (words, code, counts) => {
  const { run, report, at } = dried.get(words) as Awaited<ReturnType<typeof dry>>;
  const refs = report.outcomes.map(({ ref, action }: AnyDocument) => `${action} ${ref}`);
  const count = (start: string) => refs.filter((one: string) => one.startsWith(start)).length;
  expect({
    values: count('create value.'),
    products: count('update product.'),
    assignments: count('create assignment.'),
  }).toEqual(counts);
  expect([run.code, at.files()]).toEqual([code, []]);
});

test('--strict excludes --create-missing', async () => {
  const { run, report } = await dry(['--strict', '--create-missing']);
  expect([run.code, singleErrorOf({ ...run, stdout: '' })]).toEqual([
    1,
    expect.stringContaining('cannot be combined'),
  ]);
  expect(report.errors).toMatchObject([{ code: 'usage' }]);
});

test('--no-dry-run without a terminal: the plan is written, exit 3 with the commands to run', async () => {
  const { sandbox, at, env } = await demo();
  const run = await sync(at, ['--create-missing', '--no-dry-run'], env);
  const [id] = at.ids();
  expect(run.code).toBe(3);
  expect(run.stderr).toContain(`sailplan approve ${id}`);
  expect(run.stderr).toContain(`sync_wagtail_to_saleor --no-dry-run --plan ${id}`);
  expect(at.files().filter((name) => /approvals|runs/.test(name))).toEqual([]);
  expect(sandbox.log.counts.mutations).toBe(0);
});

test('on a terminal a wrong id writes nothing', async () => {
  const { sandbox, at, env } = await demo();
  const run = await typed(at, '--create-missing --no-dry-run', 'yes\n', env);
  expect([run.code, run.stdout]).toEqual([3, expect.stringContaining('the id was not typed')]);
  expect(at.files().filter((name) => /approvals|runs/.test(name))).toEqual([]);
  expect(sandbox.log.counts.mutations).toBe(0);
});

test('§8.2 --create-missing creates new attribute values, --sync-products updates attributes and metadata: typed on a terminal', async () => {
  const { sandbox, at, env } = await demo();
  await sync(at, ['--create-missing', '--report-path', 'dry.json'], env);
  const { created_attribute_values: planned, updated_products } = at.json('dry.json');
  const id = await idOfPlan(at, env);
  const run = await typed(at, '--create-missing --no-dry-run --report-path done.json', `${id}\n`, env);
  expect([run.code, run.stdout.slice(-600)]).toEqual([0, expect.any(String)]);
  const report = at.json('done.json');
  expect(report).toMatchObject({
    mode: 'apply',
    converged: true,
    totals: { failed: 0, unknown: 0, skipped: 0 },
  });
  expect(report.approvals).toMatchObject([{ signed: false, comment: expect.stringContaining('typed') }]);
  expect(planned.length).toBeGreaterThan(0);
  for (const { attribute, key } of planned)
    expect(sandbox.edit.value(attribute, key)).toMatchObject({
      slug: key,
      externalReference: `${attribute}.${key}`,
    });
  for (const { slug, after } of updated_products)
    for (const [key, value] of Object.entries(after.metadata))
      expect([slug, key, sandbox.edit.product(slug).metadata.get(key)]).toEqual([slug, key, value]);
  const again = await sync(at, ['--create-missing', '--json'], env);
  expect(JSON.parse(again.stdout)).toMatchObject({
    converged: true,
    updated_products: [],
    created_attribute_values: [],
  });
});

test('--dry-run --strict is the drift check: 2 differs, 1 something is wrong, 0 clean', async () => {
  const { sandbox, at, env } = await demo();
  const strict = async () => (await sync(at, ['--strict'], env)).code;
  expect(await strict()).toBe(2);
  await typed(at, '--create-missing --no-dry-run', `${await idOfPlan(at, env)}\n`, env);
  const clean = await sync(at, ['--strict', '--json'], env);
  const { skipped_pages, errors } = JSON.parse(clean.stdout);
  expect([clean.code, skipped_pages.length > 0]).toEqual([errors.length > 0 ? 1 : 0, errors.length > 0]);
  at.write('catalog.json', JSON.stringify(withoutErrors(demoExport(), errors)));
  expect(await strict()).toBe(0);
  at.write('catalog.json', JSON.stringify(withBrokenPage(withoutErrors(demoExport(), errors))));
  expect(await strict()).toBe(1);
  expect(sandbox.log.counts.mutations).toBeGreaterThan(0);
});

function withoutErrors(document: AnyDocument, errors: readonly AnyDocument[]): AnyDocument {
  const bad = new Set(errors.flatMap(({ message }) => /page (\d+)/.exec(message)?.[1] ?? []));
  const { content_sha256: _, ...rest } = structuredClone(document);
  return { ...rest, offerings: rest.offerings.filter((one: AnyDocument) => !bad.has(String(one.page_id))) };
}

function withBrokenPage(document: AnyDocument): AnyDocument {
  document.offerings[0].cp_offering_id = '';
  return document;
}
