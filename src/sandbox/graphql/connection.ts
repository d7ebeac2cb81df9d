import { FieldError } from './errors.ts';

export interface PageArgs {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

type Key = string | number | null;

/** One column of an order. A cursor contains numbers as text; NULL sorts last. */
export interface Column<T> {
  readonly of: (row: T) => Key;
  readonly isDescending?: boolean;
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function compareByColumns(
  a: readonly Key[],
  b: readonly Key[],
  columns: readonly { isDescending?: boolean }[],
): number {
  for (const [i, column] of columns.entries()) {
    const order = compareKeys(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return column.isDescending ? -order : order;
  }
  return 0;
}

const cursorOf = (key: readonly Key[]): string =>
  Buffer.from(JSON.stringify(key.map((k) => (k === null ? null : String(k)))), 'utf8').toString('base64');

function parseCursor(cursor: string, sample: readonly Key[] | undefined, width: number): Key[] {
  const invalid = new FieldError('Received cursor is invalid.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
  } catch {
    throw invalid;
  }
  if (!Array.isArray(parsed) || parsed.length !== width) throw invalid;
  return parsed.map((key: unknown, i) => {
    if (key === null) return null;
    return typeof sample?.[i] === 'number' ? Number(key) : String(key);
  });
}

/** Throws on wrong page arguments, in Saleor's words (recording 07-page-size). */
function checkPageArgs({ first, last, after, before }: PageArgs, connection: string): void {
  const sizes = { first, last };
  for (const name of ['first', 'last'] as const)
    if ((sizes[name] ?? 0) < 0) throw new FieldError(`Argument \`${name}\` must be a non-negative integer.`);
  if (!first && !last)
    throw new FieldError(
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${connection}\` connection.`,
    );
  if (first && last) throw new FieldError('Argument `last` cannot be combined with `first`.');
  if (first && before) throw new FieldError('Argument `first` cannot be combined with `before`.');
  if (last && after) throw new FieldError('Argument `last` cannot be combined with `after`.');
  for (const name of ['first', 'last'] as const)
    if ((sizes[name] ?? 0) > 100)
      throw new FieldError(
        `Requesting ${sizes[name]} records on the \`${connection}\` connection exceeds the \`${name}\` limit of 100 records.`,
      );
}

export interface Connection<T> {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Keyset pagination: a cursor contains the key of a row, not its position. Throws on wrong page arguments. */
export function paginateRows<T>(
  rows: Iterable<T>,
  columns: readonly Column<T>[],
  args: PageArgs,
  connection: string,
): Connection<T> {
  checkPageArgs(args, connection);
  const keyed = Array.from(rows, (node) => ({ node, key: columns.map((c) => c.of(node)) }));
  keyed.sort((a, b) => compareByColumns(a.key, b.key, columns));
  const sample = keyed[0]?.key;
  const after = args.after ? parseCursor(args.after, sample, columns.length) : null;
  const before = args.before ? parseCursor(args.before, sample, columns.length) : null;
  const within = keyed.filter(
    ({ key }) =>
      (!after || compareByColumns(key, after, columns) > 0) &&
      (!before || compareByColumns(key, before, columns) < 0),
  );
  const shown = args.first ? within.slice(0, args.first) : within.slice(-(args.last ?? 0));
  const edges = shown.map(({ node, key }) => ({ cursor: cursorOf(key), node }));
  const isCut = within.length > shown.length;
  return {
    totalCount: keyed.length,
    edges,
    pageInfo: {
      hasNextPage: args.first ? isCut : before !== null,
      hasPreviousPage: args.first ? after !== null : isCut,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
