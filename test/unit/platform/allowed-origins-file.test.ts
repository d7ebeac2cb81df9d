import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Failure } from '../../../src/core/failure.ts';
import {
  allowedOriginsPath,
  rememberedOrigins,
  rememberOrigins,
} from '../../../src/platform/allowed-origins-file.ts';

/** The origins that a person allowed count only where no repository and no other user could have written them. */
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sailplan-origins-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const SHOP = 'https://shop.example.com';
function folder(name: string): string {
  mkdirSync(join(root, name), { recursive: true });
  return join(root, name);
}

test('the place follows XDG, never into the working folder', () => {
  expect(allowedOriginsPath({ HOME: '/home/ada' })).toBe('/home/ada/.config/sailplan/allowed-origins');
  expect(allowedOriginsPath({ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' })).toBe(
    '/etc/ada/sailplan/allowed-origins',
  );
  expect(allowedOriginsPath({ HOME: '/home/ada', XDG_CONFIG_HOME: '.config' })).toBe(
    '/home/ada/.config/sailplan/allowed-origins',
  );
  expect(allowedOriginsPath({})).toBeNull();
  expect(allowedOriginsPath({ HOME: '.' })).toBeNull();
});

test('what is remembered is read again, once per line, and only this user can write it', () => {
  const [home, work] = [folder('home'), folder('work')];
  const env = { HOME: home };
  expect(rememberedOrigins(env, [work])).toEqual({ origins: '', ignoredBecause: null });
  const path = rememberOrigins(env, [work], [`${SHOP}/graphql/`]);
  rememberOrigins(env, [work], ['https://cms.example.com']);
  expect(readFileSync(path, 'utf8').split('\n').slice(1)).toEqual([SHOP, 'https://cms.example.com', '']);
  expect(rememberedOrigins(env, [work]).origins.trim().split('\n')).toEqual([
    SHOP,
    'https://cms.example.com',
  ]);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(dirname(path)).mode & 0o077).toBe(0);
});

test.each<[string, (home: string, work: string) => Readonly<Record<string, string>>]>([
  ['HOME is in the repository', (_, work) => ({ HOME: join(work, 'home') })],
  [
    'XDG_CONFIG_HOME is in the repository',
    (home, work) => ({ HOME: home, XDG_CONFIG_HOME: join(work, 'x') }),
  ],
  [
    'the folder is a link into the repository',
    (home, work) => {
      mkdirSync(join(work, 'brought'));
      mkdirSync(join(home, '.config'));
      symlinkSync(join(work, 'brought'), join(home, '.config', 'sailplan'));
      return { HOME: home };
    },
  ],
  [
    'the file is a link into the repository',
    (home, work) => {
      writeFileSync(join(work, 'list'), `${SHOP}\n`);
      mkdirSync(join(home, '.config', 'sailplan'), { recursive: true });
      symlinkSync(join(work, 'list'), join(home, '.config', 'sailplan', 'allowed-origins'));
      return { HOME: home };
    },
  ],
])('a file that the repository could bring is ignored: %s', (_, place) => {
  const [home, work] = [folder('home'), folder('work')];
  mkdirSync(join(work, '.git'));
  const env = place(home, work);
  const path = allowedOriginsPath(env) ?? '';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${SHOP}\n`);
  const below = folder('work/deep/er');
  expect(rememberedOrigins(env, [below])).toEqual({
    origins: '',
    ignoredBecause: `${path} is inside the repository ${work}, and a commit could change it`,
  });
  expect(() => rememberOrigins(env, [below], [SHOP])).toThrow(/is ignored/);
});

test('a file that others can write is ignored', () => {
  const [home, work] = [folder('home'), folder('work')];
  const path = rememberOrigins({ HOME: home }, [work], [SHOP]);
  for (const [one, mode] of [
    [path, 0o666],
    [path, 0o620],
    [dirname(path), 0o777],
    [dirname(path), 0o770],
    [dirname(dirname(path)), 0o777],
    [home, 0o757],
  ] as const) {
    chmodSync(one, mode);
    expect(rememberedOrigins({ HOME: home }, [work])).toEqual({
      origins: '',
      ignoredBecause: expect.stringContaining('can be written by others'),
    });
    chmodSync(one, 0o700);
  }
  expect(rememberedOrigins({ HOME: home }, [work]).origins).toContain(SHOP);
});

test('a link to it from a folder that others can write is ignored; one from a sticky folder does', () => {
  const [home, open, work] = [folder('home'), folder('open/sailplan'), folder('work')];
  const path = rememberOrigins({ HOME: home }, [work], [SHOP]);
  const env = { XDG_CONFIG_HOME: dirname(open) };
  symlinkSync(path, join(open, 'allowed-origins'));
  for (const [mode, counts] of [
    [0o777, false],
    [0o1777, true],
    [0o700, true],
  ] as const) {
    chmodSync(dirname(open), mode);
    expect([mode, rememberedOrigins(env, [work]).origins !== '']).toEqual([mode, counts]);
  }
});

test.each(['a pipe', 'a device', 'a folder'])('%s in its place is not read', (kind) => {
  const [home, work] = [folder('home'), folder('work')];
  const path = allowedOriginsPath({ HOME: home }) ?? '';
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (kind === 'a pipe') execFileSync('mkfifo', ['-m', '600', path]);
  else if (kind === 'a device') symlinkSync('/dev/zero', path);
  else mkdirSync(path, { mode: 0o700 });
  const read = rememberedOrigins({ HOME: home }, [work]);
  expect(read.origins).toBe('');
  // /dev/zero can be written by others as well.
  expect(read.ignoredBecause).toMatch(/cannot be read|can be written by others/);
  expect(() => rememberOrigins({ HOME: home }, [work], [SHOP])).toThrow(Failure);
});
