import { taxonomies } from '../contract/contract.ts';
import { KEY } from '../contract/slug.ts';
import type { Term } from '../state/desired.ts';
import { byCodeUnit, own } from '../state/json.ts';
import type { Problem } from '../state/problem.ts';
import { ref } from '../state/ref.ts';
import type { Inputs } from './inputs.ts';

/** A taxonomy's terms by key. `usable` holds those that can become values; `wrong` says why the others cannot. */
export interface TermIndex {
  readonly usable: ReadonlyMap<string, Term>;
  readonly wrong: ReadonlyMap<string, string>;
}

/** Saleor's limit for the name of a value and of its translation (facts/saleor §1). */
export const NAME_MAX = 250;

/** Step A: every taxonomy of the contract, checked against the key rules (specification §10) and the registry. */
export function indexTerms(inputs: Pick<Inputs, 'contract' | 'desired' | 'registry'>): {
  index: ReadonlyMap<string, TermIndex>;
  problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const index = new Map<string, TermIndex>();
  for (const taxonomy of taxonomies(inputs.contract)) {
    const terms = own(inputs.desired.taxonomies, taxonomy) ?? [];
    const found = judge(taxonomy, terms, registryFor(inputs, taxonomy));
    index.set(taxonomy, found.index);
    problems.push(...found.problems);
  }
  return { index, problems };
}

/** The registry binds a taxonomy when an attribute of the contract says so and a registry was given. */
function registryFor(
  { contract, registry }: Pick<Inputs, 'contract' | 'registry'>,
  taxonomy: string,
): ReadonlySet<string> | null {
  const isBound = contract.attributes.some((rule) => rule.taxonomy === taxonomy && rule.registry === true);
  return isBound && registry !== null ? new Set(registry) : null;
}

function judge(taxonomy: string, terms: readonly Term[], registry: ReadonlySet<string> | null) {
  const problems: Problem[] = [];
  const usable = new Map<string, Term>();
  const wrong = new Map<string, string>();
  const byKey = group(terms);
  for (const [key, same] of [...byKey].sort(([a], [b]) => byCodeUnit(a, b))) {
    const [term] = same;
    if (term === undefined) continue;
    const fault = faultOf(term, same, registry);
    if (fault === null) {
      usable.set(key, term);
      continue;
    }
    wrong.set(key, fault);
    problems.push({
      severity: 'error',
      code: fault,
      ref: ref.taxonomy(taxonomy),
      data: { key, labels: same.map(({ label }) => label).sort(byCodeUnit) },
    });
  }
  return { index: { usable, wrong }, problems };
}

function faultOf(
  { key, label }: Term,
  same: readonly Term[],
  registry: ReadonlySet<string> | null,
): string | null {
  if (!KEY.test(key)) return 'key_malformed';
  if (key.length > NAME_MAX) return 'key_too_long';
  if (same.length > 1) return 'key_duplicate';
  if (label.trim() === '') return 'label_empty';
  if (registry !== null && !registry.has(key)) return 'registry_unknown';
  return null;
}

function group(terms: readonly Term[]): Map<string, Term[]> {
  const groups = new Map<string, Term[]>();
  for (const term of terms) groups.set(term.key, [...(groups.get(term.key) ?? []), term]);
  return groups;
}
