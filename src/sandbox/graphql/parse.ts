import { type DocumentNode, GraphQLError, Kind, parse, Source, visit } from 'graphql';
import { oncePerText } from './once-per-document.ts';

/** A syntax error as graphql-core 2 reports it. To that parser the literal `null` is one (docs/saleor.md#literals). */
export class SaleorSyntaxError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(source: string, line: number, column: number, what: string) {
    super(`Syntax Error GraphQL (${line}:${column}) ${what}\n\n${sourceExcerpt(source, line, column)}`);
    this.line = line;
    this.column = column;
  }
}

/** The line with its neighbours, and a caret below the column. */
function sourceExcerpt(source: string, line: number, column: number): string {
  const lines = source.split(/\r\n|[\n\r]/);
  const width = String(line + 1).length;
  const row = (n: number): string => `${String(n).padStart(width)}: ${lines[n - 1] ?? ''}\n`;
  const before = line >= 2 ? row(line - 1) : '';
  const after = line < lines.length ? row(line + 1) : '';
  return `${before}${row(line)}${' '.repeat(1 + width + column)}^\n${after}`;
}

function toSaleorError(source: string, error: GraphQLError): SaleorSyntaxError {
  const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
  const words = error.message
    .replace(/^Syntax Error: /, '')
    .replaceAll('<EOF>', 'EOF')
    .replace(/ "([^\w"]+)"/g, ' $1')
    .replace(/\.$/, '');
  return new SaleorSyntaxError(source, line, column, words);
}

function refuseNull(source: string, document: DocumentNode): void {
  visit(document, {
    [Kind.NULL]: (node) => {
      const { line, column } = node.loc?.startToken ?? { line: 1, column: 1 };
      throw new SaleorSyntaxError(source, line, column, 'Unexpected Name "null"');
    },
  });
}

/** Parses a document. Throws a SaleorSyntaxError. */
export const parseQuery = oncePerText((source) => {
  let document: DocumentNode;
  try {
    document = parse(new Source(source));
  } catch (error) {
    if (error instanceof GraphQLError) throw toSaleorError(source, error);
    throw error;
  }
  refuseNull(source, document);
  return document;
});
