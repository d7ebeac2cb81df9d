import type { Json } from '../../core/json/json-value.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { Action } from '../../diff/model.ts';
import type { ChangeView, Fact, FieldView, Member } from '../model/review.ts';
import { CAUSE_WORDS, filterSlugText, GLYPHS, holdersText, TOLD } from '../wording.ts';
import { tableRow } from './collapsible-tables.ts';
import { code, codeCut, codeQuoted, firstDifference, link } from './escape.ts';

/** Characters of one value. The plan file and the HTML page have all of it. */
const VALUE_MAX = 200;

export const CHANGE_ROWS_HEAD = '| | What | Changes |\n|---|---|---|';

/** One change as one row: `| glyph | resource | what changes |`. */
export function changeRow(change: ChangeView): string {
  const fields = change.fields.map((field) => fieldText(field, change));
  return tableRow([
    GLYPHS[change.action],
    resourceCell(change),
    [...impactTexts(change), ...fields].join('<br>'),
  ]);
}

function resourceCell({ ref, title, identity, links, hazards, cause }: ChangeView): string {
  const facts = identity
    .filter(({ name, value }) => name === 'page' || value !== title)
    // The ref has both.
    .filter(({ name }) => name !== 'attribute' && name !== 'key')
    .map(({ name, value }) => `${name} ${codeCut(value, VALUE_MAX)}${toldMark(name)}`);
  return [
    `**${code(ref)}**`,
    `${codeQuoted(title, VALUE_MAX)}${identity.some(({ name, value }) => name === 'product' && value === title) ? TOLD : ''}`,
    ...facts,
    ...(links.length === 0 ? [] : [`${links.map(({ what, url }) => link(what, url)).join(' · ')}${TOLD}`]),
    ...(hazards.length === 0 ? [] : [`⚠ ${hazards.map(code).join(', ')}`]),
    ...(cause === null ? [] : [`_${CAUSE_WORDS[cause]}_`]),
  ].join('<br>');
}

/** Facts that come from provenance.json. */
const toldMark = (name: Fact['name']): string => (name === 'product' || name === 'snippet' ? TOLD : '');

function impactTexts({ impact, action }: ChangeView): readonly string[] {
  if (impact === null) return [];
  if (action !== 'create')
    return [`used by ${holdersText(impact, code, TOLD)}; ${filterSlugText(impact, action, code)}`];
  return impact.needed_by === 0 ? [] : [`needed by ${plural(impact.needed_by, 'product')} here`];
}

function fieldText(field: FieldView, { action, cause }: ChangeView): string {
  const hazardMark = field.hazard === null ? '' : ' ⚠';
  const causeMark = field.cause === null || field.cause === cause ? '' : ` _${CAUSE_WORDS[field.cause]}_`;
  return `${code(field.name)}: ${fieldChange(field, action)}${hazardMark}${causeMark}`;
}

function fieldChange(field: FieldView, action: Action): string {
  if (field.shape === 'set') {
    const signed = (sign: string, members: readonly Member[]) =>
      members.map(({ key }) => `${sign} ${code(key)}`);
    const kept = field.kept.length === 0 ? [] : [`${formatCount(field.kept.length)} stay`];
    return [...signed('−', field.removed), ...signed('+', field.added), ...kept].join(', ');
  }
  const [before, after] =
    field.shape === 'key'
      ? [field.before?.key ?? null, field.after?.key ?? null]
      : [field.before, field.after];
  const show = (value: Json, from: number) =>
    field.shape === 'key' ? keyText(value) : valueText(value, from);
  if (action === 'create') return show(after, 0);
  if (action === 'delete') return show(before, 0);
  const from = typeof before === 'string' && typeof after === 'string' ? firstDifference(before, after) : 0;
  return `${show(before, from)} → ${show(after, from)}`;
}

const keyText = (value: Json): string =>
  typeof value === 'string' && value.length <= VALUE_MAX ? code(value) : valueText(value, 0);

function valueText(value: Json, from: number): string {
  if (value === null) return '_none_';
  if (typeof value !== 'string') return code(JSON.stringify(value).slice(0, VALUE_MAX));
  return codeQuoted(value, VALUE_MAX, Math.max(0, Math.min(from, value.length - VALUE_MAX)));
}
