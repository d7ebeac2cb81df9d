import { spawn } from 'node:child_process';
import { keptVariables } from './child-environment.ts';

/** What a terminal program and `less` or `more` read. */
const TERMINAL = ['TERM', 'COLORTERM', 'TERMINFO', 'LINES', 'COLUMNS', 'LANG', 'LC_ALL', 'LC_CTYPE'];
const PAGERS = [
  'LESS',
  'LESSCHARSET',
  'LESSOPEN',
  'LESSKEY',
  'MORE',
  'LV',
  'BAT_THEME',
  'BAT_STYLE',
  'BAT_PAGER',
];
/** As git: end where all fits on one screen, show colours, leave the text on the screen. */
const LESS = 'FRX';

/**
 * Shows a text through a pager, which is a command line for the shell. Returns false where the pager cannot be started or
 * fails; the caller then prints the text itself.
 */
export function pageText(text: string, pager: string): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { LESS, LV: '-c', ...keptVariables([...TERMINAL, ...PAGERS]) };
    const child = spawn(pager, { shell: true, env, stdio: ['pipe', 'inherit', 'inherit'] });
    // A reader who quits has seen enough.
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve(false));
    // 127: the shell found no such command; 126: it could not run it.
    child.on('close', (code) => resolve(code !== 127 && code !== 126));
    child.stdin.end(text);
  });
}
