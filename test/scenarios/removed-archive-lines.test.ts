import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createRepository, type TestRepository } from '../support/git-repository.ts';
import { runCommand } from '../support/shop-workspace.ts';

jest.setTimeout(60_000);

const ENV = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' };
const FILE = readdirSync('plans/archive')[0] ?? '';
const ID = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
const made: (() => void)[] = [];
let folder: string;

/** The archived run of this project, outside any repository. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'removed-'));
  made.push(() => rmSync(folder, { recursive: true, force: true }));
  cpSync('plans', join(folder, 'plans'), { recursive: true });
});
afterAll(() => {
  for (const remove of made) remove();
});

const verify = (cwd: string, ...words: readonly string[]) =>
  runCommand(['audit', 'verify', '--out', 'plans', ...words], cwd, ENV);
const archive = (root: string) => join(root, 'plans/archive', FILE);
const linesOf = (root: string) => readFileSync(archive(root), 'utf8').split('\n').slice(0, -1);
const write = (root: string, lines: readonly string[]) =>
  writeFileSync(archive(root), lines.map((line) => `${line}\n`).join(''));
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const removeRun = (root: string) => {
  rmSync(join(root, 'plans', ID, 'runs'), { recursive: true });
  rmSync(join(root, 'plans', ID, 'report.json'));
};

/** The same lines without signatures, chained again; `alter` gets each line as text. */
const unsigned = (lines: readonly string[], alter = (line: string) => line): readonly string[] => {
  let previous = '0'.repeat(64);
  return lines.map((line) => {
    const bare = line.replace(/"signature":\{[^}]*\}/, '"signature":null');
    const next = alter(bare.replace(/"previous":"[0-9a-f]*"/, `"previous":"${previous}"`));
    previous = sha(next);
    return next;
  });
};

function repository(): TestRepository {
  const made_ = createRepository(Date.parse('2026-11-30T00:00:00Z'));
  made.push(() => made_.remove());
  cpSync('plans', join(made_.folder, 'plans'), { recursive: true });
  return made_;
}

test('an archive that the runs beside the plans need is missed: its file, its folder, its last line, all but empty', async () => {
  const cases: readonly (readonly [string, () => void, string])[] = [
    ['file', () => rmSync(archive(folder)), 'no start of it'],
    ['folder', () => rmSync(join(folder, 'plans/archive'), { recursive: true }), 'no start of it'],
    ['empty', () => writeFileSync(archive(folder), ''), 'no start of it'],
    ['end', () => write(folder, linesOf(folder).slice(0, 1)), 'lack the end of run 1, which has a report'],
  ];
  const whole = readFileSync(archive(folder));
  for (const [name, remove, words] of cases) {
    remove();
    const { code, out } = await verify(folder);
    expect({ name, code, out }).toEqual({
      name,
      code: 3,
      out: expect.stringContaining(`REFUSED, plan ${ID}: `),
    });
    expect(out).toContain(words);
    const json = await verify(folder, '--json');
    expect({ code: json.code, ...JSON.parse(json.out) }).toMatchObject({
      code: 3,
      ok: false,
      missing: [expect.stringContaining(words)],
    });
    expect((await verify(folder, '--format', 'html')).code).toBe(3);
    cpSync('plans/archive', join(folder, 'plans/archive'), { recursive: true });
    writeFileSync(archive(folder), whole);
  }
  expect((await verify(folder)).code).toBe(0);
});

test('a report of written changes is missed in the archive although no journal is left', async () => {
  rmSync(archive(folder));
  rmSync(join(folder, 'plans', ID, 'runs'), { recursive: true });
  const { code, out } = await verify(folder);
  expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('lists written changes') });
});

test('two runs with journals need two starts', async () => {
  cpSync(join(folder, 'plans', ID, 'runs/1'), join(folder, 'plans', ID, 'runs/2'), { recursive: true });
  const { code, out } = await verify(folder);
  expect({ code, out }).toEqual({
    code: 3,
    out: expect.stringContaining('2 runs wrote a journal, and the archives have 1 start'),
  });
});

test('where nothing shows that there was an archive, the output says so', async () => {
  rmSync(archive(folder));
  removeRun(folder);
  const { code, out } = await verify(folder);
  expect(code).toBe(0);
  expect(out).toContain('nothing has been applied yet');
  expect(out).toContain('Not in a git repository, so no commit was looked at.');
});

test('an archive that a commit has and the checkout lacks is missed: removed, cut, not yet committed, merged', async () => {
  const desk = repository();
  desk.git('config', 'user.name', 'x');
  const full = desk.commit('applied').slice(0, 12);
  expect((await verify(desk.folder)).out).toContain('The archives begin with what 1 commit');
  // The working tree alone.
  removeRun(desk.folder);
  write(desk.folder, linesOf(desk.folder).slice(0, 1));
  const cut = await verify(desk.folder);
  expect({ code: cut.code, out: cut.out }).toEqual({
    code: 3,
    out: expect.stringContaining(
      `has 1 line, and commit ${full} has 2 lines of it (git restore --source ${full} -- `,
    ),
  });
  // A pull request that removes it.
  desk.git('checkout', '-q', '-b', 'remove');
  rmSync(join(desk.folder, 'plans/archive'), { recursive: true });
  desk.commit('tidy up');
  desk.git('checkout', '-q', 'main');
  desk.write('other', '');
  desk.commit('other');
  desk.merge('remove');
  const gone = await verify(desk.folder);
  expect({ code: gone.code, out: gone.out }).toEqual({
    code: 3,
    out: expect.stringContaining(`was removed: commit ${full} has 2 lines`),
  });
  // The printed command restores it.
  const command = /\((git restore [^)]*)\)/.exec(gone.out)?.[1] ?? '';
  desk.git(...command.split(' ').slice(1));
  desk.git('restore', '--source', full, '--', 'plans');
  expect((await verify(desk.folder)).code).toBe(0);
});

test('attributes of the repository hide no removed line', async () => {
  const desk = repository();
  desk.write('.gitattributes', '*.jsonl -diff binary\n');
  desk.commit('applied');
  removeRun(desk.folder);
  rmSync(archive(desk.folder));
  desk.commit('removed');
  expect((await verify(desk.folder)).code).toBe(3);
});

test('replaced lines of an unsigned archive are named with the commit that has others; a recorded head decides', async () => {
  const desk = repository();
  write(desk.folder, unsigned(linesOf(desk.folder)));
  const before = desk.commit('applied').slice(0, 12);
  expect((await verify(desk.folder)).code).toBe(0);
  const altered = unsigned(linesOf(desk.folder), (line) =>
    line.replace(/("event":"finished".*)|("at":"[^"]*)(\d)Z"/, (all, end, start, digit) =>
      end === undefined ? `${start}${(Number(digit) + 1) % 10}Z"` : all,
    ),
  );
  write(desk.folder, altered);
  desk.commit('another time');
  const { code, out } = await verify(desk.folder);
  expect({ code, out }).toEqual({
    code: 3,
    out: expect.stringContaining(`is not the one of commit ${before}`),
  });
  const head = sha(altered.at(-1) ?? '');
  const known = await verify(desk.folder, '--head', head);
  expect({ code: known.code, out: known.out }).toEqual({
    code: 0,
    out: expect.stringContaining('It ends with the line of the given hash.'),
  });
});

test('a recorded hash of an earlier line proves the lines up to it, and nothing advises to give a hash again', async () => {
  const [first = ''] = linesOf(folder);
  const { code, out } = await verify(folder, '--head', sha(first));
  expect(code).toBe(0);
  expect(out).toContain('The given hash proves line 1. Not proved: that no later line was removed.');
  expect(out).toContain('Record the new head.');
  expect(out).not.toContain('--head');
});

test('the last line of an unsigned archive: what nothing proves is named, and a time that its report denies is refused', async () => {
  const lines = linesOf(folder);
  write(folder, unsigned(lines));
  const { code, out } = await verify(folder);
  expect(code).toBe(0);
  expect(out).toContain(
    'Not proved: time (to the hour) and approvals of line 2, the last one, and that no later line was removed',
  );
  const setTime = (shiftMs: number) =>
    unsigned(lines, (line) =>
      line.includes('"event":"finished"')
        ? line.replace(
            /"at":"([^"]*)"/,
            (_, at) => `"at":"${new Date(Date.parse(at) + shiftMs).toISOString()}"`,
          )
        : line,
    );
  for (const shiftMs of [-60_000, 2 * 3_600_000, 86_400_000]) {
    write(folder, setTime(shiftMs));
    const wrong = await verify(folder);
    expect({ shiftMs, code: wrong.code, out: wrong.out }).toEqual({
      shiftMs,
      code: 3,
      out: expect.stringContaining('is not the one at which the report'),
    });
  }
  write(folder, unsigned(lines.slice(0, 1)));
  rmSync(join(folder, 'plans', ID, 'report.json'));
  rmSync(join(folder, 'plans', ID, 'runs/1/report.json'));
  expect((await verify(folder)).out).toContain(
    'Not proved: time, approvals and policy of line 1, the last one',
  );
});
