import { formatCount } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { ChangeView, FieldView, Member, Review } from '../model/review.ts';
import { GLYPHS } from '../wording.ts';
import type { LineWriter } from './line-writer.ts';

/** Lines around the changes: an empty line, the title, the line with the number of hidden changes, and an empty line. */
export const CHANGES_FRAME = 3;

interface ChangeOptions {
  readonly room: number;
  readonly showCommand: string | undefined;
}

/** The command that prints everything, if the caller gives none. */
const whole = ({ stored, plan }: Review): string =>
  stored ? `sailplan show ${plan.id}` : 'the same command with --full';

/** Changes with hazards and deletes first, then some of every kind, one line each. */
export function writeFirstChanges(
  out: LineWriter,
  review: Review,
  { room, showCommand }: ChangeOptions,
): void {
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
