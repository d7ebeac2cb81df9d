import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import {
  assertNoLinks,
  chunksOf,
  readBytes,
  readText,
  SMALL_FILE,
  WRITTEN_FILE,
} from '../../../src/platform/files.ts';

const at = mkdtempSync(join(tmpdir(), 'files-'));
let socket: Server;

beforeAll(async () => {
  writeFileSync(join(at, 'file'), 'text');
  mkdirSync(join(at, 'folder'));
  execFileSync('mkfifo', [join(at, 'pipe')]);
  symlinkSync('/dev/zero', join(at, 'zero'));
  symlinkSync('pipe', join(at, 'to-pipe'));
  symlinkSync('file', join(at, 'to-file'));
  symlinkSync('no/where', join(at, 'dangling'));
  writeFileSync(join(at, 'huge'), '');
  truncateSync(join(at, 'huge'), 2 ** 40);
  socket = createServer();
  await new Promise<void>((resolve) => socket.listen(join(at, 'socket'), resolve));
});

afterAll(() => {
  socket.close();
  rmSync(at, { recursive: true });
});

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure && error.code === 'file_unreadable') return error.message;
    throw error;
  }
  throw new Error('it was read');
};

describe('only regular files are read, and only so much of them', () => {
  test.each([
    ['pipe', 'it is a pipe'],
    ['to-pipe', 'it is a pipe'],
    ['zero', 'it is a device'],
    ['socket', 'it is a socket'],
    ['folder', 'it is a folder'],
    ['dangling', 'no such file or folder'],
    ['huge', 'is larger than 128 MiB'],
  ])('%s', (name, because) => {
    expect(refusal(() => readText(join(at, name)))).toContain(because);
    if (name !== 'huge') expect(refusal(() => [...chunksOf(join(at, name))])).toContain(because);
  });

  test('a file of 1 MiB by hand is too large, and one that says nothing of its size is measured', () => {
    truncateSync(join(at, 'huge'), 1024 * 1024 + 1);
    expect(refusal(() => readBytes(join(at, 'huge'), WRITTEN_FILE))).toContain('is larger than 1 MiB');
    truncateSync(join(at, 'huge'), 16 * 1024 * 1024 + 1);
    expect(refusal(() => readBytes(join(at, 'huge'), SMALL_FILE))).toContain('is larger than 16 MiB');
    expect(refusal(() => readBytes('/proc/self/smaps', { mostBytes: 1024 }))).toContain('larger than 1 KiB');
    expect(readText('/proc/self/status')).toContain('Name:');
  });

  test('a link to a file, where a person names it', () => {
    expect(readText(join(at, 'to-file'))).toBe('text');
  });
});

describe('below a folder of plans no link is followed', () => {
  test.each([
    [['to-file'], 'to-file is a symbolic link'],
    [['dangling'], 'dangling is a symbolic link'],
    [['folder', 'up', 'file'], 'up is a symbolic link'],
  ])('%j', (names, because) => {
    rmSync(join(at, 'folder', 'up'), { force: true });
    symlinkSync('..', join(at, 'folder', 'up'));
    expect(refusal(() => assertNoLinks(at, join(at, ...names)))).toContain(because);
  });

  test('files, folders and what is not there are no links', () => {
    for (const names of [['file'], ['folder'], ['folder', 'none', 'none']])
      expect(() => assertNoLinks(at, join(at, ...names))).not.toThrow();
  });
});
