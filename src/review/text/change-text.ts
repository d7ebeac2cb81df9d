import type { Json } from '../../core/json/json-value.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { Action } from '../../diff/model.ts';
import type { ChangeGroup, ChangeView, FieldView, Member } from '../model/review.ts';
import {
  CAUSE_WORDS,
  countsLine,
  filterSlugText,
  GLYPHS,
  holdersText,
  KIND_NAMES,
  NONE_TEXT,
} from '../wording.ts';
import type { LineWriter } from './line-writer.ts';

/** The changes of one kind: first those of one line each, then the others with their fields. */
export function writeChangeGroup(out: LineWriter, { kind, counts, changes }: ChangeGroup): void {
  out.blank();
  out.line(`${KIND_NAMES[kind]}: ${countsLine(counts)}`, { tone: 'heading' });
  for (const change of changes.filter(isOneLine)) writeOneLine(out, change);
  const detailed = changes.filter((change) => !isOneLine(change));
  for (const [index, change] of detailed.entries()) {
    if (index > 0 || detailed.length < changes.length) out.blank();
    writeChange(out, change);
  }
}

/** A new resource with few fields takes one line. */
const isOneLine = ({ kind, action, hazards }: ChangeView): boolean =>
  action === 'create' &&
  (kind === 'value' || kind === 'assignment' || (kind === 'translation' && hazards.length < 2));

function writeOneLine(out: LineWriter, change: ChangeView): void {
  const needed = change.impact?.needed_by ? `, needed by ${plural(change.impact.needed_by, 'product')}` : '';
  const title = change.kind === 'assignment' ? ` ${visible(change.title)}` : nameAndLabel(change);
  out.line(`${visible(change.ref)} ${title}${needed}${causeText(change)}`, {
    indent: 2,
    lead: GLYPHS[change.action],
    leadTone: change.action,
  });
}

/** Name and label of a new value or translation. Omits the name if the ref ends with it and a label follows. */
function nameAndLabel({ kind, ref, title, fields }: ChangeView): string {
  const field = fields.find(({ name }) => name === 'name');
  const name = field?.shape === 'value' && typeof field.after === 'string' ? field.after : null;
  const label = kind === 'value' && title !== name ? ` label ${quoted(title)}` : '';
  if (name === null || (label !== '' && ref.endsWith(`.${name}`))) return label;
  return ` ${quoted(name)}${label}`;
}

const causeText = ({ cause }: Pick<ChangeView, 'cause'>): string =>
  cause === null ? '' : `  [${CAUSE_WORDS[cause]}]`;

/** One change with its fields. */
export function writeChange(out: LineWriter, change: ChangeView): void {
  const { ref, title, action, impact, unchanged } = change;
  const writeNote = (text: string) => out.line(text, { indent: 6, tone: 'quiet' });
  out.line(`${visible(ref)}  ${quoted(title)}${causeText(change)}`, {
    indent: 2,
    lead: GLYPHS[action],
    leadTone: action,
    tone: 'heading',
  });
  const facts = change.identity.filter(({ name, value }) => name === 'page' || value !== title);
  if (facts.length > 0) writeNote(facts.map(({ name, value }) => `${name} ${visible(value)}`).join(' · '));
  for (const { what, url } of change.links) writeNote(`${what}: ${visible(url)}`);
  if (impact !== null && action !== 'create')
    writeNote(`used by ${holdersText(impact, quoted)}; ${filterSlugText(impact, action, quoted)}`);
  for (const field of change.fields) writeField(out, field, action);
  if (unchanged > 0) writeNote(`(${plural(unchanged, 'unchanged field')} hidden)`);
}

/** `action` is that of the change, which a created or deleted resource passes on to its fields. */
function writeField(out: LineWriter, field: FieldView, action: Action): void {
  const name = visible(field.name);
  const marks = `${causeText(field)}${field.hazard === null ? '' : `  ! ${field.hazard}`}`;
  if (field.shape === 'set') {
    const kept = field.kept.length === 0 ? '' : `  (${formatCount(field.kept.length)} stay)`;
    out.line(`${name}${kept}${marks}`, { indent: 4, lead: '~', leadTone: 'update' });
    for (const { key } of field.removed) out.line(visible(key), { indent: 8, lead: '-', leadTone: 'delete' });
    for (const { key } of field.added) out.line(visible(key), { indent: 8, lead: '+', leadTone: 'create' });
    return;
  }
  const [before, after] =
    field.shape === 'key'
      ? [keyText(field.before), keyText(field.after)]
      : [valueText(field.before), valueText(field.after)];
  const fieldAction = action === 'update' ? fieldActionOf(field.before, field.after) : action;
  const texts = { create: after, delete: before, update: `${before} -> ${after}` };
  out.line(`${name}: ${texts[fieldAction]}${marks}`, {
    indent: 4,
    lead: GLYPHS[fieldAction],
    leadTone: fieldAction,
  });
}

function fieldActionOf(before: unknown, after: unknown): Action {
  if (before === null) return 'create';
  return after === null ? 'delete' : 'update';
}

const keyText = (member: Member | null): string => (member === null ? NONE_TEXT : visible(member.key));

function valueText(value: Json): string {
  if (value === null) return NONE_TEXT;
  return typeof value === 'string' ? quoted(value) : visible(JSON.stringify(value));
}
