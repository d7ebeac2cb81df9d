import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
} from 'graphql';
import type { Context } from './context.ts';
import { FieldError } from './errors.ts';
import { parseQuery, SaleorSyntaxError } from './parse.ts';
import { costOf, type Variables } from './query-cost.ts';
import { isPathological, type Limits, limitProblems, mixesIntrospection } from './query-limits.ts';
import { graphqlTypeName, resolveField, sandboxSchema } from './schema.ts';
import { coerceVariables, documentProblems, missingArguments } from './validate.ts';

export interface GraphQLRequest {
  readonly query: string;
  readonly variables: Variables;
  readonly operationName: string | null;
}

export interface ExecutedRequest {
  readonly status: number;
  /** Null: Django's HTML page for a crash instead of JSON. */
  readonly json: object | null;
  /** False: nothing was executed. */
  readonly isExecuted: boolean;
}

interface ErrorEntry extends Pick<GraphQLFormattedError, 'message' | 'locations' | 'path'> {
  readonly extensions: object;
}

export const errorEntry = (message: string, code = 'GraphQLError', more: object = {}): ErrorEntry => ({
  message,
  ...more,
  extensions: { exception: { code } },
});

function toErrorEntry(error: GraphQLError): ErrorEntry {
  const original = error.originalError;
  const code = original instanceof FieldError ? original.code : 'GraphQLError';
  const isOurs = original === undefined || original instanceof FieldError || original instanceof GraphQLError;
  const isBug = !isOurs && !error.message.startsWith('Cannot return null for non-nullable field');
  if (isBug) throw original;
  return errorEntry(error.message, code, {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  });
}

const rejected = (errors: readonly ErrorEntry[], extensions?: object): ExecutedRequest => ({
  status: 400,
  json: { errors, ...(extensions ? { extensions } : {}) },
  isExecuted: false,
});

function parseOrReject(query: string): DocumentNode | ExecutedRequest {
  try {
    return parseQuery(query);
  } catch (error) {
    if (!(error instanceof SaleorSyntaxError)) throw error;
    const locations = [{ line: error.line, column: error.column }];
    return rejected([errorEntry(error.message, 'GraphQLSyntaxError', { locations })]);
  }
}

/** Parses, limits, prices, validates and executes one request, in Saleor's order and with its words and statuses. */
export async function executeRequest(
  request: GraphQLRequest,
  context: Context,
  limits: Limits,
): Promise<ExecutedRequest> {
  if (request.query === '') return rejected([errorEntry('Must provide a query string.')]);
  const document = parseOrReject(request.query);
  if ('status' in document) return document;
  if (isPathological(document, limits)) return { status: 500, json: null, isExecuted: false };
  if (mixesIntrospection(document))
    return rejected([errorEntry('Queries and introspection cannot be mixed in the same request.')]);
  const cost = costOf(document, sandboxSchema(), request.variables);
  const invalid = checkDocument(document, request.variables, { cost, limits });
  return invalid ?? executeOperation(document, request, { context, cost: costExtension(cost, limits) });
}

const costExtension = (cost: number, limits: Limits) => ({
  cost: { requestedQueryCost: cost, maximumAvailable: limits.cost },
});

/** Saleor checks cost and limits first, and validates only if they pass (recording 08-attributes-and-product-types). */
function checkDocument(
  document: DocumentNode,
  variables: Variables,
  { cost, limits }: { readonly cost: number; readonly limits: Limits },
): ExecutedRequest | null {
  const extension = costExtension(cost, limits);
  const errors = missingArguments(document, variables).map(toErrorEntry);
  if (cost > limits.cost) {
    const message = `The query exceeds the maximum cost of ${limits.cost}. Actual cost is ${cost}`;
    errors.push({ message, extensions: { ...extension, exception: { code: 'QueryCostError' } } });
  }
  errors.push(...limitProblems(document, limits).map((message) => errorEntry(message)));
  if (
    document.definitions.some((d) => d.kind === Kind.OPERATION_DEFINITION && d.operation === 'subscription')
  )
    errors.push(errorEntry('not in the sandbox: subscriptions', 'NotInTheSandbox'));
  if (errors.length === 0) errors.push(...documentProblems(document).map(toErrorEntry));
  return errors.length > 0 ? rejected(errors, extension) : null;
}

async function executeOperation(
  document: DocumentNode,
  request: GraphQLRequest,
  { context, cost }: { readonly context: Context; readonly cost: object },
): Promise<ExecutedRequest> {
  const operation = getOperationAST(document, request.operationName);
  if (!operation) {
    const count = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).length;
    return rejected([
      errorEntry(
        request.operationName
          ? `Unknown operation named "${request.operationName}".`
          : count > 1
            ? 'Must provide operation name if query contains multiple operations.'
            : 'Must provide an operation.',
      ),
    ]);
  }
  let variables: Variables;
  try {
    variables = coerceVariables(sandboxSchema(), operation, request.variables);
  } catch (error) {
    if (error instanceof GraphQLError) return rejected([toErrorEntry(error)]);
    throw error;
  }
  const result: ExecutionResult = await execute({
    schema: sandboxSchema(),
    document,
    operationName: request.operationName,
    variableValues: variables,
    contextValue: context,
    fieldResolver: resolveField,
    typeResolver: graphqlTypeName,
  });
  return {
    status: 200,
    json: {
      ...(result.errors ? { errors: result.errors.map(toErrorEntry) } : {}),
      data: result.data,
      extensions: cost,
    },
    isExecuted: true,
  };
}
