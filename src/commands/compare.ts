import { type Comparison, compare } from '../plan/compare.ts';
import { readPlan } from '../plan/parse.ts';
import { visible } from '../report/visible.ts';
import { Failure } from '../state/failure.ts';
import { findFolder, planText } from '../system/folder.ts';
import { loadSettings } from './config.ts';
import { type Args, flag, type Io, text } from './io.ts';

/** `plan diff A B`: what changed between two plans, e.g. after a re-plan in a pull request; exit 0 same, 2 different. */
export async function run(args: Args, io: Io): Promise<number> {
  const { out } = loadSettings(args, io);
  const [left, right] = ['a', 'b'].map((name) => text(args, name));
  if (left === undefined || right === undefined)
    throw new Failure(
      'usage',
      'plan diff needs two plans',
      'E.g. sailplan plan diff 0c2f4b7a91d3e855 5b1e09c2d4f6a378.',
    );
  const found = compare(
    readPlan(planText(findFolder(left, out))),
    readPlan(planText(findFolder(right, out))),
  );
  io.out(flag(args, 'json') ? JSON.stringify(found, null, 2) : visible(inWords(found), { newlines: true }));
  return found.left.length + found.right.length + found.fields.length + found.members.length === 0 ? 0 : 2;
}

function inWords({ left, right, fields, same, members }: Comparison): string {
  const lines = [
    ...left.map((ref) => `- ${ref}  (no longer planned)`),
    ...right.map((ref) => `+ ${ref}  (planned now)`),
    ...fields.map(
      ({ ref, fields: names }) => `~ ${ref}: ${names.map((name) => name || 'all of it').join(', ')}`,
    ),
    ...members.map((member) => `~ ${member.replaceAll('_', ' ')} differ`),
    `${left.length + right.length + fields.length} changes are planned differently, ${same} the same.`,
  ];
  return lines.join('\n');
}
