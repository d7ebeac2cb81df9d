import type { Json } from '../state/json.ts';
import { code, codeQuoted, difference, link } from './code.ts';
import { figure } from './grouped.ts';
import type { ChangeView, FieldView, Member } from './model.ts';
import { CAUSE_WORDS, GLYPHS, NOTHING } from './words.ts';

/** Characters of one value; the whole of it is in the plan file and in the HTML. */
const VALUE_MAX = 200;

/** One change, one row: `| glyph | what it is | what changes |`. */
export function row(change: ChangeView): string {
  return `| ${GLYPHS[change.action]} | ${what(change)} | ${[...facts(change), ...change.fields.map((one) => field(one, change))].join('<br>')} |`;
}

export const ROWS_HEAD = '| | What | Changes |\n|---|---|---|';

function what({ ref, title, identity, links, hazards, cause }: ChangeView): string {
  const named = identity
    .filter(({ name, value }) => value !== title && name !== 'attribute' && name !== 'key')
    .map(({ name, value }) => `${name} ${code(value.slice(0, VALUE_MAX))}`);
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
  const whole =
    impact.products === null
      ? []
      : [
          `${figure(impact.products)} products of the whole shop${impact.published === null ? '' : ` (${figure(impact.published)} published)`}`,
        ];
  if (action === 'create')
    return impact.needed_by === 0 ? [] : [`needed by ${figure(impact.needed_by)} changes here`];
  const slug =
    impact.slug === null
      ? 'filter slug stays'
      : `filter slug from ${code(impact.slug.before ?? NOTHING)} to ${impact.slug.after === null ? 'what Saleor makes of it' : code(impact.slug.after)}`;
  return [[`held by ${figure(impact.holding)} compared products`, ...whole, slug].join('; ')];
}

function field(view: FieldView, { action, cause }: ChangeView): string {
  const name = code(view.name);
  const marks = `${view.hazard === null ? '' : ' ⚠'}${view.cause === null || view.cause === cause ? '' : ` _${CAUSE_WORDS[view.cause]}_`}`;
  if (view.shape === 'set') {
    const kept = view.kept.length === 0 ? [] : [`${figure(view.kept.length)} stay`];
    const sign =
      (glyph: string) =>
      ({ key }: Member) =>
        `${glyph} ${code(key)}`;
    return `${name}: ${[...view.removed.map(sign('−')), ...view.added.map(sign('+')), ...kept].join(', ')}${marks}`;
  }
  const { before, after, shape } = view;
  if (action === 'create') return `${name}: ${shown(after, shape)}${marks}`;
  if (action === 'delete') return `${name}: ${shown(before, shape)}${marks}`;
  const isLong = typeof before === 'string' && typeof after === 'string';
  const from = isLong ? difference(before, after) : 0;
  return `${name}: ${shown(before, shape, from)} → ${shown(after, shape, from)}${marks}`;
}

function shown(value: Json, shape: 'key' | 'value', from = 0): string {
  if (value === null) return '_none_';
  if (typeof value !== 'string') return code(JSON.stringify(value).slice(0, VALUE_MAX));
  if (shape === 'key' && value.length <= VALUE_MAX) return code(value);
  return codeQuoted(value, VALUE_MAX, Math.max(0, Math.min(from, value.length - VALUE_MAX)));
}
