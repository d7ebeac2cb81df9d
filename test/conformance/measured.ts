import { readFileSync } from 'node:fs';
import type { Sandbox } from '../../src/sandbox/server/server.ts';
import { difference } from './compare.ts';

/**
 * Recorded to check this sandbox, on a real 3.23.28 with rows of our own: ids stand as `#label` (or `ID` where
 * nobody needs them), values of booleans as `N_true`, times as `TIME`.
 */
export interface Measured {
  readonly as: string;
  readonly request: { readonly query: string; readonly variables: object };
  /** label → where the answer gives its id */
  readonly save?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly response: unknown;
}

export type Ids = Map<string, string>;

export const MEASURED = ['18-writes', '19-reads'] as const;

export function measuredOf(recording: string): readonly Measured[] {
  const url = new URL(`../recordings/sandbox/${recording}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

const MISSING = 'MISSING';

const fill = (text: string, ids: Ids): string =>
  text.replace(/\$\{(\w+)\}/g, (_, label: string) => ids.get(label) ?? MISSING);

function remember(json: unknown, save: Measured['save'], ids: Ids): void {
  for (const [label, path] of Object.entries(save ?? {})) {
    const id = path
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], json);
    if (typeof id === 'string') ids.set(label, id);
  }
}

function symbolic(text: string, ids: Ids): string {
  const labelled = Array.from(ids).reduce((out, [label, id]) => out.replaceAll(id, `#${label}`), text);
  return labelled
    .replace(/"\d+_(true|false)"/g, '"N_$1"')
    .replace(/"(QXR0cmlidXRl|UHJvZHVjd)[A-Za-z0-9]*=*"/g, '"ID"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, 'TIME');
}

export async function replayMeasured(sandbox: Sandbox, exchange: Measured, ids: Ids): Promise<string | null> {
  const tokens: Readonly<Record<string, string>> = { ...sandbox.tokens };
  const token = tokens[exchange.as];
  const response = await fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({
      query: fill(exchange.request.query, ids),
      variables: JSON.parse(fill(JSON.stringify(exchange.request.variables), ids)),
    }),
  });
  const text = await response.text();
  if (response.status !== exchange.status)
    return `status: recorded ${exchange.status}, got ${response.status}`;
  remember(JSON.parse(text), exchange.save, ids);
  return difference(exchange.response, JSON.parse(symbolic(text, ids)));
}
