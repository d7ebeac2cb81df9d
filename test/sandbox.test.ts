import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts';

const state = JSON.parse(readFileSync(new URL('./recordings/saleor-state.json', import.meta.url), 'utf8'));

async function send(sandbox: Sandbox, token: string, query: string, variables: object = {}) {
  const response = await fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, json: (await response.json()) as { data: never; errors?: unknown } };
}

describe('the recorded shop reads back as it was recorded', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  test('preflight', async () => {
    const { json } = await send(sandbox, sandbox.tokens.two, state.preflight.query);
    const { shop, app } = state.preflight.response.data;
    const domain = { host: new URL(sandbox.url).host };
    expect(json.data).toEqual({ app, shop: { ...shop, domain } });
  });

  test('attributes with their choices, product types', async () => {
    const { json } = await send(sandbox, sandbox.tokens.two, state.attributes.query);
    expect(json).toEqual(state.attributes.response);
  });

  test('all pages of products', async () => {
    for (const { variables, response } of state.products.pages) {
      const { json } = await send(sandbox, sandbox.tokens.two, state.products.query, variables);
      expect(json).toEqual(response);
    }
  });
});
