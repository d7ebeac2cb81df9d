import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isRecord } from '../../src/core/json/records.ts';
import { parseYaml } from '../../src/platform/yaml.ts';
import { runShell } from '../support/forge/run-shell.ts';

let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'npx-'));
  writeFileSync(join(bin, 'npx'), '#!/bin/bash\nprintf "<%s>" "$@"\n', { mode: 0o755 });
});
afterAll(() => rmSync(bin, { recursive: true }));

const asked = (line: string, more: Readonly<Record<string, string>>) =>
  runShell(line, { cwd: bin, env: { PATH: `${bin}:${process.env['PATH']}`, BASE: 'origin/main', ...more } });

/** The shell lines of an action that call sailplan, by the step of ci that they run. */
function linesOf(action: string): ReadonlyMap<string, string> {
  const document = parseYaml(readFileSync(`.github/actions/${action}/action.yml`, 'utf8'), action);
  const runs = isRecord(document) ? document['runs'] : undefined;
  const steps = isRecord(runs) && Array.isArray(runs['steps']) ? runs['steps'].filter(isRecord) : [];
  return new Map(
    steps.flatMap(({ run }) => {
      const step = typeof run === 'string' ? /sailplan ci (\w+)/.exec(run)?.[1] : undefined;
      return step === undefined ? [] : [[step, String(run)] as const];
    }),
  );
}

const GIVEN = '--header-env wagtail:CF-Access-Client-Secret=CF_SECRET  --timeout 60 --exclude *';
const SPLIT = '<--header-env><wagtail:CF-Access-Client-Secret=CF_SECRET><--timeout><60><--exclude><*>';

test.each([
  ['plan', 'plan'],
  ['check', 'replan'],
  ['apply', 'apply'],
  ['drift', 'drift'],
])('the input args of the action %s reaches sailplan ci %s as words, and nothing where it is empty', async (action, step) => {
  const line = linesOf(action).get(step) ?? '';
  const { out } = await asked(line, { ARGS: GIVEN });
  expect(out).toContain(`<ci><${step}><--base><origin/main>`);
  expect(out.endsWith(SPLIT)).toBe(true);
  expect((await asked(line, { ARGS: '$(touch owned) `touch owned`' })).out).toMatch(
    /<\$\(touch><owned\)><`touch><owned`>$/,
  );
  const { code, out: bare } = await asked(line, { ARGS: '', COMMIT: 'c' });
  expect({ code, bare }).toEqual({ code: 0, bare: expect.not.stringContaining('<>') });
});

test('the step that checks without secrets gets no further arguments', () => {
  expect(linesOf('check').get('check')).not.toContain('args');
});
