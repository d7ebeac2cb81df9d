import { formatCount } from '../../core/text/counting.ts';
import { collapsible, tableRow } from '../markdown/collapsible-tables.ts';
import { code, prose } from '../markdown/escape.ts';
import { byMessage, type StorefrontReview, valueText } from './storefront-review.ts';

/** Findings of a group; the JSON has all. */
const ITEMS_MAX = 50;

export function storefrontMarkdown(review: StorefrontReview): string {
  const blocks = [
    `## Storefront ${code(review.channel)}`,
    `**${review.verdict}**`,
    `${code(review.api_url)}, as an anonymous shopper. ${review.figures}.`,
    ...[review.skipped, review.excluded].filter((line) => line !== null),
    ...review.groups.map(groupText),
    ...(review.attributes.length === 0 ? [] : [filterTable(review)]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function groupText({ severity, code: name, cause, hint, items }: StorefrontReview['groups'][number]): string {
  const rows = byMessage(items.slice(0, ITEMS_MAX)).map(({ refs, message }) =>
    tableRow([refs.map(code).join(', '), prose(message)]),
  );
  const more = items.length - ITEMS_MAX;
  return [
    `### ${severity} ${code(name)} (${formatCount(items.length)}): ${cause}`,
    ['| where | what |', '|---|---|', ...rows].join('\n'),
    ...(more > 0 ? [`and ${formatCount(more)} more (the JSON has all)`] : []),
    `Next: ${prose(hint)}`,
  ].join('\n\n');
}

function filterTable({ attributes }: StorefrontReview): string {
  const rows = attributes.flatMap(({ attribute, values }) =>
    values.map((count) =>
      tableRow([
        code(attribute),
        code(valueText(count)),
        formatCount(count.planned),
        formatCount(count.found),
        formatCount(count.total),
      ]),
    ),
  );
  const head = ['| filter | value | planned | found | all products |', '|---|---|---:|---:|---:|'];
  return collapsible(`${formatCount(rows.length)} filter values`, [...head, ...rows].join('\n'));
}
