// `make test-format`: a verifier in Python, written from docs/plan-format.md alone, agrees with the program.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import {
  createWorkspace,
  EXPORT,
  exportWith,
  removeWorkspaces,
  SNAPSHOT,
  type Workspace,
} from '../support/workspace.ts';

jest.setTimeout(60_000);
afterAll(removeWorkspaces);

function verify(...words: readonly string[]): { code: number; lines: readonly string[] } {
  try {
    const out = execFileSync('python3', [resolve('test/slow/format/verify.py'), ...words], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return { code: 0, lines: out.trim().split('\n') };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, lines: stdout.trim().split('\n') };
  }
}

const id = readdirSync('plans').find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '';
const archive = join('plans/archive', readdirSync('plans/archive')[0] ?? '');

test('the committed plan, its approval and its archive hold', () => {
  const { code, lines } = verify(join('plans', id), archive);
  expect({ code, lines: lines.filter((line) => !line.startsWith('ok')) }).toEqual({ code: 0, lines: [] });
  expect(lines).toHaveLength(10);
});

async function planned(at: Workspace, ...more: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await at.call(['plan', '--actual', SNAPSHOT, '--json', ...more]);
  if (code !== 0) throw new Error(stderr);
  return join(at.path, 'plans', JSON.parse(stdout).id);
}

test('so do plans of the recorded site: values, assignments, adoptions, labels that nobody can see', async () => {
  const at = createWorkspace();
  at.write(
    'hidden.json',
    exportWith((document) => {
      document.offerings[3].title = 'a\u202e\u{e0041}\u00ad"\\\n';
      document.offerings[4].card_tagline = 'é\u2028\u{1f600}';
    }),
  );
  for (const words of [
    ['--desired', EXPORT, '--create-missing'],
    ['--desired', EXPORT, '--create-missing', '--sync-attributes', '--adopt'],
    ['--desired', EXPORT, '--limit', '20'],
    ['--desired', 'hidden.json', '--create-missing', '--adopt'],
  ]) {
    const { code, lines } = verify(await planned(at, ...words));
    expect({ words, code, lines: lines.filter((line) => !line.startsWith('ok')) }).toEqual({
      words,
      code: 0,
      lines: [],
    });
  }
});

test('whatever is altered is seen by it, too', async () => {
  const at = createWorkspace();
  const folder = await planned(at, '--desired', EXPORT, '--create-missing');
  const path = join('plans', readdirSync(join(at.path, 'plans'))[0] ?? '', 'plan.json');
  const whole = readFileSync(join(folder, 'plan.json'), 'utf8');
  for (const [from, to] of [
    ['"errored": false', '"errored":  false'],
    ['~', '≈'],
    ['"create":', '"create":1'],
    ['"removes_last_member"', '"deletes_metadata"'],
  ] as const) {
    expect(whole).toContain(from);
    at.write(path, whole.replace(from, to));
    expect({ from, code: verify(folder).code }).toEqual({ from, code: 1 });
  }
});
