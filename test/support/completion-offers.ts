import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Run } from './program.ts';

const IDS = ['0c2f4b7a91d3e855', '5b1e09c2d4f6a378'];

/** A line whose last word is being typed → what every shell must offer for it. */
export const OFFERS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['sailplan pl', ['plan']],
  ['sailplan app', ['approve', 'apply']],
  ['sailplan help sn', ['snapshot']],
  ['sailplan show ', IDS],
  ['sailplan show 0', ['0c2f4b7a91d3e855']],
  ['sailplan apply 5', ['5b1e09c2d4f6a378']],
  ['sailplan revert 5', ['5b1e09c2d4f6a378']],
  ['sailplan approve --as ada@example.com 0', ['0c2f4b7a91d3e855']],
  ['sailplan approve --plan-id 5', ['5b1e09c2d4f6a378']],
  ['sailplan apply --on-conflict skip 0', ['0c2f4b7a91d3e855']],
  ['sailplan show --out other a', ['aaaabbbbccccdddd']],
  ['sailplan plan d', ['diff']],
  ['sailplan plan diff 0', ['0c2f4b7a91d3e855']],
  ['sailplan plan diff 0c2f4b7a91d3e855 5', ['5b1e09c2d4f6a378']],
  ['sailplan audit v', ['verify']],
  ['sailplan snapshot w', ['wagtail']],
  ['sailplan completion z', ['zsh']],
  ['sailplan show --format m', ['markdown']],
  ['sailplan approve --accept renames', ['renames_value']],
  ['sailplan plan --create-m', ['--create-missing']],
  ['sailplan apply --no-p', ['--no-policy']],
  ['sailplan apply --no-m', ['--no-mark']],
  ['sync_wagtail_to_saleor --str', ['--strict']],
];

/** Folders of plans, one that is none, the script of a shell as `completion.SHELL`, and both programs in bin/. */
export async function prepare(at: Bench, shell: string): Promise<void> {
  for (const id of IDS) at.write(`plans/${id}/plan.json`, '');
  at.write('plans/archive/plan.json', '');
  at.write('other/aaaabbbbccccdddd/plan.json', '');
  for (const [name, words] of [
    ['sailplan', '$SAILPLAN'],
    ['sync_wagtail_to_saleor', '$SYNC'],
  ] as const)
    chmodSync(at.write(`bin/${name}`, `#!/bin/sh\nexec ${words} "$@"\n`), 0o755);
  const { code, stdout, stderr } = await at.call(['completion', shell]);
  if (code !== 0) throw new Error(stderr);
  at.write(`completion.${shell}`, stdout);
}

/** A line of shell with both programs on the path, by another login shell than the one that runs it. */
export const withPrograms = (at: Bench, line: string): Promise<Run> =>
  at.shell(line, {
    env: { PATH: `${join(at.path, 'bin')}:${process.env['PATH']}`, SHELL: '/bin/zsh' },
    timeoutMs: 60_000,
  });
