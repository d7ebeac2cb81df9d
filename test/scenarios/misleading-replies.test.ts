import { afterEach, expect, jest, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { type Scale, shopOf, siteOf } from '../support/scaled-catalogue.ts';
import { createWorkspace, finalReport, removeWorkspaces, type Workspace } from '../support/workspace.ts';

jest.setTimeout(60_000);
let sandbox: Sandbox;
let at: Workspace;
afterEach(async () => {
  await sandbox?.close();
  removeWorkspaces();
});

const SCALE: Scale = { products: 3, changed: 1, terms: 3, newTerms: 1, unassigned: 0 };
const REF = 'value.gsv_roles.term3';

async function approved(): Promise<string> {
  sandbox = await startSandbox({ seed: shopOf(SCALE) });
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(siteOf(SCALE)));
  const { stdout } = await call('plan', '--desired', 'catalog.json', '--create-missing', '--json');
  const { id } = JSON.parse(stdout);
  await call('approve', id, '--as', 'ada@example.com', '--yes');
  return id;
}

const call = (...words: readonly string[]) =>
  at.call(words, { env: { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full } });

async function applied(id: string) {
  const { code, stdout } = await call('apply', id, '--no-policy', '--json');
  const report = finalReport(stdout);
  // biome-ignore lint/suspicious/noExplicitAny: a document of the tool
  const outcomes = Object.fromEntries(report.outcomes.map((one: any) => [one.ref, one]));
  return { code, report, outcomes };
}

/** Once, right before the values are made. */
function beforeCreate(action: () => void): void {
  let isDone = false;
  sandbox.intercept = ({ kind, fields }) => {
    if (kind === 'mutation' && !isDone && fields.some(({ name }) => name === 'attributeBulkUpdate')) {
      isDone = true;
      action();
    }
    return undefined;
  };
}

test('a slug that is not the key: the value is taken back, and what needs it is skipped', async () => {
  const id = await approved();
  // A human is quicker between look and write, so Saleor makes term3-2 of ours.
  beforeCreate(() => sandbox.edit.addValue('gsv_roles', 'TERM3'));
  const { code, outcomes } = await applied(id);
  expect(code).toBe(5);
  expect(outcomes[REF]).toMatchObject({ outcome: 'failed' });
  expect(outcomes[REF].because).toMatch(/term3-2.*deleted again/);
  expect(outcomes['product.offering-00000']).toMatchObject({ outcome: 'skipped' });
  expect(sandbox.edit.values('gsv_roles').map(({ name }) => name)).toEqual([
    'Term0',
    'Term1',
    'Term2',
    'TERM3',
  ]);
});

test('a create whose reply is lost is looked up and not sent again; sent twice, its reference refuses it', async () => {
  const id = await approved();
  let seen = 0;
  sandbox.intercept = ({ kind, fields }) => {
    if (kind !== 'mutation' || !fields.some(({ name }) => name === 'attributeBulkUpdate')) return undefined;
    seen += 1;
    return seen === 1 ? { kind: 'drop', isExecuted: true } : undefined;
  };
  const { code, report } = await applied(id);
  expect({ code, converged: report.converged, sent: seen }).toEqual({ code: 0, converged: true, sent: 1 });
  const values = sandbox.edit.values('gsv_roles').filter(({ slug }) => slug.startsWith('term3'));
  expect(values).toMatchObject([{ slug: 'term3', externalReference: 'gsv_roles.term3' }]);
});

test('a value that products get after the plan is not deleted', async () => {
  await approved();
  sandbox.edit.addValue('gsv_roles', 'Clown');
  const flags = ['--desired', 'catalog.json', '--create-missing', '--prune-values', '--json'];
  const { id, summary } = JSON.parse((await call('plan', ...flags)).stdout);
  expect(summary.delete).toBe(1);
  await call('approve', id, '--as', 'ada@example.com', '--yes');
  // Between the first look and the count: only the count can see it.
  beforeCreate(() => sandbox.edit.setAttribute('offering-00002', 'gsv_roles', ['clown']));
  const { code, outcomes } = await applied(id);
  expect(code).toBe(5);
  expect(outcomes['value.gsv_roles.clown']).toMatchObject({
    outcome: 'skipped',
    because: expect.stringContaining('1 products'),
  });
  expect(sandbox.edit.value('gsv_roles', 'clown').name).toBe('Clown');
});
