/**
 * Something about one resource that a person should know. Texts are rendered from `code` and `data`
 * (plan/diagnostic-messages.ts), so that a better sentence does not change a plan's digest.
 * error: the resource and what needs it are skipped · warning: blocks nothing · note: excluded on request
 */
export type { Diagnostic, Severity } from './generated/desired-state.js';
