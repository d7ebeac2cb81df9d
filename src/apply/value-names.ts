import { type Actual, valuesOf } from '../core/actual-state.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import { indexOf, indexTerms, type TermIndex } from '../diff/term-index.ts';
import { extraMember, reference } from '../diff/value-matching.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';

/** The names of one attribute's values: slug → name in the plan's documents, and name → slug. */
export interface ValueNames {
  readonly members: ReadonlyMap<string, string>;
  readonly slugs: ReadonlyMap<string, string>;
}

/** Facts about values from the plan alone, without reading the shop. */
interface PlanTerms {
  /** Taxonomy → its terms. */
  readonly index: ReadonlyMap<string, TermIndex>;
  /** Id of a value that the plan adopts → the key that its documents use. */
  readonly adopted: ReadonlyMap<string, string>;
}

/** Computed once per plan: a run reads the shop many times, and indexing thousands of terms is slow. */
const TERMS = new WeakMap<Plan, PlanTerms>();

export function planTermsOf(plan: Plan): PlanTerms {
  const known = TERMS.get(plan);
  if (known !== undefined) return known;
  const { index } = indexTerms(inputsOf(plan));
  const adopted = new Map(
    plan.changes.flatMap(({ ref, ids }) =>
      kindOf(ref) === 'value' && ids['value'] !== undefined ? [[ids['value'], partsOf(ref)[2]] as const] : [],
    ),
  );
  const terms = { index, adopted };
  TERMS.set(plan, terms);
  return terms;
}

/** Names the shop's values as the plan does, also after a value was adopted. Returns attribute → names. */
export function valueNamesIn(plan: Plan, actual: Actual): ReadonlyMap<string, ValueNames> {
  const { index, adopted } = planTermsOf(plan);
  const { naming } = plan.contract;
  const names = new Map<string, ValueNames>();
  for (const rule of plan.contract.attributes) {
    const attribute = rule.slug;
    const byReference = new Map(
      naming === 'key'
        ? []
        : [...indexOf(index, rule).usable.keys()].map((key) => [reference(attribute, key), key] as const),
    );
    const members = new Map(
      Object.entries(valuesOf(actual, attribute)).map(([slug, value]) => [
        slug,
        adopted.get(value.id) ?? byReference.get(value.reference ?? '') ?? extraMember(naming, slug),
      ]),
    );
    names.set(attribute, { members, slugs: new Map([...members].map(([slug, member]) => [member, slug])) });
  }
  return names;
}
