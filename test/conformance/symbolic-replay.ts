import { readFileSync } from 'node:fs';
import type { Sandbox } from '../../src/sandbox/server/server.ts';
import { difference } from './json-difference.ts';

/**
 * A request to a real 3.23.28 with its answer, recorded to check the sandbox. In the answer ids are `#label` (or `ID`
 * where no later request needs them), values of booleans `N_true`, times `TIME`.
 */
export interface SymbolicExchange {
  readonly as: string;
  readonly request: { readonly query: string; readonly variables: object };
  /** Label → path of its id in the answer. */
  readonly save?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly response: unknown;
}

export type Ids = Map<string, string>;

export const SYMBOLIC_RECORDINGS = ['18-writes', '19-reads', '20-shapes', '21-storefront'] as const;

export function symbolicExchangesOf(recording: string): readonly SymbolicExchange[] {
  const url = new URL(`../recordings/sandbox/${recording}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

const MISSING = 'MISSING';

const fillIds = (text: string, ids: Ids): string =>
  text.replace(/\$\{(\w+)\}/g, (_, label: string) => ids.get(label) ?? MISSING);

function saveIds(json: unknown, save: SymbolicExchange['save'], ids: Ids): void {
  for (const [label, path] of Object.entries(save ?? {})) {
    const id = path
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], json);
    if (typeof id === 'string') ids.set(label, id);
  }
}

function toSymbolic(text: string, ids: Ids): string {
  const labelled = Array.from(ids).reduce((out, [label, id]) => out.replaceAll(id, `#${label}`), text);
  return labelled
    .replace(/"\d+_(true|false)"/g, '"N_$1"')
    .replace(/"(QXR0cmlidXRl|UHJvZHVjd)[A-Za-z0-9]*=*"/g, '"ID"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, 'TIME');
}

export async function replaySymbolic(
  sandbox: Sandbox,
  exchange: SymbolicExchange,
  ids: Ids,
): Promise<string | null> {
  const tokens: Readonly<Record<string, string>> = { ...sandbox.tokens };
  const token = tokens[exchange.as];
  const response = await fetch(sandbox.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({
      query: fillIds(exchange.request.query, ids),
      variables: JSON.parse(fillIds(JSON.stringify(exchange.request.variables), ids)),
    }),
  });
  const text = await response.text();
  if (response.status !== exchange.status)
    return `status: recorded ${exchange.status}, got ${response.status}`;
  saveIds(JSON.parse(text), exchange.save, ids);
  return difference(exchange.response, JSON.parse(toSymbolic(text, ids)));
}
