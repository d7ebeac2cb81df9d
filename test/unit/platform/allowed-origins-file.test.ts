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
])('a file that the repository could bring does not count: %s', (_, place) => {
  const [home, work] = [folder('home'), folder('work')];
  mkdirSync(join(work, '.git'));
  const env = place(home, work);
  const path = allowedOriginsPath(env) ?? '';
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${SHOP}\n`);
  const below = folder('work/deep/er');
  expect(rememberedOrigins(env, [below])).toEqual({
    origins: '',
    ignoredBecause: `${path} is inside the repository ${work}, which could bring it`,
  });
  expect(() => rememberOrigins(env, [below], [SHOP])).toThrow(/does not count/);
});

test('a file that others can write does not count', () => {
  const [home, work] = [folder('home'), folder('work')];
  const path = rememberOrigins({ HOME: home }, [work], [SHOP]);
  for (const [one, mode] of [
    [path, 0o666],
    [dirname(path), 0o777],
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
