import { expect, test } from '@jest/globals';
import { createProgress } from '../../../src/cli/progress-line.ts';

function progressOn(stream: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  let nowMs = 0;
  const line = createProgress({ ...stream, write: (text) => written.push(text) }, () => nowMs);
  const showAt = (atMs: number, text: string) => {
    nowMs = atMs;
    line.show(text);
  };
  return { written, showAt, clear: line.clear };
}
const ERASE = '\r\u001b[2K';

test('a terminal shows one line that is overwritten ten times a second at most, and cut to the width', () => {
  const { written, showAt, clear } = progressOn({ isTTY: true, columns: 10 });
  showAt(0, '1 of 900');
  showAt(99, '2 of 900');
  showAt(100, '300 of 900 products');
  clear();
  clear();
  expect(written).toEqual([`${ERASE}1 of 900`, `${ERASE}300 of 9…`, ERASE]);
});

test('without a terminal a plain line is written every ten seconds, the first after ten seconds', () => {
  const { written, showAt, clear } = progressOn({});
  for (const atMs of [0, 9_999, 10_000, 19_999, 20_000]) showAt(atMs, `after ${atMs} ms`);
  clear();
  expect(written).toEqual(['after 10000 ms\n', 'after 20000 ms\n']);
});
