import { type DocumentNode, Kind, parse, type SelectionNode, valueFromASTUntyped } from 'graphql';
import type { ExecutedRequest, GraphQLRequest } from '../graphql/execute.ts';
import type { Variables } from '../graphql/query-cost.ts';

/** One root field of an executed mutation. */
interface MutationEntry {
  /** The alias, or the field's own name. */
  readonly alias: string;
  readonly name: string;
  /** Arguments, with variables replaced by their values. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly variables: Variables;
  /** `ok`; `refused`: errors in the payload; `failed`: a top-level error. */
  readonly outcome: 'ok' | 'refused' | 'failed';
}

export interface Log {
  readonly mutations: MutationEntry[];
  readonly counts: {
    requests: number;
    /** Executed requests, by the kind of their operation. */
    queries: number;
    mutations: number;
    /** Size of all answers before compression. */
    bytes: number;
  };
}

export const emptyLog = (): Log => ({
  mutations: [],
  counts: { requests: 0, queries: 0, mutations: 0, bytes: 0 },
});

interface RootField {
  readonly alias: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface RequestShape {
  readonly kind: 'query' | 'mutation' | 'none';
  readonly fields: readonly RootField[];
}

function rootFields(
  document: DocumentNode,
  selections: readonly SelectionNode[],
  variables: Variables,
): RootField[] {
  return selections.flatMap((node): RootField[] => {
    if (node.kind === Kind.FIELD) {
      const args = (node.arguments ?? []).map((a) => [
        a.name.value,
        valueFromASTUntyped(a.value, { ...variables }),
      ]);
      const alias = node.alias?.value ?? node.name.value;
      return [{ alias, name: node.name.value, args: Object.fromEntries(args) as RootField['args'] }];
    }
    if (node.kind === Kind.INLINE_FRAGMENT)
      return rootFields(document, node.selectionSet.selections, variables);
    const name = node.name.value;
    const found = document.definitions.find(
      (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === name,
    );
    return found?.kind === Kind.FRAGMENT_DEFINITION
      ? rootFields(document, found.selectionSet.selections, variables)
      : [];
  });
}

/** The root fields of a request's operation; kind `none` if it does not parse. */
export function shapeOf(request: GraphQLRequest): RequestShape {
  let document: DocumentNode;
  try {
    document = parse(request.query);
  } catch {
    return { kind: 'none', fields: [] };
  }
  const operation = document.definitions.find(
    (d) =>
      d.kind === Kind.OPERATION_DEFINITION &&
      (request.operationName === null || d.name?.value === request.operationName),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return { kind: 'none', fields: [] };
  const kind = operation.operation === 'mutation' ? 'mutation' : 'query';
  return { kind, fields: rootFields(document, operation.selectionSet.selections, request.variables) };
}

function outcomeOf(alias: string, answer: ExecutedRequest): MutationEntry['outcome'] {
  const { data } = (answer.json ?? {}) as { readonly data?: Readonly<Record<string, unknown>> | null };
  const payload = data?.[alias] as { readonly errors?: readonly unknown[] } | null | undefined;
  if (!payload) return 'failed';
  return (payload.errors?.length ?? 0) > 0 ? 'refused' : 'ok';
}

/** Adds an executed request to the log; requests that Saleor rejects before execution leave no trace. */
export function logRequest(
  log: Log,
  request: GraphQLRequest,
  shape: RequestShape,
  answer: ExecutedRequest,
): void {
  if (!answer.isExecuted) return;
  if (shape.kind === 'query') log.counts.queries += 1;
  if (shape.kind !== 'mutation') return;
  log.counts.mutations += 1;
  for (const field of shape.fields)
    log.mutations.push({ ...field, variables: request.variables, outcome: outcomeOf(field.alias, answer) });
}
