import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HAZARDS } from '../../src/plan/hazards.ts';
import { OFFERS, prepare } from '../support/completion-offers.ts';
import { bench, removeBenches } from '../support/program.ts';

const at = bench();
beforeAll(() => prepare(at, 'bash'));
afterAll(removeBenches);

/** What bash offers for a line whose last word is being typed, as `complete -F` would call the script. */
async function offered(line: string): Promise<readonly string[]> {
  const words = line.split(/ |(?<==)|(?==)/).map((word) => `'${word}'`);
  const { stdout, stderr } = await at.shell(
    `source completion.bash; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
     _sailplan ${words[0]}; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

test.each(OFFERS)('bash offers after "%s": %j', async (line, expected) => {
  expect(await offered(line)).toEqual(expected);
});

test('bash offers nothing of its own where a file or free text stands, so that readline offers files', async () => {
  for (const line of ['sailplan plan --desired ', 'sailplan approve --as ', 'sailplan plan --limit '])
    expect([line, await offered(line)]).toEqual([line, []]);
});

test('bash knows an option with its equals sign, every hazard, and the specification’s command', async () => {
  expect(await offered('sailplan show --format=h')).toEqual(['html']);
  expect(await offered('sailplan approve --accept ')).toEqual(Object.keys(HAZARDS));
  expect(await offered('sync_wagtail_to_saleor --dr')).toEqual([]);
  expect(await offered('sync_wagtail_to_saleor --no-d')).toEqual(['--no-dry-run']);
});

test('the script takes hold of both commands', async () => {
  const { stdout } = await at.shell('source completion.bash; complete -p sailplan sync_wagtail_to_saleor');
  expect(stdout.match(/-F _sailplan/g)).toHaveLength(2);
});
