import { type Finding, passed, refused } from '../finding.ts';
import type { MergeFacts } from './merge-facts.ts';

/** Paths below the folder of the plans that only an apply writes. File systems may take `Runs` for `runs`. */
const WRITTEN_BY_APPLY = /^(?:[0-9a-f]{16}\/)?(?:runs(?:\/|$)|report\.json(?:\/|$)|archive(?:\/|$)|\.lock-)/i;

/** How many paths the message names. */
const NAMED = 3;

/** A merge that adds a plan must not add evidence of an apply. */
export function evidenceFindings({ brought }: Pick<MergeFacts, 'brought'>): readonly Finding[] {
  const found = brought.filter((path) => WRITTEN_BY_APPLY.test(path));
  if (found.length === 0) return [passed('evidence', 'the merge added no run, report, archive or lock')];
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  return [
    refused(
      'evidence',
      'evidence_unproved',
      `the merge that added the plan also added ${found.slice(0, NAMED).join(', ')}${more}, which only apply writes`,
      'Plan again, and have the plan merged without them.',
    ),
  ];
}
