import type { Contract } from '../contract/contract.ts';
import type { ProductDocument } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isSame } from '../core/json/canonical-json.ts';
import { byCodeUnit, sortedRecord } from '../core/json/records.ts';
import { collector, type StepDiff } from './change-collector.ts';
import { isOfImage, mergeImageProblems } from './image-problems.ts';
import { withPatch } from './json-patch.ts';
import type { Resolved } from './match-products.ts';
import { inMemberOrder, memberNamer } from './member-names.ts';
import type { Inputs, SkippedPage } from './model.ts';
import { documentDeriver } from './product-document.ts';
import { type EarlierSteps, emptiedFinder, prerequisitesIn } from './product-prerequisites.ts';

/** Step D: each offering's product gets exactly the document derived from its page. */
export function diffProducts(
  inputs: Inputs,
  offerings: readonly Resolved[],
  earlier: EarlierSteps,
): StepDiff & { readonly skipped: readonly SkippedPage[] } {
  const found = collector();
  const skipped: SkippedPage[] = [];
  // Thousands of documents are made: from rules in the order of their names, so that none needs sorting.
  const sorted = { contract: sortedRules(inputs.contract), shopUrl: inputs.actual.target.api_url };
  const named = memberNamer(sorted, earlier.availability);
  const derive = documentDeriver(sorted, earlier.terms);
  const prerequisites = prerequisitesIn(inputs, earlier);
  const emptiedBy = emptiedFinder(inputs);
  for (const resolved of offerings) {
    const { offering, ref, product } = resolved;
    const held = product && named(product.product);
    const derived = derive({ offering, address: ref, held });
    const problems = resolved.problems.concat(
      derived.problems,
      prerequisites.problemsOf(resolved, derived.document),
      held === null ? [] : emptiedBy(resolved, held, derived.document),
    );
    found.problems.push(...problems);
    const { page_id, title } = offering;
    if (product === null || held === null || problems.some(isBlocking)) {
      const codes = problems.filter(isBlocking).map(({ code }) => code);
      skipped.push({ ref, page_id, title, codes: [...new Set(codes)].sort() });
      continue;
    }
    const before = without(held, derived.kept);
    const after = without(derived.document, derived.kept);
    if (isSame(before, after)) continue;
    found.changes.push(
      withPatch({
        ref,
        action: 'update',
        reason: 'differs',
        before: inMemberOrder(before),
        after: inMemberOrder(after),
        needs: prerequisites.needsOf(product.product.type, before, derived.document),
        ids: { product: product.product.id },
        provenance: { page_id, title },
      }),
    );
  }
  return { changes: found.changes, problems: mergeImageProblems(found.problems), skipped };
}

const sortedRules = (contract: Contract): Contract => ({
  ...contract,
  attributes: contract.attributes.toSorted((a, b) => byCodeUnit(a.slug, b.slug)),
  metadata: contract.metadata.toSorted((a, b) => byCodeUnit(a.key, b.key)),
});

const isBlocking = ({ severity, code }: Diagnostic): boolean => severity === 'error' && !isOfImage(code);

function without(document: ProductDocument, keys: ReadonlySet<string>): ProductDocument {
  if (keys.size === 0) return document;
  const metadata = sortedRecord(Object.entries(document.metadata).filter(([key]) => !keys.has(key)));
  return { attributes: document.attributes, metadata };
}
