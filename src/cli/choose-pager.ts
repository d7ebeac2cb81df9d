import type { ProcessPort } from './process-port.ts';

/** Only one that was chosen: a pager that waits for a key would stop a script that runs on a terminal. null: none. */
export function pagerOf({ stdout, env }: ProcessPort): string | null {
  if (stdout.isTTY !== true || env['TERM'] === 'dumb') return null;
  const pager = env['SAILPLAN_PAGER'] ?? env['PAGER'] ?? '';
  return pager === '' || pager === 'cat' ? null : pager;
}
