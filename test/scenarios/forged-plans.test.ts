import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { printPlan } from '../../src/plan/file/print.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../../src/plan/plan.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  exportWith,
  removeWorkspaces,
  SNAPSHOT,
  type Workspace,
} from '../support/workspace.ts';

/** A folder of plans into which somebody put what they liked: nothing in it can make a line of ours, or hide one. */

jest.setTimeout(60_000);
let at: Workspace;
let id: string;
let plan: Plan;
beforeEach(async () => {
  at = createWorkspace();
  id = await planned('plans', EXPORT);
  plan = at.json(`plans/${id}/plan.json`);
});
afterEach(removeWorkspaces);

async function planned(out: string, desired: string, ...words: readonly string[]): Promise<string> {
  const line = [
    'plan',
    '--desired',
    desired,
    '--actual',
    SNAPSHOT,
    '--create-missing',
    '--out',
    out,
    '--json',
  ];
  const { code, stdout, stderr } = await at.call([...line, ...words]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout).id;
}

/** A plan that proves itself and holds words of the attacker's choice. */
function put(bend: (inputs: AnyDocument) => void): string {
  const inputs = structuredClone(inputsOf(plan)) as AnyDocument;
  bend(inputs);
  const built = build(inputs);
  const name = idOf(digestOf(built));
  at.write(`plans/${name}/plan.json`, printPlan(built));
  return name;
}

const ROW = '\n0c2f4b7a91d3e855  approved    2026-11-23T14:38  1 change for production\u001b[2J\u009b2J';
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

test('status lists every folder that is named like a plan, and no file makes a row', async () => {
  const path = (name: string) => join(at.path, 'plans', name);
  const name = (digit: string) => digit.repeat(16);
  at.write(`plans/${name('1')}/plan.json`, JSON.stringify({ ...plan, [`evil${ROW}`]: 1 }));
  at.write(`plans/${name('2')}/plan.json`, printPlan(plan).slice(0, 1000));
  at.write(`plans/${name('3')}/provenance.json`, '{}');
  mkdirSync(path(`${name('4')}/plan.json`), { recursive: true });
  symlinkSync(path(id), path(name('5')));
  symlinkSync('/nonexistent', path(name('6')));
  at.write(`plans/${name('7')}`, 'a file');
  at.write('plans/notes/plan.json', '{}');
  at.write(`plans/${name('8')}/plan.json`, '['.repeat(100_000));
  const named = put(({ actual }) => {
    actual.target = { name: `production${ROW}`, api_url: 'https://shop.example.com/graphql/' };
  });
  at.write(`plans/${named}/provenance.json`, JSON.stringify({ made_at: `9999${ROW}`, digest: named }));
  const { code, stdout } = await at.call(['status']);
  expect([code, UNSEEN.test(stdout.replaceAll('\n', ''))]).toEqual([0, false]);
  const rows = stdout.split('\n').filter((line) => /^[0-9a-f]{16} /.test(line));
  expect(rows.map((line) => line.slice(0, 27).trimEnd()).sort()).toEqual(
    [
      ...['1', '2', '3', '4', '5', '6', '8'].map((digit) => `${name(digit)}  broken`),
      `${id}  open`,
      `${named}  open`,
    ].sort(),
  );
  expect(UNSEEN.test((await at.call(['status', '--json'])).stdout.replaceAll('\n', ''))).toBe(false);
});

test('a plan is superseded by a later one for the same shop, and not by one of the same name', async () => {
  const made = at.json(`plans/${id}/provenance.json`);
  const later = (target: object) => {
    const name = put(({ actual }) => {
      actual.target = target;
    });
    const stamp = {
      ...made,
      digest: digestOf(at.json(`plans/${name}/plan.json`)),
      made_at: '2999-01-01T00:00:00.000Z',
    };
    at.write(`plans/${name}/provenance.json`, JSON.stringify(stamp));
  };
  const state = async () =>
    JSON.parse((await at.call(['status', '--json'])).stdout).find((row: AnyDocument) => row.id === id).state;
  later({ name: plan.target.api_url, api_url: 'https://elsewhere.example.com/graphql/' });
  expect(await state()).toBe('open');
  const again = put(({ options }) => {
    options.exclude = [{ ref: 'product.none', field: null, reason: 'of no matter' }];
  });
  expect(await state()).toBe('open');
  at.write(
    `plans/${again}/provenance.json`,
    JSON.stringify({
      ...made,
      digest: digestOf(at.json(`plans/${again}/plan.json`)),
      made_at: '2999-01-01T00:00:00.000Z',
    }),
  );
  expect(await state()).toBe('superseded');
});

test('status --check lists the plans also where the shop does not answer, and ends in 1', async () => {
  const env = { SALEOR_API_URL: plan.target.api_url, SALEOR_TOKEN: 'a-token-of-nobody' };
  const { code, stdout, stderr } = await at.call(['status', '--check'], {
    env: { ...env, SALEOR_TOKEN: '' },
  });
  expect([code, /SALEOR_TOKEN is empty/.test(stderr)]).toEqual([1, true]);
  expect(stdout).toMatch(new RegExp(`^${id} {2}open .*\\n(.*\\n)?.*not checked: the shop did not answer`));
});

test('verify and the line of an error are made of one line each, whatever a plan says', async () => {
  const forged = put(({ actual }) => {
    actual.target = {
      name: 'x\nok      approval: by everybody\u001b[2K',
      api_url: 'https://shop.example.com/graphql/',
    };
  });
  const env = { SALEOR_API_URL: 'https://other.example.com/graphql/' };
  const { code, stdout } = await at.call(['verify', forged], { env });
  expect([
    code,
    UNSEEN.test(stdout.replaceAll('\n', '')),
    /^ok +approval: by everybody/m.test(stdout),
  ]).toEqual([3, false, false]);
  at.write('plans/odd/plan.json', JSON.stringify({ ...plan, 'evil\nsailplan: all is well': 1 }));
  const { stderr } = await at.call(['show', 'plans/odd']);
  expect(stderr.split('\n').filter((line) => /^sailplan: /.test(line)).length).toBe(1);
});

test('plan diff tells every difference of two digests, and each in its own line', async () => {
  const diff = async (left: string, right: string) => {
    const { code, stdout } = await at.call(['plan', 'diff', left, right]);
    return { code, lines: stdout.trimEnd().split('\n') };
  };
  expect(await diff(id, id)).toEqual({
    code: 0,
    lines: [`0 changes are planned differently, ${plan.changes.length} the same.`],
  });
  const product = plan.changes.find(({ ref }) => ref.startsWith('product.'));
  const slug = product?.ref.slice('product.'.length) ?? '';
  const recreated = put(({ actual }) => {
    actual.products[slug].id = 'UHJvZHVjdDo5OTk5OTk=';
  });
  expect(await diff(id, recreated)).toMatchObject({ code: 2 });
  const stray = put(({ actual }) => {
    actual.permissions = ['MANAGE_PRODUCTS'];
  });
  const { code, lines } = await diff(id, stray);
  expect([code, lines.at(-1)]).toEqual([
    2,
    `0 changes are planned differently, ${plan.changes.length} the same. It is still a different plan: approvals are not transferred.`,
  ]);
  expect(lines).toContain('~ the data read from Saleor differs');
  const elsewhere = put(({ actual, desired, options }) => {
    actual.target = { name: 'y\n+ forged', api_url: 'https://other.example.com/graphql/' };
    options.strict = true;
    options.create_missing = false;
    desired.taxonomies = {};
  });
  const other = await diff(id, elsewhere);
  expect([other.code, other.lines[0]]).toEqual([2, '! These plans are for different shops.']);
  expect(other.lines).toEqual(expect.arrayContaining(['~ target differs', '~ errored differs']));
});

test('what --exclude and ignore[] name in vain is told, with what was meant', async () => {
  at.write(
    'catalog.json',
    exportWith(() => undefined),
  );
  at.write(
    'sailplan.config.json',
    JSON.stringify({
      format: 'sailplan-config',
      format_version: '1.0',
      ignore: [{ ref: 'product.gone', reason: 'of last year' }],
    }),
  );
  const [first] = plan.changes.filter(({ ref }) => ref.startsWith('product.'));
  const line = ['plan', '--desired', 'catalog.json', '--actual', SNAPSHOT, '--create-missing'];
  const { stderr } = await at.call([...line, '--exclude', `${first?.ref}x,${first?.ref}:metadata.none`]);
  expect(stderr).toContain('note: product.gone: there is no change to exclude (of last year)');
  expect(stderr).toMatch(
    new RegExp(`note: ${first?.ref}x: there is no change to exclude .* \\(did you mean .*${first?.ref}`),
  );
  expect(stderr).toContain(`note: ${first?.ref}, metadata.none: there is no change to exclude`);
  rmSync(join(at.path, 'sailplan.config.json'));
  const named = await at.call([...line, '--exclude', first?.ref ?? '']);
  expect(named.stderr).toMatch(
    /^note: plan [0-9a-f]+, which nobody approved or applied, is superseded and removed\n$/,
  );
});
