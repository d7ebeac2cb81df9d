import { membersIn, type ProductDocument } from '../../core/actual-state.ts';
import { groupBy } from '../../core/collections.ts';
import { own } from '../../core/json/records.ts';
import { kindOf, ref } from '../../core/resource-ref.ts';
import { HAZARDS, severityOf } from '../../plan/hazards.ts';
import type { Plan } from '../../plan/plan.ts';
import type { HazardGroup } from './review.ts';

const SEVERITIES = ['danger', 'warning', 'note'] as const;

/** Hazards by code, the severest first; facts (severity `note`) come last. */
export function hazardGroups(plan: Plan): readonly HazardGroup[] {
  const groups = [...groupBy(plan.hazards, ({ code }) => code).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { code } = first;
    return [
      {
        code,
        severity: severityOf(code),
        meaning: own<{ readonly meaning: string }>(HAZARDS, code)?.meaning ?? '',
        refs: group.map((hazard) => hazard.ref),
        causes: code === 'removes_last_member' ? productsThatLose(plan) : {},
      },
    ];
  });
  return groups.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Number of hazards that a reviewer must look at. */
export const countAlarms = (groups: readonly HazardGroup[]): number =>
  groups.reduce((sum, { severity, refs }) => sum + (severity === 'note' ? 0 : refs.length), 0);

/** Ref of each lost value → refs of the products whose change takes it away. */
function productsThatLose({ changes, hazards }: Plan): Readonly<Record<string, readonly string[]>> {
  const lost = new Set(
    hazards.flatMap((hazard) => (hazard.code === 'removes_last_member' ? hazard.ref : [])),
  );
  const products = new Map<string, string[]>([...lost].map((value) => [value, []]));
  for (const change of changes) {
    if (kindOf(change.ref) !== 'product' || change.before === null || change.after === null) continue;
    const after = (change.after as ProductDocument).attributes;
    for (const [attribute, assigned] of Object.entries((change.before as ProductDocument).attributes)) {
      const kept = new Set(membersIn(own(after, attribute)));
      for (const member of membersIn(assigned))
        if (!kept.has(member)) products.get(ref.value(attribute, member))?.push(change.ref);
    }
  }
  return Object.fromEntries(products);
}
