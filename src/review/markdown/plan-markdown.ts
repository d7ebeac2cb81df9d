import { formatCount, plural } from '../../core/text/counting.ts';
import type { Review } from '../model/review.ts';
import {
  ACTIONS,
  channelText,
  completenessLine,
  fullViewCommand,
  KIND_NAMES,
  NOT_APPROVED_NOTE,
  notComparedText,
  sourceLine,
} from '../wording.ts';
import { code, codeCut, codeQuoted, prose } from './escape.ts';
import { renderSection, requiredSections } from './required-sections.ts';
import { byteLength, changeTables, collapsible, countFitting } from './size-budget.ts';

export interface MarkdownOptions {
  /** UTF-8 bytes; forges take 65,536 characters in a comment. At least 4,000. */
  readonly maxBytes?: number;
  /** Cut left-out offerings, hazards and deletes too, rather than give their counts only. */
  readonly allowCut?: boolean;
}

export interface Rendered {
  readonly text: string;
  /** What must never be cut did not fit: nobody can review the plan from this text. */
  readonly isTooLarge: boolean;
}

export const MAX_BYTES = 60_000;
/** Headings of the folded tables and the note on what is missing. */
const FRAME = 1_500;

/**
 * A plan for a pull request. What must be seen (left out, hazards, deletes) comes first and is never cut; of the
 * changes the middle is left out when the budget is spent, and it is said which.
 */
export function renderPlanMarkdown(
  review: Review,
  { maxBytes = MAX_BYTES, allowCut = false }: MarkdownOptions = {},
): Rendered {
  const must = [...heading(review), ...requiredSections(review).map(renderSection)];
  let room = maxBytes - byteLength([...must, foot(review)].join('\n\n')) - FRAME;
  while (room >= 0) {
    const details = diagnostics(review, room);
    const rows = changeTables(review, room - byteLength(details.join('\n\n')));
    const text = `${[...must, ...rows, ...details, foot(review)].join('\n\n')}\n`;
    const over = byteLength(text) - maxBytes;
    if (over <= 0) return { text, isTooLarge: false };
    room -= over;
  }
  return tooLarge(review, maxBytes, allowCut);
}

/** Characters of one fact in the heading; and where there is room for nothing else, names as long as they like. */
const LINE_MAX = 300;
const LINE_LEAST = 40;

function heading(
  review: Review,
  verdict: string = review.verdict.line,
  max: number = LINE_MAX,
): readonly string[] {
  const { counts, plan, target, contract, flags, made } = review;
  const what = ACTIONS.map((action) => `${formatCount(counts[action])} to ${action}`).join(', ');
  const rest = counts.left_out === 0 ? '' : ` ${notComparedText(counts)}.`;
  const shop =
    target.shop === null
      ? ''
      : ` (${codeQuoted(target.shop.name, 80)}, Saleor ${codeCut(target.shop.version, 40)})`;
  return [
    `## sailplan: ${what}`,
    `**${prose(verdict)}**${rest}`,
    ...(review.doubts.length === 0
      ? []
      : [review.doubts.map(({ message }) => `> ⚠ ${prose(message)}`).join('\n>\n')]),
    [
      review.stored ? `- Plan ${code(plan.id)}` : '- Comparison, of which no plan is written',
      `- Target ${target.name === null ? '' : `${codeCut(target.name, max)} `}${codeCut(`${target.api_url}${channelText(target)}`, max)}${shop}`,
      `- Source ${codeCut(sourceLine(review), max)}, contract ${codeCut(contract.name, max)}, named by ${contract.naming}`,
      ...(flags.length === 0 ? [] : [`- Flags ${codeCut(flags.join(' '), max)}`]),
      ...(made === null
        ? []
        : [`- Made ${codeCut(made.at, 40)} by ${codeCut(made.by, 120)} with ${codeCut(made.tool, 40)}`]),
      `- ${prose(completenessLine(review), max)}`,
    ].join('\n'),
    ...(review.groups.length === 0 ? [] : [countsTable(review)]),
  ];
}

const countsTable = ({ groups }: Review): string =>
  [
    '| Kind | create | update | delete |\n|---|--:|--:|--:|',
    ...groups.map(
      ({ kind, counts }) =>
        `| ${KIND_NAMES[kind]} | ${ACTIONS.map((action) => formatCount(counts[action])).join(' | ')} |`,
    ),
  ].join('\n');

const FIRST = 10;
const SEVERITY = { error: '<b>Error</b>', warning: 'Warning', note: 'Note' };

/** Errors and warnings by code, the first few of each; their counts only, where there is no room. */
function diagnostics({ diagnostics }: Review, room: number): readonly string[] {
  if (diagnostics.length === 0) return [];
  const blocks = diagnostics.map(({ severity, code: name, hint, items }) => {
    const first = items.slice(0, FIRST).map(({ message }) => `- ${prose(message, 400)}`);
    const more = items.length > FIRST ? [`- and ${formatCount(items.length - FIRST)} more`] : [];
    return collapsible(
      `${SEVERITY[severity]} <code>${name.replace(/[^a-z0-9_]/g, '')}</code>: ${formatCount(items.length)}`,
      [...first, ...more].join('\n') + (hint === '' ? '' : `\n\n${prose(hint)}`),
    );
  });
  if (byteLength(blocks.join('\n\n')) <= room / 3) return blocks;
  const counts = diagnostics.map(
    ({ severity, code: name, items }) => `- ${severity} ${code(name)}: ${formatCount(items.length)}`,
  );
  return [collapsible(`${plural(diagnostics.length, 'kind')} of errors and warnings`, counts.join('\n'))];
}

const foot = ({ plan, made, stored }: Review): string =>
  stored ? ofFile(plan, made) : 'This is what was found; nothing was written anywhere.';

const ofFile = (plan: Review['plan'], made: Review['made']): string =>
  `Digest ${code(plan.digest)}. This text is made from the plan file, which alone counts; \`sailplan verify\` checks it.${made === null ? '' : ` ${prose(NOT_APPROVED_NOTE)}`}`;

/** Counts only, and with `allowCut` as much of the lists as there is room for. */
function tooLarge(review: Review, maxBytes: number, allowCut: boolean): Rendered {
  const all = requiredSections(review);
  const usual = headingOnly(review, all, maxBytes, LINE_MAX);
  const isRoomy = byteLength(usual.join('\n\n')) < maxBytes;
  const short = isRoomy ? usual : headingOnly(review, all, maxBytes, LINE_LEAST);
  let room = allowCut ? maxBytes - byteLength(short.join('\n\n')) - 100 * all.length : 0;
  const cut = all.flatMap((list) => {
    const overhead = byteLength(list.title) + byteLength(list.head) + 100;
    const rows = list.rows.slice(0, countFitting(list.rows, room - overhead));
    if (rows.length === 0) return [];
    room -= overhead + rows.reduce((sum, line) => sum + byteLength(line) + 1, 0);
    const rest = list.rows.length - rows.length;
    return [
      `${renderSection({ ...list, rows })}${rest === 0 ? '' : `\n\n${plural(rest, 'more row')} not shown here.`}`,
    ];
  });
  return { text: `${[...short.slice(0, -1), ...cut, short.at(-1)].join('\n\n')}\n`, isTooLarge: true };
}

const headingOnly = (
  review: Review,
  all: ReturnType<typeof requiredSections>,
  maxBytes: number,
  max: number,
): readonly string[] =>
  [
    ...heading(review, 'Too large to review here.', max),
    `Left-out offerings, hazards and deletes are never cut, and do not fit ${formatCount(maxBytes)} bytes. Read it with ${code(fullViewCommand(review))}.`,
    all.map(({ title }) => `- ${title}`).join('\n'),
    review.hazards.map(({ code: name, refs }) => `- ${code(name)}: ${formatCount(refs.length)}`).join('\n'),
    foot(review),
  ].filter((part) => part !== '');
