import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const workflows = readdirSync('.github/workflows').map((name) => {
  const text = readFileSync(`.github/workflows/${name}`, 'utf8');
  return { name, text };
});

test('every action is pinned by its commit, with the version beside it', () => {
  const uses = workflows.flatMap(({ text }) =>
    [...text.matchAll(/uses: (.+)/g)].map(([, action = '']) => action),
  );
  expect(uses.length).toBeGreaterThan(3);
  expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
});

test.each(workflows)('$name: reads only by default, has a time limit, keeps no token in the checkout', ({
  text,
}) => {
  expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
  expect(text).not.toContain('pull_request_target');
  const jobs = text.match(/^ {4}runs-on: /gm) ?? [];
  expect(text.match(/^ {4}timeout-minutes: \d+$/gm)).toHaveLength(jobs.length);
  expect(text.match(/persist-credentials: false/g)).toHaveLength(
    text.match(/actions\/checkout@/g)?.length ?? 0,
  );
});

test('a pull request runs the README’s test command on the lowest Node that is supported', () => {
  const ci = workflows.find(({ name }) => name === 'ci.yml')?.text ?? '';
  const lowest = /"node": ">=([\d.]+)"/.exec(readFileSync('package.json', 'utf8'))?.[1];
  expect(ci).toMatch(/^ {2}pull_request:$/m);
  expect(ci).toContain('run: make test\n');
  expect(ci).toContain(`node-version: '${lowest}'`);
});
