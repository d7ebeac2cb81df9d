import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/sandbox/server/server.ts';
import {
  type AnyDocument,
  createWorkspace,
  EXPORT,
  removeWorkspaces,
  shopEnv,
  singleErrorOf,
  type Workspace,
} from '../support/workspace.ts';

/** Every flag of docs/sync.md, alone and with each other one: what it means holds in both. */

jest.setTimeout(120_000);
let still: Sandbox;
beforeAll(async () => {
  still = await startSandbox();
});
afterAll(async () => {
  removeWorkspaces();
  expect(still.log.counts.mutations).toBe(0);
  await still.close();
});

const SLUGS = ['offering-001', 'offering-002', 'offering-031'];
const kindsIn = ({ outcomes }: AnyDocument): ReadonlySet<string> =>
  new Set(outcomes.map(({ ref }: AnyDocument) => ref.split('.')[0]));
const productsIn = ({ updated_products: rows }: AnyDocument): readonly string[] =>
  rows.map(({ slug }: AnyDocument) => slug);

interface Flag {
  readonly words: readonly string[];
  /** What its report and exit code must be, with whatever other flag. */
  readonly holds: (report: AnyDocument, code: number | null, at: Workspace, all: ReadonlySet<string>) => void;
}

const FLAGS: Readonly<Record<string, Flag>> = {
  '--dry-run': {
    words: ['--dry-run'],
    holds: (report, _, at) => {
      expect(report.mode).toBe('dry_run');
      expect(report.outcomes.every(({ outcome }: AnyDocument) => outcome === 'planned')).toBe(true);
      expect(at.files().filter((name) => name !== 'report.json')).toEqual([]);
    },
  },
  '--strict': {
    words: ['--strict'],
    // The recorded shop lacks values: with nothing created, something is always wrong or different.
    holds: (report, code) => {
      expect(report.created_attribute_values).toEqual([]);
      expect([1, 2]).toContain(code);
      expect(code).toBe(report.outcomes.length > 0 ? 2 : 1);
    },
  },
  '--create-missing': {
    words: ['--create-missing'],
    holds: (report) => {
      expect(report.created_attribute_values.length).toBeGreaterThan(0);
      expect(report.missing_taxonomies.filter(({ kind }: AnyDocument) => kind === 'value_missing')).toEqual(
        expect.arrayContaining([expect.objectContaining({ will_create: true })]),
      );
    },
  },
  '--sync-attributes': {
    words: ['--sync-attributes'],
    holds: (report, _, __, all) => {
      // Strict: what is not assigned is an error, and nothing is assigned.
      expect(kindsIn(report).has('assignment')).toBe(!all.has('--strict'));
      if (!all.has('--sync-products')) expect(report.updated_products).toEqual([]);
    },
  },
  '--sync-products': {
    words: ['--sync-products'],
    holds: (report, _, __, all) => {
      // Without the values that Saleor lacks nearly every product of the recorded shop is skipped, and listed.
      if (all.has('--create-missing')) expect(report.updated_products.length).toBeGreaterThan(0);
      else expect(report.errors.length).toBeGreaterThan(0);
      if (!all.has('--sync-attributes')) expect(kindsIn(report).has('assignment')).toBe(false);
    },
  },
  '--limit': {
    words: ['--limit', '8'],
    holds: (report) => expect(report.updated_products.length).toBeLessThanOrEqual(8),
  },
  '--only-slugs': {
    words: ['--only-slugs', SLUGS.join(',')],
    holds: (report) => {
      for (const slug of productsIn(report)) expect(SLUGS).toContain(slug);
    },
  },
  '--report-path': {
    words: ['--report-path', 'report.json'],
    holds: (report, _, at) => expect(at.json('report.json')).toEqual(report),
  },
};

async function run(names: readonly string[]): Promise<void> {
  const at = createWorkspace();
  const words = names.flatMap((name) => FLAGS[name]?.words ?? []);
  const call = await at.call(['--desired', EXPORT, '--json', ...words], { env: shopEnv(still), bin: 'sync' });
  const all = new Set(names);
  if (all.has('--strict') && all.has('--create-missing')) {
    const { stdout, stderr } = call;
    expect([call.code, singleErrorOf({ stdout: '', stderr })]).toEqual([
      1,
      expect.stringContaining('cannot be combined'),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1, errors: [{ code: 'usage' }] });
    expect(at.files()).toEqual([]);
    return;
  }
  if (!all.has('--strict'))
    expect([names, call.code, call.stderr.match(/^sync.*/)]).toEqual([names, 0, null]);
  const report = JSON.parse(call.stdout);
  for (const name of names) FLAGS[name]?.holds(report, call.code, at, all);
  if (!all.has('--create-missing')) expect(report.created_attribute_values).toEqual([]);
  // None of the two step flags means both steps.
  if (!all.has('--sync-attributes') && !all.has('--sync-products') && !all.has('--strict'))
    expect(kindsIn(report).has('assignment')).toBe(true);
}

const names = Object.keys(FLAGS);
test.each(names)('%s', (name) => run([name]));
test.each(
  names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const)),
)('%s with %s', (one, other) => run([one, other]));

describe('docs/sync.md', () => {
  test('has a row for each line of the specification, and each row names a test that there is', () => {
    const rows = readFileSync('docs/sync.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| §/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    const tests = ['sync-flags', 'sync', 'sync-channel', 'acceptance-on-sandbox'].map((name) =>
      readFileSync(`test/scenarios/${name}.test.ts`, 'utf8'),
    );
    for (const [, line, flag, , named = ''] of rows) {
      const title = /`([^`]+)`$/.exec(named)?.[1] ?? '';
      const isThere = title in FLAGS || tests.some((text) => text.includes(title));
      expect([line, flag, title, isThere]).toEqual([line, flag, title, true]);
    }
    for (const name of [...names, '--no-dry-run', '--plan', 'SALEOR_CHANNEL_SLUG'])
      expect(rows.some((row) => row.join(' ').includes(name))).toBe(true);
  });
});
