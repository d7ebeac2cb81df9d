import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const workflows = readdirSync('.github/workflows').map((name) => {
  const text = readFileSync(`.github/workflows/${name}`, 'utf8');
  return { name, text };
});

/** What is copied is as safe as what runs here. */
const copied = [
  'examples/github/.github/workflows/sailplan.yml',
  ...readdirSync('.github/actions').map((name) => `.github/actions/${name}/action.yml`),
].map((path) => ({ text: readFileSync(path, 'utf8') }));

test('every action is pinned by its commit, with the version beside it', () => {
  const uses = [...workflows, ...copied].flatMap(({ text }) =>
    [...text.matchAll(/^[\s-]*uses: (.+)/gm)].map(([, action = '']) => action),
  );
  const ofOthers = uses.filter((action) => !action.startsWith('./'));
  expect(ofOthers.length).toBeGreaterThan(12);
  expect(ofOthers.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
    [],
  );
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

test('a pull request runs the README’s commands on the lowest Node that is supported', () => {
  const ci = workflows.find(({ name }) => name === 'ci.yml')?.text ?? '';
  const lowest = /"node": ">=([\d.]+)"/.exec(readFileSync('package.json', 'utf8'))?.[1];
  expect(ci).toMatch(/^ {2}pull_request:$/m);
  expect(ci).toMatch(/run: make demo\n[\s\S]*run: make test\n/);
  expect(ci).toContain(`node-version: '${lowest}'`);
});

test('a job that may publish runs nothing that a dependency brought', () => {
  const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';
  const jobs = release
    .slice(release.indexOf('\njobs:\n'))
    .split(/\n {2}(?=\w+:\n)/)
    .slice(1);
  const rights = jobs.map((job) => ({
    name: job.slice(0, job.indexOf(':')),
    canPublish: /id-token: write|contents: write/.test(job),
    runs: [...job.matchAll(/- run: (\S+ \S+)/g)].map(([, command]) => command),
  }));
  expect(rights.map(({ name, canPublish }) => [name, canPublish])).toEqual([
    ['test', false],
    ['publish', true],
  ]);
  expect(rights[0]?.runs).toContain('make test');
  expect(rights[1]?.runs).toEqual(['npm publish', 'gh release']);
  expect(release).toContain('npm publish --ignore-scripts');
});
