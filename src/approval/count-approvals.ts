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
  readonly approvals: readonly VerifiedStatement<Approval>[];
  readonly author: VerifiedStatement<Author> | null;
  /** Codes that each approval must accept by name. */
  readonly hazards: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why an approval does not count. */
type Objection = {
  readonly code: 'plan_not_approved' | 'approval_expired' | 'hazard_not_accepted';
  readonly text: string;
};

/**
 * Counts approvals once per person and once per key. The finding for each approval states whether it counts, and why not. Any
 * rejection blocks. Takes only verified statements: invalid files were refused before.
 */
export function countApprovals(input: ApprovalCountInput): ApprovalCount {
  const ordered = [...input.approvals].sort((a, b) => a.atMs - b.atMs);
  const counting: VerifiedStatement<Approval>[] = [];
  const findings: Finding[] = [];
  const objections: Objection[] = [];
  for (const approval of ordered) {
    const { approver, decision } = approval.predicate;
    const name = `approval by ${approver}`;
    if (decision === 'reject') {
      findings.push(rejectionFinding(name, approval));
      continue;
    }
    const objection = objectionTo(approval, input) ?? duplicateOf(approval, counting);
    if (objection === null) {
      counting.push(approval);
      findings.push(...countedFindings(name, approval));
    } else {
      objections.push({ ...objection, text: `${approver}: ${objection.text}` });
      findings.push(infoFinding(name, `does not count: ${objection.text}`));
    }
  }
  const isNeeded = input.rules.approvals > 0;
  const total = () => totalFinding(input.rules, counting.length, objections);
  return { counting, findings: isNeeded ? [...findings, total()] : findings };
}

function totalFinding(rules: Rules, count: number, objections: readonly Objection[]): Finding {
  const figures = `${count} of ${rules.approvals} approval${rules.approvals === 1 ? '' : 's'}`;
  if (count >= rules.approvals) return passed('approvals', figures);
  const codes = new Set(objections.map(({ code }) => code));
  const [only] = codes;
  const code = codes.size === 1 && only !== undefined ? only : 'plan_not_approved';
  const why = objections.map(({ text }) => text).join('; ');
  const needed = `it has ${figures}`;
  return refused('approvals', code, why === '' ? needed : `${needed} (${why})`, HINTS[code]);
}

const HINTS = {
  plan_not_approved: 'Have it approved: sailplan approve PLAN',
  approval_expired: 'Plan again if the shop may have changed; otherwise have this plan approved again.',
  hazard_not_accepted: 'Approve again and name them: sailplan approve PLAN --accept CODE….',
};

const notCounted = (text: string): Objection => ({ code: 'plan_not_approved', text });

function objectionTo(
  { predicate, signerMatch, key, atMs }: VerifiedStatement<Approval>,
  { rules, author, hazards, now }: ApprovalCountInput,
): Objection | null {
  if (rules.signatures === 'required' && signerMatch === 'unsigned') return notCounted('it is not signed');
  const needsNames = rules.approvals > 1 || !rules.author_may_approve;
  if (needsNames && signerMatch === 'wildcard')
    return notCounted('only a wildcard of the signers file covers this name');
  const isAuthors =
    author !== null &&
    (personOf(author.predicate.author) === personOf(predicate.approver) ||
      (key !== null && key === author.key));
  if (!rules.author_may_approve && isAuthors) return notCounted('the author of a plan may not approve it');
  const until = Math.min(
    atMs + rules.max_age_hours * HOUR_MS,
    parseTime(predicate.expires_at ?? '') ?? Infinity,
  );
  if (now > until) {
    return {
      code: 'approval_expired',
      text: `it expired at ${printTime(until)}, ${printSpan(now - until)} ago`,
    };
  }
  const unnamed = hazards.filter((code) => !predicate.accepted_hazards.includes(code));
  if (unnamed.length > 0) {
    return { code: 'hazard_not_accepted', text: `it does not accept ${unnamed.join(', ')}` };
  }
  return null;
}

function duplicateOf(
  { predicate, key }: VerifiedStatement<Approval>,
  counting: readonly VerifiedStatement<Approval>[],
): Objection | null {
  const person = personOf(predicate.approver);
  if (counting.some((other) => personOf(other.predicate.approver) === person))
    return notCounted('this person was already counted');
  const twin = counting.find((other) => other.key !== null && other.key === key);
  return twin === undefined
    ? null
    : notCounted(`its key is the key of ${twin.predicate.approver}, who was already counted`);
}

function countedFindings(
  name: string,
  { predicate, signerMatch, key }: VerifiedStatement<Approval>,
): readonly Finding[] {
  const when = `${predicate.at}${predicate.comment === null ? '' : `: ${predicate.comment}`}`;
  switch (signerMatch) {
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

function rejectionFinding(name: string, { predicate, file }: VerifiedStatement<Approval>): Finding {
  const { approver, at, comment } = predicate;
  return refused(
    name,
    'plan_rejected',
    `${approver} rejected this plan at ${at}${comment === null ? '' : `: ${comment}`}`,
    `Plan again, or let ${approver} approve it after all (which replaces approvals/${file}).`,
  );
}
