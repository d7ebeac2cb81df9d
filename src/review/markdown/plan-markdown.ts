import { formatCount, plural } from '../../core/text/counting.ts';
import type { DiagnosticGroup, Review } from '../model/review.ts';
import { completenessLine } from '../read-details.ts';
import {
  ACTIONS,
  allCountsLine,
  channelText,
  fullViewCommand,
  KIND_NAMES,
  NOT_APPROVED_NOTE,
  skippedShare,
  sourceLine,
} from '../wording.ts';
import { collapsible, tableRow } from './collapsible-tables.ts';
import { code, codeCut, codeQuoted, prose } from './escape.ts';
import { renderSection, requiredSections, type TableSection } from './required-sections.ts';
import { byteLength, changeTables, countFitting } from './size-budget.ts';

export interface MarkdownOptions {
  /** UTF-8 bytes, at least 4,000. Forges accept 65,536 characters in a comment. */
  readonly maxBytes?: number;
  /** Also cut skipped offerings, hazards and deletes where they do not fit, instead of giving only their counts. */
  readonly allowCut?: boolean;
}

export interface Rendered {
  readonly text: string;
  /** What must never be cut did not fit: nobody can review the plan from this text. */
  readonly isTooLarge: boolean;
}

export const MAX_BYTES = 60_000;
/** Bytes kept free for the headings of the folded tables and the note on omitted changes. */
const FRAME_BYTES = 1_500;

/**
 * A plan for a pull request. Left-out offerings, hazards and deletes come first and are never cut. Where the changes exceed the
 * budget, the middle of them is omitted and named.
 */
export function renderPlanMarkdown(
  review: Review,
  { maxBytes = MAX_BYTES, allowCut = false }: MarkdownOptions = {},
): Rendered {
  const required = [...heading(review), ...requiredSections(review).map(renderSection)];
  let room = maxBytes - byteLength([...required, footer(review)].join('\n\n')) - FRAME_BYTES;
  while (room >= 0) {
    const diagnostics = diagnosticBlocks(review, room);
    const tables = changeTables(review, room - byteLength(diagnostics.join('\n\n')));
    const text = `${[...required, ...tables, ...diagnostics, footer(review)].join('\n\n')}\n`;
    const excess = byteLength(text) - maxBytes;
    if (excess <= 0) return { text, isTooLarge: false };
    room -= excess;
  }
  return renderTooLarge(review, maxBytes, allowCut);
}

/** Characters of one fact in the heading. */
const FACT_MAX = 300;
/** The same where names are so long that nothing else would fit. */
const FACT_SHORT_MAX = 40;

interface HeadingOptions {
  readonly verdict: string;
  /** Characters of one fact. */
  readonly factMax: number;
}

function heading(
  review: Review,
  { verdict, factMax }: HeadingOptions = { verdict: review.verdict.line, factMax: FACT_MAX },
): readonly string[] {
  const { counts, doubts, groups } = review;
  const share = skippedShare(review);
  const skipped = share === '' ? '' : ` ${share}.`;
  const warnings = doubts.map(({ message }) => `> ⚠ ${prose(message)}`).join('\n>\n');
  return [
    `## sailplan: ${allCountsLine(counts)}`,
    `**${prose(verdict)}**${skipped}`,
    ...(doubts.length === 0 ? [] : [warnings]),
    facts(review, factMax).join('\n'),
    ...(groups.length === 0 ? [] : [countsTable(review)]),
  ];
}

function facts(review: Review, max: number): readonly string[] {
  const { stored, plan, target, contract, flags, made } = review;
  const name = target.name === null ? '' : `${codeCut(target.name, max)} `;
  const address = codeCut(`${target.api_url}${channelText(target)}`, max);
  const shop =
    target.shop === null
      ? ''
      : ` (${codeQuoted(target.shop.name, 80)}, Saleor ${codeCut(target.shop.version, 40)})`;
  const naming = `contract ${codeCut(contract.name, max)}, named by ${contract.naming}`;
  return [
    stored ? `- Plan ${code(plan.id)}` : '- Comparison, of which no plan is written',
    `- Target ${name}${address}${shop}`,
    `- Source ${codeCut(sourceLine(review), max)}, ${naming}`,
    ...(flags.length === 0 ? [] : [`- Flags ${codeCut(flags.join(' '), max)}`]),
    ...(made === null
      ? []
      : [`- Made ${codeCut(made.at, 40)} by ${codeCut(made.by, 120)} with ${codeCut(made.tool, 40)}`]),
    `- ${prose(completenessLine(review), max)}`,
  ];
}

const countsTable = ({ groups }: Review): string =>
  [
    '| Kind | create | update | delete |\n|---|--:|--:|--:|',
    ...groups.map(({ kind, counts }) =>
      tableRow([KIND_NAMES[kind], ...ACTIONS.map((action) => formatCount(counts[action]))]),
    ),
  ].join('\n');

/** Messages of one code. */
const MESSAGES_MAX = 10;
const SEVERITY_NAMES = { error: '<b>Error</b>', warning: 'Warning', note: 'Note' };

/** Diagnostics by code with the first messages of each; only their counts where these exceed a third of `room` bytes. */
function diagnosticBlocks({ diagnostics }: Review, room: number): readonly string[] {
  if (diagnostics.length === 0) return [];
  const blocks = diagnostics.map(diagnosticBlock);
  if (byteLength(blocks.join('\n\n')) <= room / 3) return blocks;
  const counts = diagnostics.map(
    ({ severity, code: name, items }) => `- ${severity} ${code(name)}: ${formatCount(items.length)}`,
  );
  return [collapsible(`${plural(diagnostics.length, 'kind')} of errors and warnings`, counts.join('\n'))];
}

function diagnosticBlock({ severity, code: name, hint, items }: DiagnosticGroup): string {
  const shown = items.slice(0, MESSAGES_MAX).map(({ message }) => `- ${prose(message, 400)}`);
  const more = items.length > MESSAGES_MAX ? [`- and ${formatCount(items.length - MESSAGES_MAX)} more`] : [];
  const codeTag = `<code>${name.replace(/[^a-z0-9_]/g, '')}</code>`;
  return collapsible(
    `${SEVERITY_NAMES[severity]} ${codeTag}: ${formatCount(items.length)}`,
    [...shown, ...more].join('\n') + (hint === '' ? '' : `\n\n${prose(hint)}`),
  );
}

function footer({ plan, made, stored }: Review): string {
  if (!stored) return 'This is what was found; nothing was written anywhere.';
  const sentences = [
    `Digest ${code(plan.digest)}.`,
    'This text is made from the plan file, which alone counts; `sailplan verify` checks it.',
    ...(made === null ? [] : [prose(NOT_APPROVED_NOTE)]),
  ];
  return sentences.join(' ');
}

/** Bytes kept free for the heading of a section and the note on its omitted rows. */
const SECTION_FRAME_BYTES = 100;

/** The counts only, and with `allowCut` as many rows of the required sections as fit. */
function renderTooLarge(review: Review, maxBytes: number, allowCut: boolean): Rendered {
  const sections = requiredSections(review);
  const usual = overview(review, { sections, maxBytes, factMax: FACT_MAX });
  const isRoomy = byteLength(usual.join('\n\n')) < maxBytes;
  const parts = isRoomy ? usual : overview(review, { sections, maxBytes, factMax: FACT_SHORT_MAX });
  let room = allowCut ? maxBytes - byteLength(parts.join('\n\n')) - SECTION_FRAME_BYTES * sections.length : 0;
  const cut = sections.flatMap((section) => {
    const frame = byteLength(section.title) + byteLength(section.head) + SECTION_FRAME_BYTES;
    const rows = section.rows.slice(0, countFitting(section.rows, room - frame));
    if (rows.length === 0) return [];
    room -= frame + rows.reduce((sum, row) => sum + byteLength(row) + 1, 0);
    const omitted = section.rows.length - rows.length;
    const note = omitted === 0 ? '' : `\n\n${plural(omitted, 'more row')} not shown here.`;
    return [`${renderSection({ ...section, rows })}${note}`];
  });
  return { text: `${[...parts.slice(0, -1), ...cut, parts.at(-1)].join('\n\n')}\n`, isTooLarge: true };
}

interface OverviewOptions {
  readonly sections: readonly TableSection[];
  /** The limit that was exceeded. */
  readonly maxBytes: number;
  /** Characters of one fact. */
  readonly factMax: number;
}

/** Heading, counts and footer, without any row. */
const overview = (review: Review, { sections, maxBytes, factMax }: OverviewOptions): readonly string[] =>
  [
    ...heading(review, { verdict: 'Too large to review here.', factMax }),
    'Left-out offerings, hazards and deletes are never cut, and do not fit ' +
      `${formatCount(maxBytes)} bytes. Read it with ${code(fullViewCommand(review))}.`,
    sections.map(({ title }) => `- ${title}`).join('\n'),
    review.hazards.map(({ code: name, refs }) => `- ${code(name)}: ${formatCount(refs.length)}`).join('\n'),
    footer(review),
  ].filter((part) => part !== '');
