import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import type { Plan } from '../../plan/plan.ts';
import { fileNameOf } from '../../plan/target-file-name.ts';
import { pathBelow } from '../../platform/git-program.ts';
import { code } from '../../review/markdown/escape.ts';
import { markerOf } from './keep-comment.ts';

/** A name from the config, or the host of the shop, on one line. */
export const targetWord = ({ target }: Pick<Plan, 'target'>): string =>
  visible(target.name ?? new URL(target.api_url).host).slice(0, 80);

/** Title of the request that proposes a plan. */
export const proposalTitle = (plan: Plan, id: string, isAgain: boolean): string =>
  `Plan ${id} for ${targetWord(plan)}${isAgain ? ' again' : ''}: ${plural(plan.changes.length, 'change')}`;

export interface ProposalBody {
  readonly plan: Plan;
  readonly id: string;
  /** The folder of the plans, from the top of the work tree. */
  readonly folder: string;
  readonly policyPath: string;
  /** Why a plan that was merged before is proposed again; null: it is new. */
  readonly again: string | null;
}

/** Description of the request, in Markdown. */
export function proposalBody({ plan, id, folder, policyPath, again }: ProposalBody): string {
  return [
    `${markerOf('request', fileNameOf(plan.target))}Wagtail and Saleor differ: ${plural(plan.changes.length, 'change')} for ${code(targetWord(plan))}. The first comment lists them, and so does ${code(pathBelow(folder, id, 'review.md'))}.`,
    ...(again === null
      ? []
      : [
          `This plan was merged before, and is proposed again: ${code(again)}. Only its provenance.json changes; merging this request approves the plan again, with new approvals where the policy asks for them.`,
        ]),
    `The policy ${code(policyPath)} says who approves: in mode \`merge\` the merge of this request does. For an approval file, commit what ${code(`sailplan approve ${id}`)} writes to this branch.`,
    'After the merge the job `apply` applies it, and links its report here.',
  ].join('\n\n');
}
