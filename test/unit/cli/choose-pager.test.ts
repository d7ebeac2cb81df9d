import { expect, test } from '@jest/globals';
import { pagerOf } from '../../../src/cli/choose-pager.ts';
import type { InputStream, OutputStream } from '../../../src/cli/process-port.ts';
import { pageText } from '../../../src/platform/pager.ts';

const on = (isTTY: boolean): InputStream & OutputStream =>
  Object.assign(Object.create(process.stdout), { isTTY });
const chosen = (env: Record<string, string>, isInput = true, isOutput = true): string | null =>
  pagerOf({ stdin: on(isInput), stdout: on(isOutput), env });

test('the pager is chosen as git does: SAILPLAN_PAGER, PAGER, else less', () => {
  expect(chosen({ SAILPLAN_PAGER: 'bat', PAGER: 'more' })).toBe('bat');
  expect(chosen({ PAGER: 'more' })).toBe('more');
  expect(chosen({})).toContain('less');
});

test('no pager: switched off, TERM=dumb, or no terminal on one side', () => {
  for (const env of [
    { PAGER: 'cat' },
    { PAGER: '' },
    { SAILPLAN_PAGER: '', PAGER: 'more' },
    { TERM: 'dumb' },
  ])
    expect(chosen(env)).toBeNull();
  expect(chosen({}, false)).toBeNull();
  expect(chosen({}, true, false)).toBeNull();
});

test('where less is not installed, the text is not shown, so that the caller prints it', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    expect(await pageText('text\n', chosen({}) ?? '')).toBe(false);
  } finally {
    process.env['PATH'] = path;
  }
});
