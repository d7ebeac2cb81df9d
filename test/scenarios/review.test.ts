import { afterAll, expect, jest, test } from '@jest/globals';
import { demoShop } from '../../src/sandbox/demo/demo-shop.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  exportWith,
  removeWorkspaces,
  shopEnv,
  type Workspace,
} from '../support/workspace.ts';

/** What stands beside a plan for the person who reviews it, through the built program. */

jest.setTimeout(60_000);
const open: Sandbox[] = [];
async function shop(options: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  open.push(sandbox);
  return sandbox;
}
afterAll(async () => {
  removeWorkspaces();
  for (const sandbox of open) await sandbox.close();
});

async function ok(at: Workspace, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await at.call(words, { env });
  expect({ words, code, stderr: code === 0 ? '' : stderr }).toEqual({ words, code: 0, stderr: '' });
  return stdout;
}

const plan = ['plan', '--desired', EXPORT, '--create-missing', '--json'];
const states = async (at: Workspace, env: NodeJS.ProcessEnv, ...words: readonly string[]) =>
  JSON.parse(await ok(at, ['status', '--json', ...words], env)).map((row: AnyDocument) => [
    row.id,
    row.state,
  ]);

test('status follows a plan from open over approved to applied, and --check finds it stale without a write', async () => {
  const sandbox = await shop();
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  const { id } = JSON.parse(await ok(at, plan, env));
  expect(await states(at, {})).toEqual([[id, 'open']]);
  expect(await states(at, env, '--check')).toEqual([[id, 'open']]);
  await ok(at, ['approve', id, '--as', 'ada@example.com', '--yes']);
  expect(await ok(at, ['status'])).toContain('approved');
  expect(await ok(at, ['status'])).toContain('no policy: without a terminal, apply needs --no-policy');

  const [change] = at
    .json(`plans/${id}/plan.json`)
    .changes.filter(
      ({ ref, after }: AnyDocument) => ref.startsWith('product.') && after.metadata.outcome_tagline,
    );
  sandbox.edit.setMetadata(change.ref.slice('product.'.length), 'outcome_tagline', 'Written by hand');
  const before = sandbox.log.counts.mutations;
  expect(await ok(at, ['status', '--check'], env)).toMatch(
    new RegExp(`^${id} {2}stale .*\\n( {4}http.*\\n)? {4}1 field changed in the shop since: plan again`),
  );
  // Nobody asked the shop, so nothing is said of it.
  expect(await states(at, env)).toEqual([[id, 'approved']]);
  expect(sandbox.log.counts.mutations).toBe(before);

  const { id: next } = JSON.parse(await ok(at, plan, env));
  expect(await states(at, env)).toEqual([
    [next, 'open'],
    [id, 'approved'],
  ]);
  await ok(at, ['approve', next, '--as', 'ada@example.com', '--yes']);
  await ok(at, ['apply', next, '--no-policy'], env);
  // The same end was reached by the other plan.
  expect(await ok(at, ['status', '--check'], env)).toMatch(
    new RegExp(
      `^${next} {2}applied [\\s\\S]*\\n${id} {2}approved .*\\n( {4}http.*\\n)? {4}the shop already matches`,
    ),
  );
});

test('a plan for another shop is listed, and told to be unchecked', async () => {
  const [here, there] = [await shop(), await shop()];
  const at = createWorkspace();
  await ok(at, plan, shopEnv(there));
  const asked = here.log.counts.requests;
  expect(await ok(at, ['status', '--check'], shopEnv(here))).toContain('not checked: another target');
  expect(here.log.counts.requests).toBe(asked);
});

test('a plan that another supersedes is removed and named, an approved one and one under --keep stay', async () => {
  const sandbox = await shop();
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  const { id } = JSON.parse(await ok(at, plan, env));
  const few = [...plan, '--limit', '3'];
  expect((await at.call([...few, '--keep'], { env })).stderr).not.toContain('superseded');
  expect((await at.call(few, { env })).stderr).toContain(
    `note: plan ${id}, which nobody approved or applied, is superseded and removed`,
  );
  const [[left = ''] = []] = await states(at, env);
  await ok(at, ['approve', left, '--as', 'ada@example.com', '--yes']);
  expect((await at.call(plan, { env })).stderr).not.toContain('superseded');
  expect((await states(at, env)).map(([one]: readonly [string, string]) => one)).toEqual([id, left]);
});

test('a dry run of an approved plan says to apply it, not to approve it', async () => {
  const sandbox = await shop();
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  const { id } = JSON.parse(await ok(at, plan, env));
  const dry = ['apply', id, '--no-policy', '--dry-run'];
  await ok(at, ['approve', id, '--as', 'ada@example.com', '--yes']);
  expect(await ok(at, dry, env)).toContain(`Next: Apply it: sailplan apply ${id} --no-policy.`);
});

/** The export as shopsync writes it, with the snippets' ids. */
const withIds = exportWith((document) => {
  document.source.snippets = { roles: 'catalog.Role', badges: 'catalog.Badge' };
  for (const terms of Object.values(document.taxonomies) as AnyDocument[][])
    for (const [index, term] of terms.entries()) term.id = index + 1;
});

test('a term is named by its snippet with its editor, and the plan is the same without', async () => {
  const sandbox = await shop();
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  at.write(
    'bare.json',
    exportWith(() => undefined),
  );
  at.write('catalog.json', withIds);
  at.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      wagtail: { admin_url: 'https://cms.example.com/admin' },
    }),
  );
  const make = async (desired: string, out: string) =>
    JSON.parse(await ok(at, ['plan', '--desired', desired, '--create-missing', '--json', '--out', out], env));
  const bare = await make('bare.json', 'bare');
  const named = await make('catalog.json', 'plans');
  expect(named.digest).toBe(bare.digest);
  const { changes } = at.json(`plans/${named.id}/plan.json`);
  const made = at.json(`plans/${named.id}/provenance.json`);
  const keys = changes.flatMap(({ provenance: { taxonomy, key } }: AnyDocument) =>
    taxonomy === 'roles' ? [key] : [],
  );
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    const { id, model } = made.snippets[`roles.${key}`];
    expect(model).toBe('catalog.Role');
    expect(made.links[`term.roles.${key}`]).toBe(
      `https://cms.example.com/admin/snippets/catalog/role/edit/${id}/`,
    );
  }
  const shown = await ok(at, ['show', named.id]);
  expect(shown).toContain('snippet catalog.Role ');
  const markdown = await at.call(['show', named.id, '--format', 'markdown']);
  expect(markdown.stdout).toContain('/admin/snippets/catalog/role/edit/');
  // A model that the export does not name has no address.
  expect(Object.keys(made.links).some((name) => name.startsWith('term.outcomes.'))).toBe(false);
});

test('a value that changes is counted over the whole shop, and what is published by channel', async () => {
  const sandbox = await shop({ seed: demoShop() });
  const [at, env] = [createWorkspace(), shopEnv(sandbox)];
  const { id } = JSON.parse(await ok(at, [...plan, '--adopt'], env));
  const { changes } = at.json(`plans/${id}/plan.json`);
  const { users } = at.json(`plans/${id}/provenance.json`);
  const renamed = changes.filter(
    ({ ref, action }: AnyDocument) => ref.startsWith('value.') && action === 'update',
  );
  expect(renamed.length).toBeGreaterThan(0);
  for (const { ref } of renamed)
    expect(users[ref]).toEqual({
      products: expect.any(Number),
      published: { 'default-channel': expect.any(Number) },
    });
});
