import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  isRequiredArgument,
  Kind,
  type OperationDefinitionNode,
  ProvidedRequiredArgumentsRule,
  print,
  specifiedRules,
  typeFromAST,
  type ValidationContext,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { coerce, literalProblems, pythonJson, valueProblems } from './coerce-input.ts';
import type { Variables } from './query-cost.ts';

/** Reports literals that do not fit their argument in the words of graphql-core 2 (recording 01-slug-input-rejected). */
function literalsRule(context: ValidationContext): ASTVisitor {
  return {
    Argument: (node) => {
      const argument = context.getArgument();
      const problems = argument ? literalProblems(node.value, argument.type) : [];
      if (problems.length === 0) return undefined;
      context.reportError(
        new GraphQLError(
          `Argument "${node.name.value}" has invalid value ${print(node.value)}.\n${problems.join('\n')}`,
          { nodes: node.value },
        ),
      );
      return false;
    },
  };
}

/** The stray quote and the missing location are Saleor's (recording 08-attributes-and-product-types). */
const requiredArgumentsRule =
  (variables: Variables) =>
  (context: ValidationContext): ASTVisitor => ({
    Field: (node) => {
      for (const argument of context.getFieldDef()?.args ?? []) {
        if (!isRequiredArgument(argument)) continue;
        const value = node.arguments?.find((a) => a.name.value === argument.name)?.value;
        const start = `Argument "${argument.name}" of required type ${String(argument.type).replace(/!$/, '')}!"`;
        if (!value) context.reportError(new GraphQLError(`${start} was not provided.`));
        else if (value.kind === Kind.VARIABLE && !(value.name.value in variables))
          context.reportError(
            new GraphQLError(`${start} provided the variable "$${value.name.value}" which was not provided`),
          );
      }
    },
  });

const rules = [
  ...specifiedRules.filter(
    (rule) => rule !== ValuesOfCorrectTypeRule && rule !== ProvidedRequiredArgumentsRule,
  ),
  literalsRule,
];

/** Saleor finds these while it computes the cost, before any other check. */
export const missingArguments = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
): readonly GraphQLError[] => validate(schema, document, [requiredArgumentsRule(variables)]);

/** Validates a document by the rules of GraphQL, in the words of graphql-core 2. */
export const documentProblems = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, rules).map(withSaleorWording);

/** Messages of graphql-js → messages of graphql-core 2. */
const SALEOR_WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/^Unknown argument "(\w+)" on field "(\w+)\.(\w+)"/, 'Unknown argument "$1" on field "$3" of type "$2"'],
  [/^(Unknown type "\w+"\.) Did you mean /, '$1 Perhaps you meant '],
  [/^(Field "\w+" of type "[^"]+" must have a) selection of subfields\..*$/, '$1 sub selection.'],
  [
    /^Field "(\w+)" must not have a selection since type "([^"]+)" has no subfields\.$/,
    'Field "$1" of type "$2" must not have a sub selection.',
  ],
  [/^There can be only one /, 'There can only be one '],
  [/^Variable "\$(\w+)" (of type "[^"]+" used in position)/, 'Variable "$1" $2'],
];

function withSaleorWording(error: GraphQLError): GraphQLError {
  const message = SALEOR_WORDINGS.reduce(
    (text, [pattern, words]) => text.replace(pattern, words),
    error.message,
  );
  return message === error.message ? error : new GraphQLError(message, { nodes: error.nodes ?? null });
}

/** Checks and coerces the variables of one operation. Throws a GraphQLError. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Variables,
): Variables {
  const coerced: Record<string, unknown> = {};
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!type || !isInputType(type)) continue;
    const value = given[name];
    if ((value === null || value === undefined) && isNonNullType(type) && !definition.defaultValue)
      throw new GraphQLError(`Variable "$${name}" of required type "${type}" was not provided.`, {
        nodes: definition,
      });
    const problems = valueProblems(
      value,
      definition.defaultValue && isNonNullType(type) ? type.ofType : type,
    );
    if (problems.length > 0)
      throw new GraphQLError(
        `Variable "$${name}" got invalid value ${pythonJson(value)}.\n${problems.join('\n')}`,
        {
          nodes: definition,
        },
      );
    if (value !== undefined) coerced[name] = coerce(value, type);
  }
  return coerced;
}
