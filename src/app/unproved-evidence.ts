import type { Notice } from '../plan/report.ts';

/** Something in a plan's folder that says what an apply did, and that no holder of the app's token wrote. */
export const unprovedNotice = (path: string): Notice => ({
  code: 'evidence_unproved',
  ref: 'run',
  message: `${path} is ignored: it was not written with this app's token`,
  hint: 'The token may have changed, or somebody else wrote the file. Only the shop decides what was applied.',
});
