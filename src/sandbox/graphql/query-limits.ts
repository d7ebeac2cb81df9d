import { type DocumentNode, Kind, visit } from 'graphql';

export interface Limits {
  readonly mutations: number;
  readonly aliases: number;
  readonly batch: number;
  readonly cost: number;
  readonly bodyBytes: number;
  readonly depth: number;
}

/** Saleor's own defaults (docs/saleor.md#request-limits). */
export const defaultLimits: Limits = {
  mutations: 4,
  aliases: 100,
  batch: 1,
  cost: 50_000,
  bodyBytes: 2_621_440,
  depth: 240,
};

/** Top-level selections of all mutations in the document: those inside a fragment spread escape the count. */
export function limitProblems(document: DocumentNode, limits: Limits): readonly string[] {
  let mutations = 0;
  let aliases = 0;
  visit(document, {
    OperationDefinition: (node) => {
      if (node.operation === 'mutation') mutations += node.selectionSet.selections.length;
    },
    Field: (node) => {
      if (node.alias) aliases += 1;
    },
  });
  const problems: string[] = [];
  if (aliases > limits.aliases) problems.push(`Number of aliases exceed the limit of ${limits.aliases}`);
  if (mutations > limits.mutations)
    problems.push(`Number of mutations exceed the limit of ${limits.mutations}`);
  return problems;
}

/** Documents that Saleor's own bookkeeping stumbles over: HTTP 500 (recordings 03-alias…, 11-http-statuses). */
export function isPathological(document: DocumentNode, limits: Limits): boolean {
  const hasRootFragment = document.definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.selectionSet.selections.some((s) => s.kind === Kind.INLINE_FRAGMENT),
  );
  return hasRootFragment || depthOf(document) >= limits.depth;
}

function depthOf(document: DocumentNode): number {
  let depth = 0;
  let deepest = 0;
  visit(document, {
    SelectionSet: {
      enter: () => {
        depth += 1;
        deepest = Math.max(deepest, depth);
      },
      leave: () => {
        depth -= 1;
      },
    },
  });
  return deepest;
}

/** `null` unless `__schema` stands beside other root fields. */
export function mixesIntrospection(document: DocumentNode): boolean {
  const roots = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections : [],
  );
  const names = roots.map((s) => (s.kind === Kind.FIELD ? s.name.value : ''));
  return names.includes('__schema') && names.some((name) => name !== '__schema');
}
