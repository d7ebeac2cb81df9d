import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockPath, takeLock } from '../../../src/platform/lock-file.ts';
import { hasEnded, thisProcess } from '../../../src/platform/process-identity.ts';

const PLAN = '0c2f4b7a91d3e855';
const AT = '2026-11-23T09:00:00.000Z';
let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailplan-lock-'));
  path = lockPath(folder, 'shop');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockOf = (more: object): void =>
  writeFileSync(path, JSON.stringify({ ...thisProcess(), plan: PLAN, at: AT, ...more }));

/** The id of a process that has ended, and its start. */
async function ended(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => child.on('close', done));
  return child.pid ?? 0;
}

const take = (forced: string | null = null) => takeLock(path, PLAN, forced);

test('a lock is held once, and free after it was released', () => {
  const lock = take();
  expect(lock.takenFrom).toBeNull();
  expect(take).toThrow(`process ${process.pid} on`);
  lock.release();
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  take().release();
});

test('the lock of a process that ended is taken over, and says whose it was', async () => {
  const pid = await ended();
  lockOf({ pid });
  const lock = take();
  expect(lock.takenFrom).toMatchObject({ pid, plan: PLAN, at: AT });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a reused process id is another process', () => {
  lockOf({ started: '1' });
  expect(take().takenFrom).toMatchObject({ pid: process.pid, started: '1' });
});

test.each([
  ['another host', { host: 'elsewhere.example.com' }],
  ['another boot', { boot: 'aaaaaaaa-0000-4000-8000-000000000000 pid:[4026531836]' }],
  ['no boot, as earlier versions wrote it', { boot: null }],
])('of %s nothing is certain: only --force-unlock helps', async (_, more) => {
  lockOf({ pid: await ended(), ...more });
  expect(take).toThrow(expect.objectContaining({ code: 'locked', hint: expect.stringContaining(PLAN) }));
  expect(() => take('0123456789abcdef')).toThrow(`held for plan ${PLAN}`);
  expect(take(PLAN).takenFrom).toBeNull();
});

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"pid":1}',
  JSON.stringify({ pid: '7', host: 'a', plan: PLAN, at: AT }),
  JSON.stringify({ pid: -1, host: 'a', plan: PLAN, at: AT }),
  JSON.stringify({ pid: 7, host: 'a', plan: '../x', at: AT }),
  JSON.stringify({ pid: 7, host: 'a', plan: PLAN, at: 'soon' }),
])('%s is no lock file: it is never taken over, and the file is named', (text) => {
  writeFileSync(path, text);
  expect(take).toThrow(`${path} exists but was not written as a lock file`);
  expect(readFileSync(path, 'utf8')).toBe(text);
  take(PLAN).release();
});

test('this process has not ended; a zombie has', async () => {
  expect(hasEnded(thisProcess())).toBe(false);
  // It outlives the shell, which would collect it, and not the program in the shell's place, which does not.
  const shell = spawn('bash', ['-c', 'sleep 1 & echo $!; exec sleep 60'], { stdio: 'pipe' });
  const pid = await new Promise<number>((seen) => shell.stdout.once('data', (text) => seen(Number(text))));
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
  while (stat()[0] !== 'Z') await new Promise((later) => setTimeout(later, 50));
  expect(hasEnded({ ...thisProcess(), pid, started: stat()[19] ?? '' })).toBe(true);
  shell.kill();
});

test.each([
  ['a plan of several lines', { plan: `${PLAN}\n::error::forged` }],
  ['a host with a line break', { host: 'ci\n::error::forged' }],
  ['a host with an escape', { host: 'ci\u001b[31m' }],
  ['a host without end', { host: 'c'.repeat(300) }],
  ['a process id that no system has', { pid: 2 ** 40 }],
  ['a process id that is none', { pid: -1 }],
  ['a time that is none', { at: 'yesterday\n' }],
  ['a boot that is no text', { boot: { toString: 'x' } }],
])('a file with %s is no lock, and nothing of it is shown', (_, more) => {
  lockOf(more);
  expect(take).toThrow(`${path} exists but was not written as a lock file`);
});

test('a lock that is a link, a pipe or far too long is no lock, and nothing is written through it', () => {
  writeFileSync(join(folder, 'kept'), 'kept');
  for (const place of [
    () => symlinkSync('/dev/zero', path),
    () => symlinkSync(join(folder, 'kept'), path),
    () => symlinkSync(join(folder, 'nowhere'), path),
    () => void execFileSync('mkfifo', [path]),
    () => writeFileSync(path, ' '.repeat(100_000)),
  ]) {
    rmSync(path, { force: true });
    place();
    expect(take).toThrow('was not written as a lock file');
  }
  rmSync(path);
  symlinkSync(join(folder, 'kept'), `${path}.${process.pid}.tmp`);
  take().release();
  expect([readFileSync(join(folder, 'kept'), 'utf8'), readdirSync(folder)]).toEqual(['kept', ['kept']]);
});
