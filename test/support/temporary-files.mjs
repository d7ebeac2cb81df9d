// Tests write thousands of small files that live for some seconds: in memory where there is room, which saves a fifth of the
// system's time. Otherwise, and where TMPDIR is set, they stay where the system keeps temporary files.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const NAME = /^sailplan-tests-(\d+)$/;
const ROOM = 6 * 2 ** 30;

/** Jest calls it once, before it starts its workers, which get the variable. */
export default function setUp() {
  if (process.env.TMPDIR !== undefined || !hasRoom()) return;
  for (const name of readdirSync(MEMORY)) if (isLeftBehind(name)) remove(join(MEMORY, name));
  const folder = join(MEMORY, `sailplan-tests-${process.pid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
    // Containers may forbid programs there.
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    execFileSync(program);
    process.env.TMPDIR = folder;
    process.once('exit', () => remove(folder));
  } catch {
    remove(folder);
  }
}

function hasRoom() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, freemem()) >= ROOM;
  } catch {
    return false;
  }
}

/** Of a run that was killed. */
function isLeftBehind(name) {
  const [, pid] = NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

const remove = (folder) => rmSync(folder, { recursive: true, force: true });
