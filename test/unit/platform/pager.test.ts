import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pageText } from '../../../src/platform/pager.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailplan-pager-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('gives the pager the text and no secret', async () => {
  process.env['SALEOR_TOKEN'] = 'secret-of-the-shop';
  const [seen, env] = [join(folder, 'seen'), join(folder, 'env')];
  expect(await pageText('a long text\n', `cat > ${seen}; env > ${env}`)).toBe(true);
  delete process.env['SALEOR_TOKEN'];
  expect(readFileSync(seen, 'utf8')).toBe('a long text\n');
  expect(readFileSync(env, 'utf8')).toContain('LESS=FRX');
  expect(readFileSync(env, 'utf8')).not.toContain('secret-of-the-shop');
});

test('a reader who quits early has seen enough; a pager that does not exist shows nothing', async () => {
  expect(await pageText('line\n'.repeat(100_000), 'head -1 > /dev/null')).toBe(true);
  expect(await pageText('text', 'no-such-pager-here 2> /dev/null')).toBe(false);
});
