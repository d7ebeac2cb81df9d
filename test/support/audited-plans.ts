import type { Plan } from '../../src/plan/plan.ts';
import type { AuditedPlan } from '../../src/review/html/audit-entry.ts';

const PEOPLE = ['ada@example.com', 'grace@example.com', 'kim@example.com', 'linus@example.com'] as const;
const START = Date.parse('2026-01-05T08:00:00Z');
const HOURS = 3_600_000;

/** A row of applies, 14 hours apart, each with some changes of one plan, planned, approved and applied by different people. */
export function auditedPlans(plan: Plan, count: number, changesEach: number): readonly AuditedPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const at = (hours: number) => new Date(START + (index * 14 + hours) * HOURS).toISOString();
    const digest = index.toString(16).padStart(64, '0');
    // A step without a common factor with most lengths: every change comes in turn.
    const from = (index * 7) % Math.max(1, plan.changes.length - changesEach + 1);
    const changes = plan.changes.slice(from, from + changesEach);
    const isWhole = index % 50 !== 7;
    const approver = PEOPLE[index % PEOPLE.length] ?? '';
    return {
      apply: {
        lines: [index * 2 + 1, index * 2 + 2],
        plan: { id: digest.slice(-16), digest },
        started_at: at(0),
        finished_at: at(0.01),
        result: isWhole ? 'converged' : 'incomplete',
        approvals: [{ approver, at: at(-1), comment: `request-${index} is right`, signed: index % 2 === 0 }],
        policy: null,
        by: 'ci@example.com',
        totals: {
          planned: 0,
          applied: changes.length - (isWhole ? 0 : 1),
          already: 0,
          skipped: 0,
          failed: isWhole ? 0 : 1,
          unknown: 0,
          not_attempted: 0,
        },
      },
      plan: { ...plan, changes },
      report: null,
      provenance: null,
      lines: [
        { sequence: index * 2 + 1, hash: 'a'.repeat(64), isSigned: false },
        { sequence: index * 2 + 2, hash: 'b'.repeat(64), isSigned: true },
      ],
    };
  });
}
