import { groupBy } from '../../core/collections.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { ChangeView, DiagnosticView, FieldView, HazardGroup, Member, Review } from '../model/review.ts';
import { countsLine, GLYPHS, KIND_NAMES, summaryLine, VERDICT_TONES, verdictLine } from '../wording.ts';
import { createLineWriter, type LineWriter, type LineWriterOptions } from './line-writer.ts';

/**
 * Lines of a brief at 80 columns: two screens of 30. The command that prints it adds up to 6 lines, with the next commands.
 */
const LINES_MAX = 54;
/** Rows of a section that repeats something. */
const ROWS_MAX = 6;
/** Refs on the line of one hazard. */
const REFS_MAX = 3;
/** Dangerous hazards are few and decide: more of them are named. */
const DANGERS_MAX = 10;
/** Changes that are shown however long the rest is. */
const CHANGES_MIN = 5;
/** Narrower than this, a line is wrapped and not cut: too little of it would remain. */
const CLIP_MIN = 60;

export interface BriefOptions extends LineWriterOptions {
  /** The command that shows the plan in full. */
  readonly showCommand?: string | undefined;
}

/**
 * What a reviewer needs first, on two screens: verdict, counts, hazards, skipped pages by reason, errors and warnings by code,
 * and the first changes. `renderFull` gives the complete text, which is returned where it is no longer.
 */
export function renderPlanBrief(review: Review, options: BriefOptions, renderFull: () => string): string {
  const rows = review.groups.reduce((sum, { changes }) => sum + changes.length, review.skipped.length);
  // A change takes at least one line: a large plan is not rendered in vain.
  const full = rows > LINES_MAX ? null : renderFull();
  if (full !== null && countLines(full) <= LINES_MAX) return full;
  const wrapped = rows > LINES_MAX ? null : compose(review, options, false);
  return wrapped !== null && countLines(wrapped) <= LINES_MAX
    ? wrapped
    : compose(review, options, options.width >= CLIP_MIN);
}

function compose(review: Review, options: BriefOptions, canClip: boolean): string {
  const partOf = (write: (out: LineWriter) => void): string => {
    const out = createLineWriter({ width: options.width, color: options.color, canClip });
    write(out);
    return out.toString();
  };
  const last = partOf((out) => out.line(summaryLine(review), { tone: 'heading' }));
  const head = partOf((out) => {
    writeIdentity(out, review);
    writeVerdict(out, review);
    writeCounts(out, review);
    writeHazards(out, review);
    writeFacts(out, review);
    writeDrift(out, review);
    writeSkipped(out, review);
    writeExcluded(out, review);
    writeProblems(out, review);
    writeRemarks(out, review);
  });
  const room = Math.max(CHANGES_MIN, LINES_MAX - countLines(head) - countLines(last) - CHANGES_FRAME);
  const changes = partOf((out) => writeChanges(out, review, { room, showCommand: options.showCommand }));
  return [head, changes, last].filter((part) => part.trim() !== '').join('\n');
}

const countLines = (text: string): number => text.split('\n').length - 1;

function writeIdentity(out: LineWriter, { stored, plan, target, source, flags }: Review): void {
  const name = target.name ?? target.api_url;
  const shop = target.shop === null ? '' : ` (${target.shop.name}, Saleor ${target.shop.version})`;
  out.line(visible(`${stored ? `Plan ${plan.id}` : 'Comparison'} for ${name}${shop}`), { tone: 'heading' });
  const options = flags.length === 0 ? '' : `; ${flags.join(' ')}`;
  out.line(visible(`${sourceText(source.kind, source.locale)}${options}`), { tone: 'quiet' });
}

const sourceText = (kind: string, locale: string): string =>
  kind === 'report' ? 'takes back what a report says was applied' : `from Wagtail (${kind}, ${locale})`;

function writeVerdict(out: LineWriter, review: Review): void {
  out.blank();
  for (const { message } of review.doubts)
    out.line(visible(message), { lead: '!', leadTone: 'hazard', tone: 'hazard' });
  out.line(visible(verdictLine(review)), { tone: VERDICT_TONES[review.verdict.code] });
}

function writeCounts(out: LineWriter, { groups }: Review): void {
  if (groups.length > 0) out.blank();
  for (const { kind, counts } of groups)
    out.line(`${KIND_NAMES[kind].padEnd(12)}  ${countsLine(counts)}`, { indent: 2 });
}

function writeTitle(out: LineWriter, title: string): void {
  out.blank();
  out.line(title, { tone: 'heading' });
}

function writeHazards(out: LineWriter, { hazards }: Review): void {
  const alarms = hazards.filter(({ severity }) => severity !== 'note');
  if (alarms.length === 0) return;
  writeTitle(out, 'Hazards');
  const shown = alarms.filter(({ severity }, index) => severity === 'danger' || index < ROWS_MAX);
  for (const group of shown) {
    const { code, severity, refs, meaning } = group;
    out.line(`${code}${refs.length === 1 ? '' : ` (${formatCount(refs.length)})`}: ${meaning}`, {
      indent: 2,
      lead: severity === 'danger' ? '!!' : '! ',
      leadTone: 'hazard',
    });
    const max = severity === 'danger' ? DANGERS_MAX : REFS_MAX;
    const named = refs.slice(0, max).map((ref) => refText(ref, group));
    if (code !== 'bulk_change')
      out.line(`${named.join(', ')}${andMore(refs.length - max)}`, { indent: 5, tone: 'quiet' });
  }
  if (shown.length < alarms.length)
    out.line(
      `and ${alarms
        .slice(shown.length)
        .map(({ code, refs }) => `${code} (${formatCount(refs.length)})`)
        .join(', ')}`,
      { indent: 5 },
    );
}

const andMore = (count: number): string => (count > 0 ? ` and ${formatCount(count)} more` : '');

/** The ref, with the products that cause the hazard where they are known. */
function refText(ref: string, { causes }: HazardGroup): string {
  const [first, ...others] = causes[ref] ?? [];
  if (first === undefined) return visible(ref);
  return visible(`${ref} (by ${first}${andMore(others.length)})`);
}

/** Hazards of severity `note`, on one line. */
function writeFacts(out: LineWriter, { hazards }: Review): void {
  const facts = hazards.filter(({ severity }) => severity === 'note');
  if (facts.length === 0) return;
  out.blank();
  out.line(facts.map(({ code, refs }) => `${code} (${formatCount(refs.length)})`).join(', '), {
    lead: 'Good to know:',
    tone: 'quiet',
    leadTone: 'quiet',
  });
}

function writeDrift(out: LineWriter, { drift }: Review): void {
  if (drift === null || drift.length === 0) return;
  const named = drift.slice(0, REFS_MAX).map(({ ref }) => visible(ref));
  out.blank();
  out.line(
    `${plural(drift.length, 'resource')} edited in Saleor since the last applied plan: ${named.join(', ')}${andMore(drift.length - named.length)}`,
    { lead: '~', leadTone: 'update' },
  );
}

/** Reasons with the number of pages that have each, the most frequent first. */
function writeSkipped(out: LineWriter, { skipped, counts, offerings }: Review): void {
  if (skipped.length === 0) return;
  writeTitle(out, `Skipped: ${formatCount(counts.skipped)} of ${plural(offerings, 'page')}`);
  const reasons = groupBy(
    skipped.flatMap(({ because }) => because),
    ({ code }) => code,
  );
  const sorted = [...reasons].sort(([, a], [, b]) => b.length - a.length);
  writeReasons(out, sorted);
}

function writeReasons(
  out: LineWriter,
  reasons: readonly (readonly [string, readonly Pick<DiagnosticView, 'message'>[]])[],
): void {
  const digits = Math.max(...reasons.map(([, { length }]) => formatCount(length).length));
  for (const [code, items] of reasons.slice(0, ROWS_MAX)) {
    const example = `${items.length > 1 ? 'e.g. ' : ''}${items[0]?.message ?? ''}`;
    out.line(visible(`${code}: ${example}`), {
      indent: 2,
      lead: formatCount(items.length).padStart(digits),
      isClipped: true,
    });
  }
  const rest = reasons.slice(ROWS_MAX);
  if (rest.length > 0)
    out.line(`and ${rest.map(([code, { length }]) => `${code} (${formatCount(length)})`).join(', ')}`, {
      indent: 2,
      isClipped: true,
    });
}

function writeExcluded(out: LineWriter, { excluded }: Review): void {
  if (excluded.length === 0) return;
  writeTitle(out, `Excluded on request: ${formatCount(excluded.length)}`);
  for (const { message } of excluded.slice(0, REFS_MAX))
    out.line(visible(message), { indent: 2, lead: '-', isClipped: true });
  if (excluded.length > REFS_MAX)
    out.line(`and ${formatCount(excluded.length - REFS_MAX)} more`, { indent: 4 });
}

const SEVERITY_TITLES = { error: 'Errors', warning: 'Warnings', note: 'Notes' } as const;

/** Errors, warnings and notes by code, without those that are the reason of a skipped page. */
function writeProblems(out: LineWriter, { diagnostics, skipped }: Review): void {
  const told = new Set(skipped.flatMap(({ because }) => because.map(identityOf)));
  for (const severity of ['error', 'warning', 'note'] as const) {
    const groups = diagnostics.flatMap((group): [string, readonly DiagnosticView[]][] => {
      const items = group.items.filter((item) => !told.has(identityOf(item)));
      return group.severity === severity && items.length > 0 ? [[group.code, items]] : [];
    });
    if (groups.length === 0) continue;
    writeTitle(out, SEVERITY_TITLES[severity]);
    if (severity === 'note')
      out.line(groups.map(([code, { length }]) => `${code} (${formatCount(length)})`).join(', '), {
        indent: 2,
        tone: 'quiet',
      });
    else writeReasons(out, groups);
  }
}

const identityOf = ({ code, ref, message }: DiagnosticView): string => `${code} ${ref} ${message}`;

function writeRemarks(out: LineWriter, { remarks }: Review): void {
  if (remarks.length === 0) return;
  writeTitle(out, `Unusual characters or addresses: ${formatCount(remarks.length)}`);
  for (const { ref, where, value } of remarks.slice(0, REFS_MAX))
    out.line(`${visible(ref)}, ${visible(where)}: ${value}`, {
      indent: 2,
      lead: '!',
      leadTone: 'hazard',
      isClipped: true,
    });
  if (remarks.length > REFS_MAX)
    out.line(`and ${formatCount(remarks.length - REFS_MAX)} more`, { indent: 4 });
}

/** Lines around the changes: a blank line, the title, the line that says how many are not shown, and a blank line. */
const CHANGES_FRAME = 3;

interface ChangeOptions {
  readonly room: number;
  readonly showCommand: string | undefined;
}

/** The command that prints everything, where the caller gives none. */
const whole = ({ stored, plan }: Review): string =>
  stored ? `sailplan show ${plan.id}` : 'the same command with --full';

/** Changes with hazards and deletes first, then some of every kind, one line each. */
function writeChanges(out: LineWriter, review: Review, { room, showCommand }: ChangeOptions): void {
  const { groups } = review;
  const total = groups.reduce((sum, { changes }) => sum + changes.length, 0);
  if (total === 0) return;
  const shown = firstChanges(
    groups.map(({ changes }) => changes),
    room,
  );
  const title =
    shown.length === total ? 'Changes' : `Changes: ${formatCount(shown.length)} of ${formatCount(total)}`;
  out.line(`${title} (in full: ${showCommand ?? whole(review)})`, { tone: 'heading' });
  for (const change of shown) writeChange(out, change);
}

/** Products first: they are what a plan is for; of each kind the deletes come first. Each kind gets its share of the room. */
function firstChanges(kinds: readonly (readonly ChangeView[])[], room: number): readonly ChangeView[] {
  const shares = kinds.map(() => 0);
  let left = room;
  for (let isFull = false; left > 0 && !isFull; ) {
    isFull = true;
    for (const [index, changes] of kinds.entries()) {
      if (left === 0 || (shares[index] ?? 0) >= changes.length) continue;
      shares[index] = (shares[index] ?? 0) + 1;
      left -= 1;
      isFull = false;
    }
  }
  return kinds.flatMap((changes, index) => {
    const deletes = changes.filter(({ action }) => action === 'delete');
    const ordered =
      deletes.length === 0 ? changes : [...deletes, ...changes.filter(({ action }) => action !== 'delete')];
    return ordered.slice(0, shares[index]);
  });
}

function writeChange(out: LineWriter, change: ChangeView): void {
  const { ref, title, action, hazards } = change;
  const marks = hazards.length === 0 ? '' : `  ! ${hazards.join(', ')}`;
  const fields =
    change.fields.length === 0 || action !== 'update' ? '' : `  ${change.fields.map(fieldText).join(', ')}`;
  out.line(`${visible(ref)}  ${quoted(title)}${marks}${fields}`, {
    indent: 2,
    lead: GLYPHS[action],
    leadTone: action,
    isClipped: true,
  });
}

/** Members of a set that are named; more are counted. */
const MEMBERS_MAX = 3;
/** Characters of a value that is shown. */
const VALUE_MAX = 24;

/** `gsv_roles -ops +sales`, `gsv_roles -5 +2`, `price_tier: "low" -> "mid"`; a long value is not shown. */
function fieldText(field: FieldView): string {
  const name = visible(field.name.replace(/^(?:attributes|metadata)\./, ''));
  if (field.shape === 'set') {
    const isShort = field.removed.length + field.added.length <= MEMBERS_MAX;
    return [name, ...signed('-', field.removed, isShort), ...signed('+', field.added, isShort)].join(' ');
  }
  const [before, after] =
    field.shape === 'key'
      ? [field.before?.key ?? null, field.after?.key ?? null]
      : [field.before, field.after].map((value) => (typeof value === 'string' ? quoted(value) : value));
  const [from, to] = [before, after].map((value) => (value === null ? 'none' : visible(String(value))));
  const isLong = [before, after].some((value) => typeof value === 'object' && value !== null);
  return isLong || `${from}${to}`.length > 2 * VALUE_MAX ? name : `${name}: ${from} -> ${to}`;
}

function signed(sign: string, members: readonly Member[], isShort: boolean): readonly string[] {
  if (members.length === 0) return [];
  return isShort
    ? members.map(({ key }) => `${sign}${visible(key)}`)
    : [`${sign}${formatCount(members.length)}`];
}
