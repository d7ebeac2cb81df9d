import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * Fields that cost 1 each. `*`: times the sum of `first` and `last`; `%`: times `limit`. The factor also applies to
 * everything below (docs/saleor.md#query-cost). The costs in all recordings agree.
 */
const COSTED_FIELDS: Readonly<Record<string, string>> = {
  Query:
    'app attribute attributes* channel channels me pages* product products* productType productTypes* productVariants*',
  App: 'tokens',
  Attribute: 'choices* productTypes* productVariantTypes*',
  Category: 'description parent products*',
  Collection: 'products*',
  Product: 'attributes category collections description productType variants assignedAttributes%',
  ProductType: 'availableAttributes* productAttributes products*',
  ProductVariant: 'attributes product',
  SelectedAttribute: 'attribute values',
  AssignedAttribute: 'attribute',
  AssignedChoiceAttributeValue: 'translation',
  AssignedSingleChoiceAttribute: 'value',
  AssignedMultiChoiceAttribute: 'attribute value%',
  AssignedBooleanAttribute: 'attribute value',
  User: 'userPermissions',
};

export type Variables = Readonly<Record<string, unknown>>;

interface CostContext {
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function multiplierOf(type: string, field: string): { readonly by: readonly string[] } | null {
  const names = (COSTED_FIELDS[type] ?? '').split(' ');
  if (names.includes(field)) return { by: [] };
  if (names.includes(`${field}*`)) return { by: ['first', 'last'] };
  return names.includes(`${field}%`) ? { by: ['limit'] } : null;
}

function numberArgument(
  args: readonly ArgumentNode[] | undefined,
  name: string,
  variables: Variables,
): number {
  const value = args?.find((a) => a.name.value === name)?.value;
  if (value?.kind === Kind.INT) {
    const number = Number(value.value);
    return number > 2147483647 ? 0 : number;
  }
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' ? given : 0;
}

function fieldCost(node: FieldNode, parent: GraphQLNamedType, factors: number, walk: CostContext): number {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
  const field = parent.getFields()[node.name.value];
  if (!field) return 0;
  const found = multiplierOf(parent.name, node.name.value);
  const limit =
    found?.by[0] === 'limit' && !node.arguments?.some((a) => a.name.value === 'limit') ? [100] : [];
  const counts = (found?.by ?? [])
    .map((name) => numberArgument(node.arguments, name, walk.variables))
    .filter((n) => n > 0);
  const all = [...counts, ...limit];
  const factor = all.length > 0 ? factors * all.reduce((sum, n) => sum + n, 0) : factors;
  const own = found ? factor : 0;
  return (
    own + (node.selectionSet ? selectionCost(node.selectionSet, getNamedType(field.type), factor, walk) : 0)
  );
}

/** Of fragments on different types Saleor counts the most expensive one, with the cost of its interfaces. */
function selectionCost(
  set: SelectionSetNode,
  parent: GraphQLNamedType,
  factors: number,
  walk: CostContext,
): number {
  let total = 0;
  const byType = new Map<string, number>();
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      total += fieldCost(node, parent, factors, walk);
      continue;
    }
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(node.name.value) : node;
    if (!fragment) continue;
    const on = fragment.typeCondition ? walk.schema.getType(fragment.typeCondition.name.value) : parent;
    if (on)
      byType.set(
        on.name,
        (byType.get(on.name) ?? 0) + selectionCost(fragment.selectionSet, on, factors, walk),
      );
  }
  return total + mostExpensive(byType, walk.schema);
}

function mostExpensive(byType: ReadonlyMap<string, number>, schema: GraphQLSchema): number {
  const costs = Array.from(byType, ([name, cost]) => {
    const type = schema.getType(name);
    const interfaces = isObjectType(type) ? type.getInterfaces() : [];
    return cost + interfaces.reduce((sum, i) => sum + (byType.get(i.name) ?? 0), 0);
  });
  return Math.max(0, ...costs);
}

/** Cost of all operations of a document, computed from its arguments alone. */
export function costOf(document: DocumentNode, schema: GraphQLSchema, variables: Variables): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const walk = { schema, variables, fragments };
  return document.definitions.reduce((sum, node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return sum;
    const root = schema.getRootType(node.operation);
    return root ? sum + selectionCost(node.selectionSet, root, 1, walk) : sum;
  }, 0);
}
