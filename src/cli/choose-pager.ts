import type { ProcessPort } from './process-port.ts';

/** As git: `less` with LESS=FRX. Exit code 127, as for a command that does not exist, without the shell's message. */
const DEFAULT_PAGER = 'command -v less > /dev/null || exit 127; exec less';

/**
 * Command line of the pager; null for none. As git: SAILPLAN_PAGER, PAGER, else less. Requires a terminal on both sides, because a
 * pager waits for keys.
 */
export function pagerOf({
  stdin,
  stdout,
  env,
}: Pick<ProcessPort, 'stdin' | 'stdout' | 'env'>): string | null {
  if (stdin.isTTY !== true || stdout.isTTY !== true || env['TERM'] === 'dumb') return null;
  const pager = env['SAILPLAN_PAGER'] ?? env['PAGER'] ?? (process.platform === 'win32' ? '' : DEFAULT_PAGER);
  return pager === '' || pager === 'cat' ? null : pager;
}
