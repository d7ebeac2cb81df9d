import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import { emptyShop, shedExport, shedShop } from '../support/tool-shed.ts';
import { createWorkspace, removeWorkspaces, shopEnv, type Workspace } from '../support/workspace.ts';

/** A catalogue that is not that of the built-in contract gets a contract of its own, and every finding names its line. */
jest.setTimeout(60_000);
let sandbox: Sandbox;
let at: Workspace;
beforeEach(async () => {
  sandbox = await startSandbox({ seed: shedShop() });
  at = createWorkspace();
  at.write('catalog.json', JSON.stringify(shedExport()));
});
afterEach(async () => {
  await sandbox.close();
  removeWorkspaces();
});

const FILE = 'sailplan.contract.json';
const call = (line: string, code = 0) =>
  at.call(line.split(' '), { env: shopEnv(sandbox) }).then((run) => {
    expect({ line, code: run.code, stderr: run.code === code ? '' : run.stderr + run.stdout }).toEqual({
      line,
      code,
      stderr: '',
    });
    return run;
  });
const lineOf = (text: string): number =>
  at
    .read(FILE)
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;
const edit = (change: (contract: ReturnType<typeof JSON.parse>) => void): void => {
  const contract = at.json(FILE);
  change(contract);
  at.write(FILE, JSON.stringify(contract, null, 2));
};

test('init matches fields by name, values and input type, and marks what it could not decide', async () => {
  const { stdout } = await call('contract init --desired catalog.json');
  const contract = at.json(FILE);
  expect(contract.product_types).toEqual(['tool']);
  expect(
    contract.attributes.map((rule: Record<string, string>) => [
      rule['source'],
      rule['slug'],
      rule['input_type'],
    ]),
  ).toEqual([
    ['stuff', 'shed-material', 'MULTISELECT'],
    ['room', 'shed-use', 'DROPDOWN'],
    ['outdoor', 'shed-outdoor', 'BOOLEAN'],
    ['mood', 'shed-mood', 'MULTISELECT'],
  ]);
  expect(contract.metadata).toEqual([
    { key: 'strapline', type: 'text', source: 'strapline' },
    { key: 'article_id', type: 'text', source: 'article_id', required: true },
    expect.objectContaining({
      key: 'weight_label',
      type: 'estimate_label',
      min: 'weight_min',
      max: 'weight_max',
    }),
  ]);
  expect(contract.gaps).toEqual([
    expect.objectContaining({ source: 'energy', problem: expect.stringContaining('shed-power') }),
  ]);
  expect(stdout).toMatch(/GAP +energy/);
  // A file that is there is somebody's work.
  expect((await call('contract init --desired catalog.json', 1)).stderr).toContain('--force');
  expect(sandbox.log.counts.mutations).toBe(0);
});

test('from init to a converged apply by the printed commands, with one gap decided by hand', async () => {
  await call('init --desired catalog.json');
  edit((contract) => {
    const { rule } = contract.gaps[0];
    contract.attributes.push({ ...rule, slug: 'shed-power', name: 'Power source' });
    delete contract.gaps;
  });
  expect((await call('contract check')).stdout).toContain('0 errors, 1 warning');
  await call('lint');
  const doctor = (await call('doctor')).stdout;
  const plan = /^ {2}sailplan (plan .*)$/m.exec(doctor)?.[1] ?? '';
  expect(plan).toContain('--create-attributes');
  await call(plan);
  const [id] = at.ids();
  await call(`approve ${id} --as ada@example.com --yes`);
  expect((await call(`apply ${id}`)).stdout).toContain('the shop matches the plan');
  expect((await call('drift')).code).toBe(0);
});

test.each<[string, (contract: ReturnType<typeof JSON.parse>) => void, string, RegExp]>([
  [
    'a field that no page has',
    (c) => Object.assign(c.attributes[0], { source: 'stuf' }),
    '"source": "stuf"',
    /attributes\[0\]\.source: no page has the field "stuf"\n.*Did you mean stuff/,
  ],
  [
    'a field of another kind',
    (c) => Object.assign(c.metadata[0], { source: 'mood' }) && c.attributes.pop(),
    '"source": "mood"',
    /metadata\[0\]\.source: "mood" contains a list of keys, but the rule reads text/,
  ],
  [
    'a taxonomy that is none',
    (c) => Object.assign(c.attributes[1], { taxonomy: 'romms' }),
    '"taxonomy": "romms"',
    /attributes\[1\]\.taxonomy: the site has no taxonomy "romms"\n.*Did you mean rooms/,
  ],
  [
    'keys of another taxonomy',
    (c) => Object.assign(c.attributes[0], { taxonomy: 'rooms' }),
    '"taxonomy": "rooms"',
    /attributes\[0\]\.taxonomy: the keys in "stuff" are of the taxonomy "materials", not of "rooms"/,
  ],
  [
    'another input type',
    (c) => Object.assign(c.attributes[0], { slug: 'shed-use' }) && c.attributes.splice(1, 1),
    '"input_type": "MULTISELECT"',
    /attributes\[0\]\.input_type: shed-use is DROPDOWN in the shop, not MULTISELECT/,
  ],
  [
    'a product type that the contract does not list',
    (c) => Object.assign(c, { product_types: ['gift'] }),
    '"product_types": [',
    /product_types: pages name products of the type "tool"/,
  ],
])('check names the line of %s', async (_, change, text, message) => {
  await call('contract init --desired catalog.json');
  edit(change);
  const { stdout } = await call(`contract check --desired catalog.json --contract ${FILE}`, 1);
  expect(stdout).toMatch(message);
  const [before = ''] = stdout.slice(0, stdout.search(message)).split('\n').slice(-1);
  expect(before).toBe(`${FILE}:${lineOf(text)}: error: `);
});

test('a contract of the wrong form names line, member and what is allowed', async () => {
  at.write(
    FILE,
    '{\n  "format": "sailplan-contract",\n  "format_version": "1.0",\n  "name": "x",\n  "naming": "kye",\n  "product_types": ["tool"],\n  "attributes": [],\n  "metadata": [\n    { "key": "a", "type": "text", "source": "b", "tempalte": "x" }\n  ]\n}\n',
  );
  const { stderr } = await call(`plan --desired catalog.json --contract ${FILE}`, 1);
  expect(stderr).toContain(
    'line 5, naming: must be one of key, external_reference, not "kye". Did you mean key?',
  );
  expect(stderr).toContain(
    'line 9, metadata[0]: there is no member "tempalte". Did you mean template? Allowed: among, key,',
  );
  expect(stderr).toContain('sailplan contract print');
});

test('a source without a page proposes nothing, and an unusual name never makes an invalid contract', async () => {
  const document = shedExport();
  at.write('catalog.json', JSON.stringify({ ...document, offerings: [] }));
  expect((await call('contract init --desired catalog.json', 1)).stderr).toContain('no offering page');
  const odd = { ['x'.repeat(300)]: 'a', constructor: true, '\u001b[31m': 'b', größe: ['oak'] };
  const offerings = document.offerings.map((page) => ({ ...page, ...odd }));
  at.write('catalog.json', JSON.stringify({ ...document, offerings }));
  const { stdout } = await call('contract init --desired catalog.json');
  expect(stdout).not.toContain('\u001b');
  await call(`contract check --desired catalog.json --contract ${FILE}`);
});

test('without a config the contract that init left here is the one in use', async () => {
  await call('contract init --desired catalog.json');
  const { stdout } = await call('contract check --desired catalog.json');
  expect(stdout).toContain(`${FILE}: 4 attributes`);
  const next = /^ {2}sailplan (doctor .*)$/m.exec(stdout)?.[1] ?? '';
  expect(next).toBe(`doctor --desired catalog.json --contract ${FILE}`);
  await call(next);
  expect((await call('contract print')).stdout).toBe(at.read(FILE));
});

test('a fix of the built-in contract says how to get a copy that can be changed, and that command works as printed', async () => {
  const { stdout } = await call('contract check --desired catalog.json', 1);
  expect(stdout).toContain('gtm-v1 (built in):');
  const fixes = stdout.split('\n').filter((line) => line.startsWith('    '));
  for (const fix of fixes)
    expect(fix).toContain('The built-in contract cannot be changed: write a copy with');
  const copy = /`(sailplan contract print > \S+)`/.exec(stdout)?.[1] ?? '';
  const made = await at.shell(copy.replace('sailplan', '$SAILPLAN'), { env: shopEnv(sandbox) });
  expect(made.code).toBe(0);
  const own = await call(`contract check --desired catalog.json --contract ${FILE}`, 1);
  expect(own.stdout).not.toContain('built-in');
});

test('contract print > sailplan.contract.json: the empty file that the shell created counts as none', async () => {
  at.write(FILE, '');
  expect((await call('contract print')).stdout).toContain('"name": "gtm-v1"');
});

test('print gives the built-in contract, which is taken as it is', async () => {
  const { stdout } = await call('contract print');
  at.write(FILE, stdout);
  expect(JSON.parse(stdout).name).toBe('gtm-v1');
  const { stdout: own } = await call(`contract print --contract ${FILE}`);
  expect(own).toBe(stdout);
});

test('in a shop without anything every field becomes a new attribute or key', async () => {
  const empty = await startSandbox({ seed: emptyShop() });
  try {
    const run = await at.call(['contract', 'init', '--desired', 'catalog.json'], { env: shopEnv(empty) });
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('5 attributes, 3 metadata keys')]);
    expect(at.json(FILE).gaps).toBeUndefined();
    expect(at.json(FILE).product_types).toEqual(['offering']);
  } finally {
    await empty.close();
  }
});
