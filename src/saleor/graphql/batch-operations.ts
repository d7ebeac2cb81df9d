import { FRAGMENTS, type Operation } from '../generated/operations.ts';

/** One operation with its variables. */
export interface Call<Result = unknown, Variables = unknown> {
  readonly operation: Operation<Result, Variables>;
  readonly variables: Variables;
}

export const call = <Result, Variables>(
  operation: Operation<Result, Variables>,
  variables: Variables,
): Call<Result, Variables> => ({ operation, variables });

/** The type of the only root field of a result; unknown where the operation is not known. */
export type Root<Result> = unknown extends Result ? unknown : Result[keyof Result];

/** The root fields that several calls in one request answer, in the order of the calls. */
export type RootsOf<Calls extends readonly Call[]> = {
  readonly [Index in keyof Calls]: Calls[Index] extends Call<infer Result> ? Root<Result> : never;
};

export interface Composed {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Name → text that replaces the fragment of that name. */
export type Fragments = Readonly<Record<string, string>>;

/** A document of one operation, under the operation's own name. */
export function singleOperation({ operation, variables }: Call, fragments: Fragments = {}): Composed {
  const { kind, name, text } = operation;
  const head = declare(Object.entries(operation.variables));
  return {
    document: `${kind} ${name}${head}{${text}}${fragmentsOf(text, fragments)}`,
    variables: variables as Readonly<Record<string, unknown>>,
  };
}

/**
 * A document of several operations of one kind, each with one root field; the root fields are m0, m1, … in their order. A
 * list or object that is given to several of them is sent once, because a few conditions share thousands of ids. Throws a
 * TypeError for queries and mutations together.
 */
export function batchOperations(calls: readonly Call[], fragments: Fragments = {}): Composed {
  const kinds = new Set(calls.map(({ operation }) => operation.kind));
  if (kinds.size !== 1) throw new TypeError('queries and mutations do not go together');
  const declared: [string, string][] = [];
  const variables: [string, unknown][] = [];
  const shared = new Map<unknown, Readonly<Record<string, string>>>();
  const nameOf = (name: string, type: string, value: unknown, index: number): string => {
    const known = shared.get(value)?.[type];
    if (known !== undefined) return known;
    const own = `${name}_${index}`;
    declared.push([own, type]);
    variables.push([own, value]);
    if (typeof value === 'object' && value !== null) shared.set(value, { ...shared.get(value), [type]: own });
    return own;
  };
  const parts = calls.map(({ operation, variables: given }, index) => {
    const names = Object.fromEntries(
      Object.entries(operation.variables).map(([name, type]) => [
        name,
        nameOf(name, type, (given as Readonly<Record<string, unknown>>)[name], index),
      ]),
    );
    return `m${index}:${operation.text.replace(/\$(\w+)/g, (_, name: string) => `$${names[name]}`)}`;
  });
  const name = [...new Set(calls.map(({ operation }) => operation.name))].join('And');
  return {
    document: `${[...kinds][0]} ${name}${declare(declared)}{${parts.join(' ')}}${fragmentsOf(parts.join(' '), fragments)}`,
    variables: Object.fromEntries(variables),
  };
}

const declare = (variables: readonly (readonly [string, string])[]): string =>
  variables.length === 0 ? '' : `(${variables.map(([name, type]) => `$${name}:${type}`).join(',')})`;

/** The fragments that a text spreads and those that they spread, each once. */
function fragmentsOf(text: string, replaced: Fragments): string {
  const found = new Map<string, string>();
  const visit = (part: string): void => {
    for (const [, name = ''] of part.matchAll(/\.\.\.(?!on\b)(\w+)/g)) {
      if (found.has(name)) continue;
      const fragment = replaced[name] ?? FRAGMENTS[name] ?? '';
      found.set(name, fragment);
      visit(fragment);
    }
  };
  visit(text);
  return [...found.values()].map((fragment) => ` ${fragment}`).join('');
}
