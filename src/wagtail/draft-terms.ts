import type { Contract } from '../contract/contract.ts';
import type { Offering } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, isRecord } from '../core/json/records.ts';
import { isUnsafeText } from '../core/json/untrusted-json.ts';
import { ref } from '../core/resource-ref.ts';

const NO_DRAFTS: JsonObject = {};

/** Field → keys of terms that were never published; null: it has another shape. */
export function draftKeysOf(page: JsonObject): Readonly<Record<string, readonly string[]>> | null {
  const drafts = page['draft_terms'] ?? NO_DRAFTS;
  const isListOfKeys = (keys: unknown) =>
    Array.isArray(keys) && keys.every((key) => typeof key === 'string' && !isUnsafeText(key));
  return isRecord(drafts) && Object.values(drafts).every(isListOfKeys)
    ? (drafts as Readonly<Record<string, readonly string[]>>)
    : null;
}

/** Source field → the taxonomy of its keys. */
export function taxonomyOfField(contract: Contract): ReadonlyMap<string, string> {
  const named = [...contract.attributes, ...contract.metadata].flatMap(
    ({ source, taxonomy }): [string, string][] => (taxonomy === undefined ? [] : [[source, taxonomy]]),
  );
  return new Map(named.reverse());
}

/** The problem of a page that uses a term that was never published; its key is in no set. */
export function draftTerm(
  taxonomy: string,
  key: string,
  page: Pick<Offering, 'page_id' | 'title'>,
): Diagnostic {
  return {
    severity: 'warning',
    code: 'term_draft',
    ref: ref.taxonomy(taxonomy),
    data: { key, page_id: page.page_id, title: page.title },
  };
}

/** Sorted by page, taxonomy and key, without duplicates: two fields of a page may name the same term. */
export function sortedProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = ({ ref, data }: Diagnostic) =>
    `${String(data['page_id'] ?? '').padStart(16, '0')} ${ref} ${String(data['key'] ?? '')}`;
  const once = new Map(problems.map((problem) => [rank(problem), problem]));
  return [...once.entries()].sort(([a], [b]) => byCodeUnit(a, b)).map(([, problem]) => problem);
}
