import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** Equal to test/golden/<name>; `make golden` writes the file instead, to be read in review. */
export function expectGolden(name: string, text: string): void {
  const path = `test/golden/${name}`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync('test/golden', { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
