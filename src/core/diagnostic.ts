import type { JsonObject } from './json/canonical-json.ts';

/** error: the resource and what needs it are left out · warning: told, blocks nothing · note: held back on request */
export type Severity = 'error' | 'warning' | 'note';

/**
 * Something about one resource that a person should know. Words are rendered from `code` and `data`
 * (plan/messages.ts), so that a better sentence does not change a plan's digest.
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly ref: string;
  readonly data: JsonObject;
}
