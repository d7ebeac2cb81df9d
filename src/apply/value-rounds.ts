import { slugify } from '../contract/slugify.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from '../plan/plan.ts';
import type { Assessment } from './assess-change.ts';

/**
 * Splits changes into rounds that are written one after the other. Saleor derives a value's slug from the existing ones, and
 * two new values with one slug in a call crash it (docs/saleor.md#creating-many-values). Values whose slugs may conflict are
 * therefore in different rounds, in the order in which the plan predicted their slugs. In mode `key` every value has its own
 * slug.
 */
export function roundsOf(plan: Plan, open: readonly Assessment[]): readonly (readonly Assessment[])[] {
  const isSlugWrite = ({ change }: Assessment) => kindOf(change.ref) === 'value' && change.after !== null;
  if (plan.contract.naming === 'key' || !open.every(isSlugWrite)) return [open];
  const creates = open.filter(({ change }) => change.action === 'create');
  const updates = open.filter(({ change }) => change.action !== 'create');
  return [...segments(creates), ...segments(updates)];
}

/** A new round begins with each change whose slugs touch those of the round before it. */
function segments(changes: readonly Assessment[]): readonly (readonly Assessment[])[] {
  const rounds: Assessment[][] = [];
  let used = new Set<string>();
  for (const one of changes) {
    const slugs = slugsOf(one.change);
    const isTouching = rounds.length === 0 || slugs.some((slug) => used.has(slug));
    if (isTouching) {
      rounds.push([]);
      used = new Set();
    }
    rounds.at(-1)?.push(one);
    for (const slug of slugs) used.add(slug);
  }
  return rounds;
}

/** The slugs that a change frees, takes or tries first, each with its attribute; without accents where it has some. */
function slugsOf({ ref, before, after }: Change): readonly string[] {
  const [, attribute] = partsOf(ref);
  const name = String((after as JsonObject)['name']);
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const planned = [before, after].map((document) => (document as JsonObject | null)?.['slug']);
  return [slugify(plain), ...planned].flatMap((slug) =>
    typeof slug === 'string' ? [`${attribute} ${slug}`] : [],
  );
}
