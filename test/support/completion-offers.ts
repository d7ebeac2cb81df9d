import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramResult, Workspace } from './workspace.ts';

const IDS = ['0c2f4b7a91d3e855', '5b1e09c2d4f6a378'];

/** A line whose last word is being typed, and what every shell must offer for it. */
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

/** Writes folders of plans, a folder that is no plan, `completion.SHELL`, and both programs in bin/. */
export async function prepareCompletion(at: Workspace, shell: string): Promise<void> {
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

/** Runs a line of bash with both programs in PATH and SHELL set to zsh. */
export const withPrograms = (at: Workspace, line: string): Promise<ProgramResult> =>
  at.shell(line, {
    env: { PATH: `${join(at.path, 'bin')}:${process.env['PATH']}`, SHELL: '/bin/zsh' },
    timeoutMs: 60_000,
  });
