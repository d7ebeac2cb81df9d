import type { Json } from '../../core/json/canonical-json.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { ChangeView, FieldView, Member } from '../model/review.ts';
import { CAUSE_WORDS, filterSlugText, GLYPHS, holdersText } from '../wording.ts';
import { code, codeCut, codeQuoted, firstDifference, link } from './escape.ts';

/** Characters of one value; the whole of it is in the plan file and in the HTML. */
const VALUE_MAX = 200;

/** One change, one row: `| glyph | what it is | what changes |`. */
export function changeRow(change: ChangeView): string {
  return `| ${GLYPHS[change.action]} | ${what(change)} | ${[...facts(change), ...change.fields.map((one) => field(one, change))].join('<br>')} |`;
}

export const CHANGE_ROWS_HEAD = '| | What | Changes |\n|---|---|---|';

function what({ ref, title, identity, links, hazards, cause }: ChangeView): string {
  const named = identity
    .filter(
      ({ name, value }) => (name === 'page' || value !== title) && name !== 'attribute' && name !== 'key',
    )
    .map(({ name, value }) => `${name} ${codeCut(value, VALUE_MAX)}`);
  return [
    `**${code(ref)}**`,
    codeQuoted(title, VALUE_MAX),
    ...named,
    ...(links.length === 0 ? [] : [links.map(({ what, url }) => link(what, url)).join(' · ')]),
    ...(hazards.length === 0 ? [] : [`⚠ ${hazards.map(code).join(', ')}`]),
    ...(cause === null ? [] : [`_${CAUSE_WORDS[cause]}_`]),
  ].join('<br>');
}

function facts({ impact, action }: ChangeView): readonly string[] {
  if (impact === null) return [];
  if (action !== 'create')
    return [`held by ${holdersText(impact, code)}; ${filterSlugText(impact, action, code)}`];
  return impact.needed_by === 0 ? [] : [`needed by ${plural(impact.needed_by, 'product')} here`];
}

function field(view: FieldView, { action, cause }: ChangeView): string {
  const name = code(view.name);
  const marks = `${view.hazard === null ? '' : ' ⚠'}${view.cause === null || view.cause === cause ? '' : ` _${CAUSE_WORDS[view.cause]}_`}`;
  if (view.shape === 'set') {
    const kept = view.kept.length === 0 ? [] : [`${formatCount(view.kept.length)} stay`];
    const sign =
      (glyph: string) =>
      ({ key }: Member) =>
        `${glyph} ${code(key)}`;
    return `${name}: ${[...view.removed.map(sign('−')), ...view.added.map(sign('+')), ...kept].join(', ')}${marks}`;
  }
  const [before, after] =
    view.shape === 'key' ? [view.before?.key ?? null, view.after?.key ?? null] : [view.before, view.after];
  const show = (value: Json, from = 0) => (view.shape === 'key' ? key(value) : shown(value, from));
  if (action === 'create') return `${name}: ${show(after)}${marks}`;
  if (action === 'delete') return `${name}: ${show(before)}${marks}`;
  const from = typeof before === 'string' && typeof after === 'string' ? firstDifference(before, after) : 0;
  return `${name}: ${show(before, from)} → ${show(after, from)}${marks}`;
}

const key = (value: Json): string =>
  typeof value === 'string' && value.length <= VALUE_MAX ? code(value) : shown(value, 0);

function shown(value: Json, from: number): string {
  if (value === null) return '_none_';
  if (typeof value !== 'string') return code(JSON.stringify(value).slice(0, VALUE_MAX));
  return codeQuoted(value, VALUE_MAX, Math.max(0, Math.min(from, value.length - VALUE_MAX)));
}
