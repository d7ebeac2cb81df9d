import { type Contract, taxonomies } from '../../contract/contract.ts';
import type { Desired, Term } from '../../core/desired-state.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Json } from '../../core/json/json-value.ts';
import { own } from '../../core/json/records.ts';
import { malformed } from '../../core/json/untrusted-json.ts';
import type { Export } from '../generated/desired.js';
import { readTerm, taxonomyFrom } from '../terms.ts';

/** The terms of a taxonomy, and what of them cannot be read. */
interface TaxonomyReading {
  readonly taxonomy: string;
  readonly terms: readonly Term[];
  readonly problems: readonly Diagnostic[];
}

export const taxonomiesFrom = (read: readonly TaxonomyReading[], locale: string): Desired['taxonomies'] =>
  Object.fromEntries(read.map(({ taxonomy, terms }) => [taxonomy, taxonomyFrom(terms, locale)]));

export const termProblems = (read: readonly TaxonomyReading[]): readonly Diagnostic[] =>
  read.flatMap(({ problems }) => problems);

export function termsByTaxonomy(
  document: Pick<Export, 'taxonomies'>,
  contract: Contract,
  closed: Readonly<Record<string, readonly Term[]>>,
  name: string,
): readonly TaxonomyReading[] {
  const listed = document.taxonomies as Readonly<Record<string, readonly Json[]>>;
  const missing = taxonomies(contract).filter((taxonomy) => !own(closed, taxonomy) && !own(listed, taxonomy));
  if (missing.length > 0) {
    throw malformed(
      name,
      missing.map(
        (taxonomy) => `taxonomies.${taxonomy}: missing, but the contract ${contract.name} reads it`,
      ),
      'Add the snippet model to the export, or change the contract.',
    );
  }
  return taxonomies(contract).map((taxonomy) => {
    const given = own(closed, taxonomy);
    if (given !== undefined) return { taxonomy, terms: given, problems: [] };
    const read = (own(listed, taxonomy) ?? []).map((item) => readTerm(item, taxonomy));
    return {
      taxonomy,
      terms: read.map(({ term }) => term),
      problems: read.flatMap(({ problems }) => problems),
    };
  });
}
