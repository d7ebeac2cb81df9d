import { formatCount, plural } from '../../core/text/counting.ts';
import { withoutSkipReasons } from '../model/diagnostic-groups.ts';
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
  TOLD,
  typedFlags,
} from '../wording.ts';
import { collapsible, tableRow } from './collapsible-tables.ts';
import { code, codeCut, codeQuoted, prose } from './escape.ts';
import {
  hasMoreReasons,
  renderSection,
  requiredSections,
  skippedPagesTable,
  type TableSection,
} from './required-sections.ts';
import { byteLength, changeTables, countFitting } from './size-budget.ts';

export interface MarkdownOptions {
  /** UTF-8 bytes, at least 4,000. Forges accept 65,536 characters in a comment. */
  readonly maxBytes?: number;
  /** Bytes to which changes and details are cut where what must be read leaves room; at most `maxBytes`. */
  readonly aimBytes?: number;
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

/** Bytes for the changes that are kept where what must be read takes more than the aim. */
const CHANGES_LEAST_BYTES = 4_000;

/**
 * A plan for a pull request. Hazards, deletes and the reasons of skipped pages come first and are never cut; everything else
 * is folded. Where the changes exceed the budget, the middle of them is omitted and named.
 */
export function renderPlanMarkdown(
  review: Review,
  { maxBytes = MAX_BYTES, aimBytes = maxBytes, allowCut = false }: MarkdownOptions = {},
): Rendered {
  const required = [
    ...heading(review),
    ...requiredSections(review).map(renderSection),
    ...howToApprove(review),
  ];
  const least = byteLength([...required, footer(review)].join('\n\n')) + FRAME_BYTES;
  const limit = Math.min(maxBytes, Math.max(aimBytes, least + CHANGES_LEAST_BYTES));
  let room = limit - least;
  while (room >= 0) {
    const details = [...skippedDetails(review, room), ...diagnosticBlocks(review, room)];
    const tables = changeTables(review, room - byteLength(details.join('\n\n')));
    const text = `${[...required, ...tables, ...details, footer(review)].join('\n\n')}\n`;
    const excess = byteLength(text) - limit;
    if (excess <= 0) return { text, isTooLarge: false };
    room -= excess;
  }
  return renderTooLarge(review, maxBytes, allowCut);
}

/** Characters of one fact in the heading. */
const FACT_MAX = 300;
/** The same where names are so long that nothing else would fit. */
const FACT_SHORT_MAX = 40;

/** What the mark means where nothing is approved. */
const FOR_INFORMATION = 'For information only: titles, links and user counts.';

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
  // A verdict without changes includes the share.
  const skipped =
    share === '' || (verdict === review.verdict.line && review.verdict.code === 'no_changes')
      ? ''
      : ` ${share}.`;
  const warnings = doubts.map(({ message }) => `> ⚠ ${prose(message)}`).join('\n>\n');
  return [
    `## sailplan: ${allCountsLine(counts)}`,
    `**${prose(verdict)}**${skipped}`,
    ...(doubts.length === 0 ? [] : [warnings]),
    identity(review, factMax),
    ...(review.made === null
      ? []
      : [`${TOLD} ${prose(review.stored ? NOT_APPROVED_NOTE : FOR_INFORMATION)}`]),
    ...(groups.length === 0 ? [] : [countsTable(review)]),
    ...goodToKnow(review),
  ];
}

/** Which plan, for which shop, from what: one line. */
function identity(review: Review, max: number): string {
  const { stored, plan, target, contract } = review;
  const name = target.name === null ? '' : `${codeCut(target.name, max)} `;
  const address = codeCut(`${target.api_url}${channelText(target)}`, max);
  const shop =
    target.shop === null
      ? ''
      : ` (${codeQuoted(target.shop.name, 80)}, Saleor ${codeCut(target.shop.version, 40)})${TOLD}`;
  const naming = `contract ${codeCut(contract.name, max)}, named by ${contract.naming}`;
  return [
    `${stored ? `Plan ${code(plan.id)}` : 'Comparison'} for ${name}${address}${shop}`,
    `from ${codeCut(sourceLine(review), max)}`,
    naming,
    ...(typedFlags(review) === '' ? [] : [codeCut(typedFlags(review), max)]),
  ].join(' · ');
}

const countsTable = ({ groups }: Review): string =>
  [
    '| Kind | create | update | delete |\n|---|--:|--:|--:|',
    ...groups.map(({ kind, counts }) =>
      tableRow([KIND_NAMES[kind], ...ACTIONS.map((action) => formatCount(counts[action]))]),
    ),
  ].join('\n');

/** Hazards of severity `note`: facts, as counts. */
function goodToKnow({ hazards }: Review): readonly string[] {
  const facts = hazards.filter(({ severity }) => severity === 'note');
  if (facts.length === 0) return [];
  const counts = facts.map(({ code: name, refs }) => `${code(name)} (${formatCount(refs.length)})`);
  return [`Good to know: ${counts.join(', ')}.`];
}

/**
 * Every skipped page with its reasons, folded; none where the table above has them all, or where that takes more than a third
 * of `room` bytes.
 */
function skippedDetails(review: Review, room: number): readonly string[] {
  if (!hasMoreReasons(review)) return [];
  const block = collapsible(
    `Each skipped page: ${formatCount(review.skipped.length)}`,
    skippedPagesTable(review),
  );
  return byteLength(block) <= room / 3 ? [block] : [];
}

/** Messages of one code. */
const MESSAGES_MAX = 5;
const SEVERITY_NAMES = { error: '<b>Error</b>', warning: 'Warning', note: 'Note' };

/**
 * Diagnostics by code with the first messages of each, without the reasons of skipped pages, which the tables above have; only
 * their counts where these exceed a third of `room` bytes.
 */
function diagnosticBlocks(review: Review, room: number): readonly string[] {
  const diagnostics = withoutSkipReasons(review).filter(({ items }) => items.length > 0);
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

/** Where the plan comes from, folded. */
function footer(review: Review): string {
  const { plan, made, stored } = review;
  const read = `- ${prose(completenessLine(review), FACT_MAX)}${made === null ? '' : TOLD}`;
  if (!stored) return `Comparison only; nothing was written.\n\n${collapsible('What was read', read)}`;
  const origin = [
    `- Digest ${code(plan.digest)}`,
    ...(made === null
      ? []
      : [
          `- Planned ${codeCut(made.at, 40)} by ${codeCut(made.by, 120)} with ${codeCut(made.tool, 40)}${TOLD}`,
        ]),
    read,
    '- Generated from plan.json, which alone is binding: `sailplan verify` checks it.',
  ];
  return collapsible('How this plan was built', origin.join('\n'));
}

/** The next step of a reviewer; none where nothing may be approved. */
function howToApprove({ stored, plan, verdict }: Review): readonly string[] {
  if (!stored || verdict.code === 'altered' || verdict.code === 'errored') return [];
  return [
    `**To approve:** ${code(`sailplan approve ${plan.id}`)}, or merge this pull request if the policy says so. All changes: ${code(`sailplan show ${plan.id}`)}.`,
  ];
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
    'Skipped pages, hazards and deletes are never cut, but do not fit into ' +
      `${formatCount(maxBytes)} bytes. Read it with ${code(fullViewCommand(review))}.`,
    sections.map(({ title }) => `- ${title}`).join('\n'),
    review.hazards.map(({ code: name, refs }) => `- ${code(name)}: ${formatCount(refs.length)}`).join('\n'),
    footer(review),
  ].filter((part) => part !== '');
