// A PostgreSQL of our own on loopback, where its programs are installed.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const has = (name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** PostgreSQL does not run as root. */
function owner() {
  if (process.getuid() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { name, uid: id('-u'), gid: id('-g') };
    } catch {
      // the next name
    }
  }
  return undefined;
}

/** {env, stop}, or why there is none. */
export async function startPostgres(port) {
  if (!['initdb', 'pg_ctl', 'createdb'].every(has)) return 'initdb, pg_ctl or createdb is not on PATH';
  const user = owner();
  if (user === undefined) return 'it does not run as root, and there is no user postgres or nobody';
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-postgres-'));
  chmodSync(folder, 0o700);
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  const run = (name, args) =>
    execFileSync(name, args, { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const data = join(folder, 'data');
  const createDatabase = (name) =>
    run('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', name]);
  const stop = async () => {
    try {
      run('pg_ctl', ['stop', '-D', data, '-m', 'immediate']);
    } catch {
      // it never ran
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run('initdb', [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth',
      'trust',
      '-E',
      'UTF8',
      '--locale',
      'C.UTF-8',
      '-N',
    ]);
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
    run('pg_ctl', ['start', '-w', '-D', data, '-l', join(folder, 'log'), '-o', options]);
    createDatabase('sample');
  } catch (error) {
    await stop();
    return String(error.stderr ?? error.message).split('\n')[0];
  }
  return {
    env: { SAMPLE_POSTGRES_HOST: '127.0.0.1', SAMPLE_POSTGRES_PORT: String(port) },
    stop,
    createDatabase,
  };
}
