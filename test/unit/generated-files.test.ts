import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
// @ts-expect-error a script without types
import { generate } from '../../scripts/generate.mjs';

test('what is generated and committed comes out the same when it is generated again', async () => {
  const files = (await generate()) as Map<string, string>;
  expect(files.size).toBeGreaterThan(5);
  for (const [path, text] of files)
    expect({ path, text: readFileSync(path, 'utf8') }).toEqual({ path, text });
}, 60_000);
