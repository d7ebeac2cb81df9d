import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { HAZARDS } from '../../src/plan/hazards.ts';
import { OFFERS, prepareCompletion, withPrograms } from '../support/completion-offers.ts';
import { createWorkspace, removeWorkspaces } from '../support/workspace.ts';

jest.setTimeout(120_000);
const at = createWorkspace();
const FILES = ['sailplan plan --desired ', 'sailplan approve --as ', 'sailplan plan --limit '];
const MORE = [
  'sailplan show --format=h',
  'sailplan approve --accept ',
  'sync_wagtail_to_saleor --dr',
  'sync_wagtail_to_saleor --no-d',
  'sailplan plan --strict --stri',
];
/** Line → what bash offers, asked in one shell. */
const offers = new Map<string, readonly string[]>();

beforeAll(async () => {
  await prepareCompletion(at, 'bash');
  const lines = [...OFFERS.map(([line]) => line), ...FILES, ...MORE];
  // As `complete -F` calls the script, with a line whose last word is being typed.
  const asked = lines.map((line) => {
    const words = line.split(/ |(?<==)|(?==)/).map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; COMPREPLY=()
      _${line.split(' ')[0]}_yargs_completions; printf '%s\\n' "\${COMPREPLY[@]}"; echo ---`;
  });
  const { stdout, stderr } = await withPrograms(at, `source completion.bash\n${asked.join('\n')}`);
  if (stderr !== '') throw new Error(stderr);
  const blocks = stdout.split('---\n');
  for (const [index, line] of lines.entries())
    offers.set(line, blocks[index]?.split('\n').filter((word) => word !== '') ?? ['?']);
});
afterAll(removeWorkspaces);

const offered = (line: string) => offers.get(line);

test.each(OFFERS)('bash offers after "%s": %j', (line, expected) => {
  expect(offered(line)).toEqual(expected);
});

test.each(FILES)('bash offers nothing of its own after "%s", so that readline offers files', (line) => {
  expect(offered(line)).toEqual([]);
});

test('bash knows an option with its equals sign, every hazard, and the specification’s command', () => {
  expect(offered('sailplan show --format=h')).toEqual(['html']);
  expect(offered('sailplan approve --accept ')).toEqual(Object.keys(HAZARDS));
  expect(offered('sync_wagtail_to_saleor --dr')).toEqual([]);
  expect(offered('sync_wagtail_to_saleor --no-d')).toEqual(['--no-dry-run']);
});

test('a switch that is on the line already is not offered again', () => {
  expect(offered('sailplan plan --strict --stri')).toEqual([]);
});

test('the script takes hold of both commands', async () => {
  const { stdout } = await withPrograms(
    at,
    'source completion.bash; complete -p sailplan sync_wagtail_to_saleor',
  );
  expect(stdout.match(/-o bashdefault -o default -F _\w+_yargs_completions/g)).toHaveLength(2);
});

test('a folder of plans that cannot be read, and a line that is wrong, leave the line that is typed alone', async () => {
  for (const words of [
    ['show', '--out', 'completion.bash', '0'],
    ['apply', '--no-such', 'x', ''],
    ['paln', '--out'],
    ['plan', '--', ''],
    [],
  ])
    expect(await at.call(['--get-yargs-completions', 'sailplan', ...words])).toMatchObject({
      code: 0,
      stderr: '',
    });
});

test('yargs gives each offer its description where zsh or fish asks', async () => {
  const ask = (shell: string, word: string) =>
    at.call(['--get-yargs-completions', 'sailplan', ...word.split(' ')], { env: { SHELL: shell } });
  expect((await ask('zsh', 'dri')).stdout).toContain(
    '\ndrift:List the differences between Wagtail and Saleor now\n',
  );
  expect((await ask('fish', 'dri')).stdout).toContain(
    '\ndrift\tList the differences between Wagtail and Saleor now\n',
  );
  expect((await ask('fish', 'show --format=m')).stdout).toBe('--format=markdown\n');
});
