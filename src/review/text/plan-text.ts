import type { Json } from '../../core/json/canonical-json.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import { quoted, visible } from '../../core/text/invisible-characters.ts';
import type { ChangeGroup, ChangeView, DiagnosticGroup, FieldView, Review } from '../model/review.ts';
import {
  ACTIONS,
  CAUSE_WORDS,
  channelText,
  completenessLine,
  countsLine,
  filterSlugText,
  fullViewCommand,
  GLYPHS,
  holdersText,
  KIND_NAMES,
  NONE_TEXT,
  NOT_APPROVED_NOTE,
  sourceLine,
  summaryLine,
  VERDICT_TONES,
} from '../wording.ts';
import { createLineWriter, type LineWriter } from './line-writer.ts';
import { renderPlanSummary } from './plan-summary.ts';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  readonly color?: boolean;
  /** At most 24 lines. */
  readonly summary?: boolean;
}

/** A plan for a terminal: drift first, then changes by kind, and what could go wrong; the last line sums up. */
export function renderPlanText(review: Review, options: TextOptions = {}): string {
  const { width = 80, color = false } = options;
  if (options.summary === true) return renderPlanSummary(review, { width, color });
  const out = createLineWriter({ width, color });
  head(out, review);
  doubts(out, review);
  drift(out, review);
  legend(out, review);
  for (const group of review.groups) changes(out, group);
  leftOut(out, review);
  const told = leftOutCodes(review);
  for (const group of review.diagnostics) diagnostics(out, group, told, fullViewCommand(review));
  heldBack(out, review);
  remarks(out, review);
  hazards(out, review);
  out.blank();
  out.line(visible(review.verdict.line), { tone: VERDICT_TONES[review.verdict.code] });
  out.line(summaryLine(review), { tone: 'heading' });
  return out.toString();
}

function head(out: LineWriter, review: Review): void {
  const { target, plan, contract, made, flags } = review;
  const fact = (name: string, value: string) =>
    out.line(visible(value), { lead: name.padEnd(8), leadTone: 'quiet' });
  out.line(review.stored ? `Plan ${plan.id}` : 'Comparison, of which no plan is written', {
    tone: 'heading',
  });
  const shop = target.shop === null ? '' : ` (${target.shop.name}, Saleor ${target.shop.version})`;
  fact(
    'target',
    `${target.name === null ? '' : `${target.name} `}${target.api_url}${channelText(target)}${shop}`,
  );
  const wagtail = review.source.wagtail === null ? '' : ` (Wagtail ${review.source.wagtail})`;
  fact('source', `${sourceLine(review)}${wagtail}`);
  fact(
    'contract',
    `${contract.name}, named by ${contract.naming}${flags.length === 0 ? '' : `; ${flags.join(' ')}`}`,
  );
  if (made !== null) fact('made', `${made.at} by ${made.by} with ${made.tool}`);
  if (made !== null && review.stored) fact('', NOT_APPROVED_NOTE);
  fact('read', completenessLine(review).replace('Read whole: ', 'whole: '));
}

function section(out: LineWriter, title: string): void {
  out.blank();
  out.line(title, { tone: 'heading' });
}

function doubts(out: LineWriter, { doubts }: Review): void {
  if (doubts.length > 0) out.blank();
  for (const { message } of doubts)
    out.line(visible(message), { lead: '!', leadTone: 'hazard', tone: 'hazard' });
}

function drift(out: LineWriter, { drift }: Review): void {
  if (drift === null || drift.length === 0) return;
  section(out, `Drift: ${plural(drift.length, 'resource')} edited in Saleor since the last converged plan`);
  for (const { ref, title, fields } of drift) {
    out.line(`${visible(ref)}  ${quoted(title)}`, { indent: 2, lead: '~', leadTone: 'update' });
    for (const { name, cause } of fields) out.line(`${visible(name)}: ${CAUSE_WORDS[cause]}`, { indent: 6 });
  }
}

/** Only the glyphs that occur. */
function legend(out: LineWriter, { counts, hazards }: Review): void {
  const words = ACTIONS.filter((action) => counts[action] > 0).map((action) => `${GLYPHS[action]} ${action}`);
  if (words.length === 0) return;
  out.blank();
  out.line([...words, ...(hazards.length > 0 ? ['! hazard'] : [])].join('   '), { tone: 'quiet' });
}

function changes(out: LineWriter, { kind, counts, changes }: ChangeGroup): void {
  section(out, `${KIND_NAMES[kind]}: ${countsLine(counts)}`);
  for (const change of changes.filter(isBrief)) brief(out, change);
  const long = changes.filter((change) => !isBrief(change));
  for (const [index, change] of long.entries()) {
    if (index > 0 || long.length < changes.length) out.blank();
    full(out, change);
  }
}

/** What comes whole and holds little is one line. */
const isBrief = ({ kind, action, hazards }: ChangeView): boolean =>
  action === 'create' &&
  (kind === 'value' || kind === 'assignment' || (kind === 'translation' && hazards.length < 2));

function brief(out: LineWriter, change: ChangeView): void {
  const field = change.fields.find(({ name }) => name === 'name');
  const says = field?.shape === 'value' && typeof field.after === 'string' ? field.after : null;
  const isNamedByKey = says !== null && change.ref.endsWith(`.${says}`);
  const label = change.kind === 'value' && change.title !== says ? ` label ${quoted(change.title)}` : '';
  const needed = change.impact?.needed_by ? `, needed by ${plural(change.impact.needed_by, 'product')}` : '';
  const name = says === null || (isNamedByKey && label !== '') ? '' : ` ${quoted(says)}`;
  const what = change.kind === 'assignment' ? ` ${visible(change.title)}` : `${name}${label}`;
  out.line(`${visible(change.ref)} ${what}${needed}${causeOf(change)}`, {
    indent: 2,
    lead: GLYPHS[change.action],
    leadTone: change.action,
  });
}

const causeOf = ({ cause }: { cause: ChangeView['cause'] }): string =>
  cause === null ? '' : `  [${CAUSE_WORDS[cause]}]`;

function full(out: LineWriter, change: ChangeView): void {
  const tone = change.action;
  out.line(`${visible(change.ref)}  ${quoted(change.title)}${causeOf(change)}`, {
    indent: 2,
    lead: GLYPHS[change.action],
    leadTone: tone,
    tone: 'heading',
  });
  const facts = change.identity.filter(({ name, value }) => name === 'page' || value !== change.title);
  if (facts.length > 0) {
    out.line(facts.map(({ name, value }) => `${name} ${visible(value)}`).join(' · '), {
      indent: 6,
      tone: 'quiet',
    });
  }
  for (const { what, url } of change.links)
    out.line(`${what}: ${visible(url)}`, { indent: 6, tone: 'quiet' });
  if (change.impact !== null && change.action !== 'create') {
    const filter = filterSlugText(change.impact, change.action, quoted);
    out.line(`held by ${holdersText(change.impact, quoted)}; ${filter}`, { indent: 6, tone: 'quiet' });
  }
  const isWhole = change.action !== 'update';
  for (const view of change.fields) field(out, view, isWhole ? change.action : null);
  if (change.unchanged > 0) {
    out.line(`(${plural(change.unchanged, 'unchanged field')} hidden)`, { indent: 6, tone: 'quiet' });
  }
}

function field(out: LineWriter, view: FieldView, whole: 'create' | 'delete' | null): void {
  const cause = view.cause === null ? '' : `  [${CAUSE_WORDS[view.cause]}]`;
  const hazard = view.hazard === null ? '' : `  ! ${view.hazard}`;
  const name = visible(view.name);
  if (view.shape === 'set') {
    const kept = view.kept.length === 0 ? '' : `  (${formatCount(view.kept.length)} stay)`;
    out.line(`${name}${kept}${cause}${hazard}`, { indent: 4, lead: '~', leadTone: 'update' });
    for (const { key } of view.removed) out.line(visible(key), { indent: 8, lead: '-', leadTone: 'delete' });
    for (const { key } of view.added) out.line(visible(key), { indent: 8, lead: '+', leadTone: 'create' });
    return;
  }
  const action = whole ?? (view.before === null ? 'create' : view.after === null ? 'delete' : 'update');
  const [before, after] =
    view.shape === 'key'
      ? [
          view.before === null ? NONE_TEXT : visible(view.before.key),
          view.after === null ? NONE_TEXT : visible(view.after.key),
        ]
      : [shown(view.before), shown(view.after)];
  const words = action === 'create' ? after : action === 'delete' ? before : `${before} -> ${after}`;
  out.line(`${name}: ${words}${cause}${hazard}`, { indent: 4, lead: GLYPHS[action], leadTone: action });
}

function shown(value: Json): string {
  if (value === null) return NONE_TEXT;
  return typeof value === 'string' ? quoted(value) : visible(JSON.stringify(value));
}

function leftOut(out: LineWriter, { left_out, counts }: Review): void {
  if (left_out.length === 0) return;
  section(out, `Not compared: ${plural(counts.left_out, 'offering')}`);
  for (const { ref, title, because } of left_out) {
    out.line(`${visible(ref)}  ${quoted(title)}`, { indent: 2, lead: '!', leadTone: 'hazard' });
    for (const { message } of because) out.line(visible(message), { indent: 6 });
  }
}

const leftOutCodes = ({ left_out }: Review): ReadonlySet<string> =>
  new Set(
    left_out.flatMap(({ because }) => because.map(({ code, ref, message }) => `${code} ${ref} ${message}`)),
  );

const FIRST = 3;
const SEVERITY = { error: 'Error', warning: 'Warning', note: 'Note' };

/** `whole`: the command that shows all of them. */
function diagnostics(
  out: LineWriter,
  group: DiagnosticGroup,
  said: ReadonlySet<string>,
  whole: string,
): void {
  const { severity, code, hint } = group;
  const items = group.items.filter((item) => !said.has(`${item.code} ${item.ref} ${item.message}`));
  const tone = severity === 'error' ? 'hazard' : 'update';
  const again = group.items.length - items.length;
  out.blank();
  const title = `${SEVERITY[severity]}: ${code} (${formatCount(group.items.length)})`;
  out.line(`${title}${again > 0 ? `, ${items.length === 0 ? 'all' : formatCount(again)} told above` : ''}`, {
    tone,
  });
  for (const { message } of items.slice(0, FIRST)) out.line(visible(message), { indent: 2, lead: '-' });
  if (items.length > FIRST) {
    out.line(`and ${formatCount(items.length - FIRST)} more: ${whole}`, {
      indent: 4,
      tone: 'quiet',
    });
  }
  if (hint !== '') out.line(visible(hint), { indent: 2, lead: '>', tone: 'quiet' });
}

function heldBack(out: LineWriter, { held_back }: Review): void {
  if (held_back.length === 0) return;
  section(out, `Held back on request: ${formatCount(held_back.length)}`);
  for (const { message } of held_back) out.line(visible(message), { indent: 2, lead: '-' });
}

function remarks(out: LineWriter, { remarks }: Review): void {
  if (remarks.length === 0) return;
  section(out, 'Look closely');
  const words = { non_ascii: 'is not plain ASCII', address_not_http: 'is no http(s) address' };
  for (const { code, ref, where, value } of remarks) {
    out.line(`${visible(ref)}, ${visible(where)} ${words[code]}: ${value}`, {
      indent: 2,
      lead: '!',
      leadTone: 'hazard',
    });
  }
}

function hazards(out: LineWriter, { hazards }: Review): void {
  if (hazards.length === 0) return;
  section(out, 'Hazards');
  for (const { code, meaning, refs } of hazards) {
    out.line(`${code} (${formatCount(refs.length)})`, {
      indent: 2,
      lead: '!',
      leadTone: 'hazard',
      tone: 'hazard',
    });
    out.line(meaning, { indent: 4, tone: 'quiet' });
    for (const ref of refs) out.line(visible(ref), { indent: 6 });
  }
}
