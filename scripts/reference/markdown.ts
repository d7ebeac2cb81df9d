/** The first line of a generated page. */
export const GENERATED =
  '<!-- Made by `make generate` from src/cli/definitions/ and schemas/; a test finds no difference. -->';

/** Text inside a table's cell. */
export const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/</g, '&lt;');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
