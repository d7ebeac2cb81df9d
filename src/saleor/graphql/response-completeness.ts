import type { DocumentNode } from 'graphql';

/**
 * The first root field that was asked for and is not in the answer, or is neither object nor list; null: all are there.
 * A null is an answer. What stands inside is judged by whoever reads it, with a better name for the place.
 */
export function lackingIn(asked: DocumentNode, data: Readonly<Record<string, unknown>>): string | null {
  for (const definition of asked.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind !== 'Field') continue;
      const name = selection.alias?.value ?? selection.name.value;
      if (!Object.hasOwn(data, name) || typeof data[name] !== 'object') return name;
    }
  }
  return null;
}
