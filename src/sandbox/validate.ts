import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  isRequiredArgument,
  type OperationDefinitionNode,
  ProvidedRequiredArgumentsRule,
  print,
  specifiedRules,
  typeFromAST,
  type ValidationContext,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { coerce, literalProblems, pythonJson, valueProblems } from './coerce.ts';
import type { Variables } from './cost.ts';

/** graphql-core 2's words for a literal that does not fit its argument (recording 01-slug-input-rejected). */
function literals(context: ValidationContext): ASTVisitor {
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

/** The stray quote is Saleor's, and it gives no place (recording 08-attributes-and-product-types). */
function requiredArguments(context: ValidationContext): ASTVisitor {
  return {
    Field: (node) => {
      const given = new Set(node.arguments?.map((a) => a.name.value));
      for (const argument of context.getFieldDef()?.args ?? [])
        if (isRequiredArgument(argument) && !given.has(argument.name))
          context.reportError(
            new GraphQLError(
              `Argument "${argument.name}" of required type ${argument.type}!" was not provided.`.replace(
                '!!"',
                '!"',
              ),
            ),
          );
    },
  };
}

const rules = [
  ...specifiedRules.filter(
    (rule) => rule !== ValuesOfCorrectTypeRule && rule !== ProvidedRequiredArgumentsRule,
  ),
  literals,
];

/** Noticed while the price is computed, before anything else is checked. */
export const missingArguments = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, [requiredArguments]);

export const documentProblems = (schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] =>
  validate(schema, document, rules);

/** Checks and coerces the variables of one operation; throws a GraphQLError. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Variables,
): Variables {
  const coerced: Record<string, unknown> = {};
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type as never);
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
