import { findFolder } from '../../app/store/find-folder.ts';
import { readPlan } from '../../app/store/plan-folder.ts';
import { Failure } from '../../core/failure.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { type Comparison, compare } from '../../plan/compare-plans.ts';
import { printJson } from '../../plan/file/print.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { loadSettings } from '../settings.ts';

/** `plan diff A B`: what changed between two plans, e.g. after a re-plan in a pull request; exit 0 same, 2 different. */
export async function run(args: Args, io: Io): Promise<number> {
  const { out } = loadSettings(args, io);
  const [left, right] = ['a', 'b'].map((name) => textArg(args, name));
  if (left === undefined || right === undefined)
    throw new Failure(
      'usage',
      'plan diff needs two plans',
      'Example: sailplan plan diff 0c2f4b7a91d3e855 5b1e09c2d4f6a378.',
    );
  const found = compare(readPlan(findFolder(left, out)).plan, readPlan(findFolder(right, out)).plan);
  io.out(flagArg(args, 'json') ? printJson(found).trimEnd() : comparisonText(found));
  return found.left.length + found.right.length + found.fields.length + found.members.length === 0 ? 0 : 2;
}

const SNAPSHOTS: Readonly<Record<string, string>> = {
  desired: 'the data read from Wagtail',
  actual: 'the data read from Saleor',
};

/** Refs and names come from outside, so each line is made visible by itself. */
export function comparisonText({ left, right, fields, same, members }: Comparison): string {
  const lines = [
    ...(members.includes('target') ? ['! These plans are for different shops.'] : []),
    ...left.map((ref) => `- ${ref}  (no longer planned)`),
    ...right.map((ref) => `+ ${ref}  (planned now)`),
    ...fields.map(
      ({ ref, fields: names }) => `~ ${ref}: ${names.map((name) => name || 'all of it').join(', ')}`,
    ),
    ...members.map(
      (member) =>
        `~ ${SNAPSHOTS[member] ?? member.replaceAll('_', ' ')} ${/s$/.test(member) ? 'differ' : 'differs'}`,
    ),
    summed(left.length + right.length + fields.length, same, members.length),
  ];
  return lines.map((line) => visible(line)).join('\n');
}

function summed(different: number, same: number, members: number): string {
  const is = different === 1 ? 'is' : 'are';
  const rest =
    different === 0 && members > 0 ? ' It is still a different plan: approvals are not transferred.' : '';
  return `${plural(different, 'change')} ${is} planned differently, ${formatCount(same)} the same.${rest}`;
}
