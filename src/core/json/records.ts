import type { JsonObject } from './canonical-json.ts';

/** Whether a value is a JSON object: no list, not null. */
export const isRecord = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
