import type { Bench } from './program.ts';

const IDS = ['0c2f4b7a91d3e855', '5b1e09c2d4f6a378'];

/** A line whose last word is being typed → what every shell must offer for it. */
export const OFFERS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['sailplan pl', ['plan']],
  ['sailplan app', ['approve', 'apply']],
  ['sailplan help sn', ['snapshot']],
  ['sailplan show 0', ['0c2f4b7a91d3e855']],
  ['sailplan apply 5', ['5b1e09c2d4f6a378']],
  ['sailplan revert 5', ['5b1e09c2d4f6a378']],
  ['sailplan approve --as ada@example.com 0', ['0c2f4b7a91d3e855']],
  ['sailplan apply --on-conflict skip 0', ['0c2f4b7a91d3e855']],
  ['sailplan show --out other a', ['aaaabbbbccccdddd']],
  ['sailplan plan d', ['diff']],
  ['sailplan plan diff 0', ['0c2f4b7a91d3e855']],
  ['sailplan audit v', ['verify']],
  ['sailplan snapshot w', ['wagtail']],
  ['sailplan completion z', ['zsh']],
  ['sailplan show --format m', ['markdown']],
  ['sailplan approve --accept renames', ['renames_value']],
  ['sailplan plan --create-m', ['--create-missing']],
  ['sailplan apply --no-p', ['--no-policy']],
  ['sync_wagtail_to_saleor --str', ['--strict']],
];

/** Folders of plans, one that is none, and the script of a shell as `completion.SHELL`. */
export async function prepare(at: Bench, shell: string): Promise<void> {
  for (const id of IDS) at.write(`plans/${id}/plan.json`, '');
  at.write('plans/archive/plan.json', '');
  at.write('other/aaaabbbbccccdddd/plan.json', '');
  const { code, stdout, stderr } = await at.call(['completion', shell]);
  if (code !== 0) throw new Error(stderr);
  at.write(`completion.${shell}`, stdout);
}
