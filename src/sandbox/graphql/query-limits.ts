import { type DocumentNode, Kind, visit } from 'graphql';
import { oncePerDocument } from './once-per-document.ts';

export interface Limits {
  readonly mutations: number;
  readonly aliases: number;
  readonly batch: number;
  readonly cost: number;
  readonly bodyBytes: number;
  readonly depth: number;
}

/** Saleor's defaults (docs/saleor.md#request-limits). */
export const defaultLimits: Limits = {
  mutations: 4,
  aliases: 100,
  batch: 1,
  cost: 50_000,
  bodyBytes: 2_621_440,
  depth: 240,
};

/** Counts top-level selections of all mutations; mutations in a fragment spread escape the count, as in Saleor. */
const countsOf = oncePerDocument((document) => {
  const counts = { mutations: 0, aliases: 0, depth: 0 };
  let depth = 0;
  visit(document, {
    OperationDefinition: (node) => {
      if (node.operation === 'mutation') counts.mutations += node.selectionSet.selections.length;
    },
    Field: (node) => {
      if (node.alias) counts.aliases += 1;
    },
    SelectionSet: {
      enter: () => {
        depth += 1;
        counts.depth = Math.max(counts.depth, depth);
      },
      leave: () => {
        depth -= 1;
      },
    },
  });
  return counts;
});

export function limitProblems(document: DocumentNode, limits: Limits): readonly string[] {
  const { mutations, aliases } = countsOf(document);
  const problems: string[] = [];
  if (aliases > limits.aliases) problems.push(`Number of aliases exceed the limit of ${limits.aliases}`);
  if (mutations > limits.mutations)
    problems.push(`Number of mutations exceed the limit of ${limits.mutations}`);
  return problems;
}

/** Whether Saleor crashes on the document with HTTP 500 (recording 03-alias-and-mutation-count-limits, 11-http-statuses). */
export function isPathological(document: DocumentNode, limits: Limits): boolean {
  const hasRootFragment = document.definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.selectionSet.selections.some((s) => s.kind === Kind.INLINE_FRAGMENT),
  );
  return hasRootFragment || countsOf(document).depth >= limits.depth;
}

/** Whether `__schema` is beside other root fields. */
export function mixesIntrospection(document: DocumentNode): boolean {
  const roots = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections : [],
  );
  const names = roots.map((s) => (s.kind === Kind.FIELD ? s.name.value : ''));
  return names.includes('__schema') && names.some((name) => name !== '__schema');
}
