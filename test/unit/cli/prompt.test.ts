import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openTerminal } from '../../../src/cli/prompt.ts';

/** The questions of `init`, `approve` and `sync`; a real terminal is tried in terminal.shells.ts. */
function desk() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  return { input, terminal: openTerminal(input, output, () => undefined), shown: () => shown };
}

test('each question gets its line, also of lines that were typed before they were asked for', async () => {
  const { input, terminal, shown } = desk();
  input.write('first\n  second  \nthird\n');
  expect(await terminal.ask('One? ')).toBe('first');
  expect([await terminal.ask('Two? '), await terminal.ask('Three? ')]).toEqual(['second', 'third']);
  const waiting = terminal.ask('Four? ');
  input.write('\n');
  expect(await waiting).toBe('');
  for (const question of ['One? ', 'Two? ', 'Three? ', 'Four? ']) expect(shown()).toContain(question);
  terminal.close();
});

test('a terminal that is closed answers with nothing, now and later', async () => {
  const { input, terminal } = desk();
  const waiting = terminal.ask('One? ');
  input.end();
  expect([await waiting, await terminal.ask('Two? ')]).toEqual(['', '']);
  terminal.close();
});
