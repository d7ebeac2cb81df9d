import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server/server.ts';
import { type Scale, shopOf, siteOf } from '../support/scaled-catalogue.ts';
import { createWorkspace, finalReport, removeWorkspaces, type Workspace } from '../support/workspace.ts';

jest.setTimeout(120_000);
let sandbox: Sandbox;
afterEach(async () => {
  await sandbox?.close();
  removeWorkspaces();
});

interface Scene {
  readonly at: Workspace;
  sailplan(...words: readonly string[]): ReturnType<Workspace['call']>;
  /** Requests, queries and mutations of what `action` makes. */
  counted<T>(
    action: () => Promise<T>,
  ): Promise<{ result: T; requests: number; queries: number; mutations: number }>;
}

async function open(scale: Scale, options: SandboxOptions = {}): Promise<Scene> {
  sandbox = await startSandbox({ seed: shopOf(scale), ...options });
  const at = createWorkspace();
  at.write('catalog.json', JSON.stringify(siteOf(scale)));
  const env = { SALEOR_API_URL: sandbox.url, SALEOR_TOKEN: sandbox.tokens.full };
  return {
    at,
    // Waiting out five attempts of each of a wave's requests takes what chance wants.
    sailplan: (...words) => at.call(words, { env, timeoutMs: 60_000 }),
    counted: async (action) => {
      const before = { ...sandbox.log.counts };
      const result = await action();
      const { requests, queries, mutations } = sandbox.log.counts;
      return {
        result,
        requests: requests - before.requests,
        queries: queries - before.queries,
        mutations: mutations - before.mutations,
      };
    },
  };
}

const PLAN = [
  'plan',
  '--desired',
  'catalog.json',
  '--create-missing',
  '--sync-attributes',
  '--sync-products',
  '--json',
];

async function planned(scene: Scene): Promise<string> {
  const { code, stdout, stderr } = await scene.sailplan(...PLAN);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const { id } = JSON.parse(stdout);
  expect((await scene.sailplan('approve', id, '--as', 'ada@example.com', '--yes')).code).toBe(0);
  return id;
}

const isMutationOf = (name: string) => (one: { readonly name: string }) => one.name === name;

describe('302 products, 60 of them changed, 20 values and 20 assignments missing', () => {
  const scale: Scale = { products: 302, changed: 60, terms: 5, newTerms: 2, unassigned: 10 };

  test('a complete read is six requests; an apply stays within its budget', async () => {
    const scene = await open(scale);
    const read = await scene.counted(() => scene.sailplan(...PLAN));
    expect(read.requests).toBeLessThanOrEqual(6);
    expect(JSON.parse(read.result.stdout).summary.by_kind).toMatchObject({
      value: { create: 20 },
      assignment: { create: 20 },
      product: { update: 60 },
    });
    const id = await planned(scene);
    const { result, ...counts } = await scene.counted(() =>
      scene.sailplan('apply', id, '--no-policy', '--json'),
    );
    expect(finalReport(result.stdout)).toMatchObject({ converged: true, totals: { applied: 100 } });
    const of = (name: string) => sandbox.log.mutations.filter(isMutationOf(name)).length;
    expect({
      products: of('productUpdate'),
      values: of('attributeBulkUpdate'),
      assignments: of('productAttributeAssign'),
    }).toEqual({
      products: 60,
      values: 1,
      assignments: 2,
    });
    // 15 for the products, 2 for values and assignments, 2 for lease and mark.
    expect(counts.mutations).toBeLessThanOrEqual(15 + 2 + 2);
    // Who we are, what is there, again for the wave if that took long, what became of it; and the mark.
    expect(counts.queries).toBeLessThanOrEqual(1 + 2 + 1 + 1);
    expect((await scene.sailplan(...PLAN)).stdout).toContain('"plan": null');
  });

  test('what a human writes into unmanaged fields between plan and write stays', async () => {
    const scene = await open(scale);
    const id = await planned(scene);
    let isDone = false;
    sandbox.intercept = ({ kind }) => {
      if (kind === 'mutation' && !isDone) {
        isDone = true;
        for (const product of ['offering-00000', 'offering-00059']) {
          sandbox.edit.renameProduct(product, 'A human named it');
          sandbox.edit.setMetadata(product, 'human_note', 'a human wrote it');
        }
      }
      return undefined;
    };
    expect((await scene.sailplan('apply', id, '--no-policy')).code).toBe(0);
    for (const product of ['offering-00000', 'offering-00059']) {
      const { name, metadata } = sandbox.edit.product(product);
      expect({ name, note: metadata.get('human_note'), tagline: metadata.get('outcome_tagline') }).toEqual({
        name: 'A human named it',
        note: 'a human wrote it',
        tagline: 'Done for you, and for your team',
      });
    }
  });
});

test('an apply asks at one time who it is and what the app noted', async () => {
  const scene = await open({ products: 2, changed: 1, terms: 2, newTerms: 0, unassigned: 0 });
  const id = await planned(scene);
  let isMarkThere = false;
  let isTogether = false;
  sandbox.intercept = async ({ query }) => {
    isMarkThere ||= query.startsWith('query Mark');
    if (!query.startsWith('query Preflight')) return undefined;
    for (let tick = 0; tick < 300 && !isMarkThere; tick += 1) await new Promise((go) => setTimeout(go, 10));
    isTogether = isMarkThere;
    return undefined;
  };
  expect((await scene.sailplan('apply', id, '--no-policy')).code).toBe(0);
  expect(isTogether).toBe(true);
});

describe('large', () => {
  test('1,500 values of an attribute and 5,000 products: plan, apply, empty plan', async () => {
    const scale: Scale = {
      products: 5_000,
      changed: 200,
      terms: 10,
      capabilities: 1_500,
      newTerms: 10,
      unassigned: 0,
    };
    const scene = await open(scale);
    const read = await scene.counted(() => planned(scene));
    // Who we are; structure with the first page of everything; 14 pages of one attribute; 49 pages of products; products of
    // the contract’s types, which pages may not name.
    expect(read.requests).toBeLessThanOrEqual(1 + 1 + 14 + 49 + 1);
    const { result, ...counts } = await scene.counted(() =>
      scene.sailplan('apply', read.result, '--no-policy', '--json'),
    );
    expect(finalReport(result.stdout)).toMatchObject({ converged: true, totals: { applied: 100 + 200 } });
    expect(counts.mutations).toBeLessThanOrEqual(50 + 2 + 2);
    expect((await scene.sailplan(...PLAN)).stdout).toContain('"plan": null');
  });
});

describe('a storm of 429', () => {
  const scale: Scale = { products: 20, changed: 20, terms: 5, newTerms: 1, unassigned: 0 };
  const storm = (share: number) => {
    let seen = 0;
    return () => {
      seen += 1;
      if (Math.floor(seen * share) === Math.floor((seen - 1) * share)) return undefined;
      return {
        kind: 'reply' as const,
        status: 429,
        body: 'slow down',
        contentType: 'text/plain',
        headers: { 'retry-after': '0' },
      };
    };
  };

  test('that passes ends in success', async () => {
    const scene = await open(scale);
    const id = await planned(scene);
    sandbox.intercept = storm(0.4);
    const { code, stdout } = await scene.sailplan('apply', id, '--no-policy', '--json');
    expect({ code, converged: finalReport(stdout).converged }).toEqual({ code: 0, converged: true });
  });

  test('that does not pass ends in exit 5 with a report, and the same plan resumes', async () => {
    const scene = await open(scale);
    const id = await planned(scene);
    let mutations = 0;
    sandbox.intercept = (request) => {
      if (request.kind === 'mutation') mutations += 1;
      return mutations > 3 ? storm(1)() : undefined;
    };
    const { code, stdout } = await scene.sailplan('apply', id, '--no-policy', '--json');
    expect(code).toBe(5);
    const { totals, errors } = finalReport(stdout);
    expect(totals.applied + totals.unknown).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).toContain('429');
    sandbox.intercept = undefined;
    const again = await scene.sailplan('apply', id, '--no-policy', '--json');
    expect({ code: again.code, converged: finalReport(again.stdout).converged }).toEqual({
      code: 0,
      converged: true,
    });
    expect((await scene.sailplan(...PLAN)).stdout).toContain('"plan": null');
  });
});
