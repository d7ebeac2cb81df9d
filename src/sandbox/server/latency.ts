import type { RequestShape } from './request-log.ts';

export interface Latency {
  /** 1: the measured speed. 0.1: ten times as fast. */
  readonly scale: number;
  /** Requests executed at a time; others wait. The measured Saleor had two workers. */
  readonly workers: number;
}

export const measuredLatency: Latency = { scale: 1, workers: 2 };

/** Time between reading a product's row and writing it back, without the time for its attributes. */
export const REWRITE_MS = 40;

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Medians of docs/saleor.md#performance in milliseconds, without the base cost of a request. */
function mutationMs(name: string, args: Readonly<Record<string, unknown>>): number {
  const input = (args['input'] ?? {}) as Readonly<Record<string, unknown>>;
  switch (name) {
    case 'productUpdate':
      return 5.5 * lengthOf(input['attributes']);
    case 'updateMetadata':
    case 'deleteMetadata':
      return 25;
    case 'attributeBulkUpdate':
      return 80 + 1.1 * lengthOf(args['attributes']);
    case 'attributeUpdate':
      return 30 + 6.3 * lengthOf(input['addValues']);
    default:
      return 35;
  }
}

/** How long a real Saleor works on a request, in milliseconds at scale 1. */
export function serviceMs(shape: RequestShape, query: string): number {
  const base = 18;
  if (shape.kind === 'mutation')
    return base + shape.fields.reduce((sum, f) => sum + mutationMs(f.name, f.args), 0);
  return shape.fields.reduce((sum, { name, args }) => {
    const size = Number(args['first'] ?? args['last'] ?? 1);
    if (name === 'products')
      return sum + size * (/\battributes\b|\bassignedAttributes\b/.test(query) ? 3.3 : 0.2);
    return sum + (name === 'attributes' ? size * 0.7 : 5);
  }, base);
}

/** Runs at most `count` jobs at a time, in order of arrival. */
export function createWorkerQueue(count: number): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (job) => {
    if (busy >= count) await new Promise<void>((start) => waiting.push(start));
    else busy += 1;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}
