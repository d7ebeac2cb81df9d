import type { Notice } from '../plan/report.ts';

/** Evidence of an apply in a plan's folder that was not written with the app's token. */
export const unprovedNotice = (path: string): Notice => ({
  code: 'evidence_unproved',
  ref: 'run',
  message: `${path} is ignored: it was not written with this app's token`,
  hint: 'The token may have changed, or somebody else wrote the file. Only the shop decides what was applied.',
});
