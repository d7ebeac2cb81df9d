import { personOf } from './approver-name.ts';
import { type Finding, infoFinding, passed, refused } from './finding.ts';
import type { Rules } from './policy/rules.ts';
import type { Approval, Author } from './signing/in-toto-statement.ts';
import { HOUR_MS, parseTime, printSpan, printTime } from './timestamps.ts';
import type { VerifiedStatement } from './verified-statement.ts';

export interface ApprovalCount {
  /** In order of time. */
  readonly counting: readonly VerifiedStatement<Approval>[];
  readonly findings: readonly Finding[];
}

interface ApprovalCountInput {
  readonly rules: Rules;
  readonly witnesses: readonly VerifiedStatement<Approval>[];
  readonly author: VerifiedStatement<Author> | null;
  /** Codes that each approval has to name. */
  readonly hazards: readonly string[];
  readonly now: number;
}

type Because = {
  readonly code: 'plan_not_approved' | 'approval_expired' | 'hazard_not_accepted';
  readonly text: string;
};

/**
 * Counts once per person and once per key; tells of every approval whether it counts, and why not. A rejection by
 * anybody blocks. What cannot stand at all was refused before it came here.
 */
export function countApprovals(ballot: ApprovalCountInput): ApprovalCount {
  const ordered = [...ballot.witnesses].sort((a, b) => a.atMs - b.atMs);
  const counting: VerifiedStatement<Approval>[] = [];
  const findings: Finding[] = [];
  const missed: Because[] = [];
  for (const witness of ordered) {
    const name = `approval by ${witness.predicate.approver}`;
    if (witness.predicate.decision === 'reject') {
      findings.push(rejected(name, witness));
      continue;
    }
    const because = objection(ballot, witness) ?? repeats(witness, counting);
    if (because === null) {
      counting.push(witness);
      findings.push(...counted(name, witness));
    } else {
      missed.push({ ...because, text: `${witness.predicate.approver}: ${because.text}` });
      findings.push(infoFinding(name, `does not count: ${because.text}`));
    }
  }
  const isNeeded = ballot.rules.approvals > 0;
  return { counting, findings: isNeeded ? [...findings, enough(ballot.rules, counting, missed)] : findings };
}

function enough(
  rules: Rules,
  counting: readonly VerifiedStatement<Approval>[],
  missed: readonly Because[],
): Finding {
  const figures = `${counting.length} of ${rules.approvals} approval${rules.approvals === 1 ? '' : 's'}`;
  if (counting.length >= rules.approvals) return passed('approvals', figures);
  const codes = new Set(missed.map(({ code }) => code));
  const [only] = codes;
  const code = codes.size === 1 && only !== undefined ? only : 'plan_not_approved';
  const why = missed.map(({ text }) => text).join('; ');
  const needed = `it has ${figures} that it needs`;
  return refused('approvals', code, why === '' ? needed : `${needed} (${why})`, HINTS[code]);
}

const HINTS = {
  plan_not_approved: 'Have it approved: sailplan approve PLAN --as WHO.',
  approval_expired: 'Plan again if the shop may have changed, else have this plan approved anew.',
  hazard_not_accepted: 'Approve again and name them: sailplan approve PLAN --accept CODE….',
};

function objection(
  { rules, author, hazards, now }: ApprovalCountInput,
  witness: VerifiedStatement<Approval>,
): Because | null {
  const { predicate: said, signerMatch: standing, key } = witness;
  const not = (text: string): Because => ({ code: 'plan_not_approved', text });
  if (rules.signatures === 'required' && standing === 'unsigned') return not('it is not signed');
  const needsNames = rules.approvals > 1 || !rules.author_may_approve;
  if (needsNames && standing === 'wildcard')
    return not('only a wildcard of the signers file covers this name');
  const isAuthors =
    author !== null &&
    (personOf(author.predicate.author) === personOf(said.approver) || (key !== null && key === author.key));
  if (!rules.author_may_approve && isAuthors) return not('the author of a plan may not approve it');
  const until = Math.min(
    witness.atMs + rules.max_age_hours * HOUR_MS,
    parseTime(said.expires_at ?? '') ?? Infinity,
  );
  if (now > until) {
    return {
      code: 'approval_expired',
      text: `it lasted until ${printTime(until)}, ${printSpan(now - until)} ago`,
    };
  }
  const unnamed = hazards.filter((code) => !said.accepted_hazards.includes(code));
  if (unnamed.length > 0) {
    return { code: 'hazard_not_accepted', text: `it does not accept ${unnamed.join(', ')}` };
  }
  return null;
}

function repeats(
  witness: VerifiedStatement<Approval>,
  counting: readonly VerifiedStatement<Approval>[],
): Because | null {
  const person = personOf(witness.predicate.approver);
  if (counting.some(({ predicate: said }) => personOf(said.approver) === person)) {
    return { code: 'plan_not_approved', text: 'this person is counted already' };
  }
  const twin = counting.find(({ key }) => key !== null && key === witness.key);
  return twin === undefined
    ? null
    : {
        code: 'plan_not_approved',
        text: `its key is that of ${twin.predicate.approver}, who is counted already`,
      };
}

function counted(
  name: string,
  { predicate: said, signerMatch: standing, key }: VerifiedStatement<Approval>,
): readonly Finding[] {
  const when = `${said.at}${said.comment === null ? '' : `: ${said.comment}`}`;
  switch (standing) {
    case 'named':
    case 'wildcard':
      return [passed(name, `signed with ${key}, ${when}`)];
    case 'unsigned':
      return [passed(name, `unsigned, ${when}`)];
    case 'keyless':
      return [
        passed(name, `counts as unsigned, ${when}`),
        infoFinding(
          name,
          `signed with ${key}, but no signers file says whose key that is, so it counts as unsigned`,
        ),
      ];
  }
}

function rejected(name: string, { predicate: said, file }: VerifiedStatement<Approval>): Finding {
  const words = said.comment === null ? '' : `: ${said.comment}`;
  return refused(
    name,
    'plan_rejected',
    `${said.approver} rejected this plan at ${said.at}${words}`,
    `Plan again, or let ${said.approver} approve it after all (which replaces approvals/${file}).`,
  );
}
