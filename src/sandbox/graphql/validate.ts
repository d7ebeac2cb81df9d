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
import { oncePerDocument } from './once-per-document.ts';
import type { Variables } from './query-cost.ts';
import { sandboxSchema } from './schema.ts';

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

/** A required argument that a document leaves out; `variable`: it is only missing where no variable of this name is given. */
interface MissingArgument {
  readonly message: string;
  readonly variable: string | null;
}

/** The stray quote and the missing location are Saleor's (recording 08-attributes-and-product-types). */
const requiredArgumentsRule =
  (found: MissingArgument[]) =>
  (context: ValidationContext): ASTVisitor => ({
    Field: (node) => {
      for (const argument of context.getFieldDef()?.args ?? []) {
        if (!isRequiredArgument(argument)) continue;
        const value = node.arguments?.find((a) => a.name.value === argument.name)?.value;
        const start = `Argument "${argument.name}" of required type ${String(argument.type).replace(/!$/, '')}!"`;
        if (!value) found.push({ message: `${start} was not provided.`, variable: null });
        else if (value.kind === Kind.VARIABLE) {
          const variable = value.name.value;
          const message = `${start} provided the variable "$${variable}" which was not provided`;
          found.push({ message, variable });
        }
      }
    },
  });

const rules = [
  ...specifiedRules.filter(
    (rule) => rule !== ValuesOfCorrectTypeRule && rule !== ProvidedRequiredArgumentsRule,
  ),
  literalsRule,
];

const requiredArguments = oncePerDocument((document) => {
  const found: MissingArgument[] = [];
  validate(sandboxSchema(), document, [requiredArgumentsRule(found)]);
  return found;
});

/** Saleor finds these while it computes the cost, before any other check. */
export const missingArguments = (document: DocumentNode, variables: Variables): readonly GraphQLError[] =>
  requiredArguments(document)
    .filter(({ variable }) => variable === null || !(variable in variables))
    .map(({ message }) => new GraphQLError(message));

/** Validates a document by the rules of GraphQL, in the words of graphql-core 2. */
export const documentProblems: (document: DocumentNode) => readonly GraphQLError[] = oncePerDocument(
  (document) => validate(sandboxSchema(), document, rules).map(withSaleorWording),
);

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
