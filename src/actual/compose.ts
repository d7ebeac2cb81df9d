import { FRAGMENTS, type Operation } from './generated/operations.ts';

/** One operation with its variables. */
export interface Call<Result = unknown, Variables = unknown> {
  readonly operation: Operation<Result, Variables>;
  readonly variables: Variables;
}

export const call = <Result, Variables>(
  operation: Operation<Result, Variables>,
  variables: Variables,
): Call<Result, Variables> => ({ operation, variables });

/** What the only root field of an operation answers. */
export type Root<Result> = Result[keyof Result];

export interface Composed {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Name → text, in place of the fragment of that name. */
export type Fragments = Readonly<Record<string, string>>;

/** One operation under its own name. */
export function single({ operation, variables }: Call, fragments: Fragments = {}): Composed {
  const { kind, name, text } = operation;
  const head = declare(Object.entries(operation.variables));
  return {
    document: `${kind} ${name}${head}{${text}}${fragmentsOf(text, fragments)}`,
    variables: variables as Readonly<Record<string, unknown>>,
  };
}

/** Several operations of one kind, each with one root field, in one request: root fields are m0, m1, … in their order. */
export function many(calls: readonly Call[], fragments: Fragments = {}): Composed {
  const kinds = new Set(calls.map(({ operation }) => operation.kind));
  if (kinds.size !== 1) throw new TypeError('queries and mutations do not go together');
  const text = calls
    .map(({ operation }, index) => `m${index}:${operation.text.replace(/\$(\w+)/g, `$$$1_${index}`)}`)
    .join(' ');
  const declared = calls.flatMap(({ operation }, index) =>
    Object.entries(operation.variables).map(([name, type]): [string, string] => [`${name}_${index}`, type]),
  );
  const variables = calls.flatMap(({ variables }, index) =>
    Object.entries(variables as object).map(([name, value]): [string, unknown] => [
      `${name}_${index}`,
      value,
    ]),
  );
  const name = [...new Set(calls.map(({ operation }) => operation.name))].join('And');
  return {
    document: `${[...kinds][0]} ${name}${declare(declared)}{${text}}${fragmentsOf(text, fragments)}`,
    variables: Object.fromEntries(variables),
  };
}

const declare = (variables: readonly (readonly [string, string])[]): string =>
  variables.length === 0 ? '' : `(${variables.map(([name, type]) => `$${name}:${type}`).join(',')})`;

/** The fragments that a text spreads, and theirs; each once. */
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
