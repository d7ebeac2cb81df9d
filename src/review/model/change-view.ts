import type { ProductDocument } from '../../core/actual-state.ts';
import { groupBy } from '../../core/collections.ts';
import { isSame, type Json, type JsonObject, own } from '../../core/json/canonical-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import type { Change } from '../../diff/model.ts';
import type { Cause, Causes } from '../../plan/drift-causes.ts';
import { compareFields, type Field } from '../../plan/field-diff.ts';
import type { HazardCode } from '../../plan/hazards.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanMetadata, Users } from '../../plan/plan-metadata.ts';
import { type FieldLabels, fieldLabelsOf } from './field-labels.ts';
import { createCardReader } from './product-card.ts';
import { resourceIdentity, resourceLinks, titleOf } from './resource-identity.ts';
import type { ChangeView, FieldView, Member } from './review.ts';
import { createImpactCounter } from './value-impact.ts';

interface Known {
  readonly causes?: Causes;
  readonly users?: Readonly<Record<string, Users>>;
}

/** Makes the view of each change of a plan. */
export function createChangeViewer(
  plan: Plan,
  made: PlanMetadata | null,
  known: Known,
): (change: Change) => ChangeView {
  const labels = fieldLabelsOf(plan);
  const hazards = groupBy(plan.hazards, ({ ref }) => ref);
  const impact = createImpactCounter(plan, known.users ?? made?.users ?? {});
  const card = createCardReader(plan, made, labels);
  return (change) => {
    const codes = (hazards.get(change.ref) ?? []).map(({ code }) => code);
    const causes = own(known.causes ?? {}, change.ref);
    const fields = fieldsIn(change).map((field) => view(field, codes, labels, causes));
    const isProduct = kindOf(change.ref) === 'product' && change.before !== null && change.after !== null;
    return {
      ref: change.ref,
      kind: kindOf(change.ref),
      action: change.action,
      reason: change.reason,
      title: titleOf(plan, made, change),
      identity: resourceIdentity(plan, made, change),
      fields,
      unchanged: unchangedIn(change),
      needs: change.needs,
      hazards: codes,
      cause: overall(fields),
      links: resourceLinks(made, change),
      impact: impact(change),
      touches: touched(change, fields, labels),
      card: isProduct ? { before: card(change, change.before), after: card(change, change.after) } : null,
    };
  };
}

/** Fields of what comes or goes whole are its members, so that each stands on a line of its own. */
function fieldsIn({ ref, before, after }: Change): readonly Field[] {
  if (before !== null && after !== null) return compareFields(ref, before, after);
  const empty: Json = kindOf(ref) === 'product' ? { attributes: {}, metadata: {} } : {};
  return compareFields(ref, before ?? empty, after ?? empty);
}

function view(
  { name, before = null, after = null }: Field,
  codes: readonly HazardCode[],
  labels: FieldLabels,
  causes: Readonly<Record<string, Cause>> | undefined,
): FieldView {
  const common = {
    name,
    title: labels.title(name),
    // A resource that comes or goes whole has one cause, under ''.
    cause: own(causes ?? {}, name) ?? own(causes ?? {}, '') ?? null,
    hazard: hazardOf(name, before, after, codes),
  };
  const label = labels.of(name);
  const named = (key: string): Member => ({ key, label: label(key) });
  if (isSet(before) || isSet(after)) {
    const [left, right] = [new Set(members(before)), new Set(members(after))];
    return {
      ...common,
      shape: 'set',
      added: [...right].filter((key) => !left.has(key)).map(named),
      removed: [...left].filter((key) => !right.has(key)).map(named),
      kept: [...left].filter((key) => right.has(key)).map(named),
    };
  }
  if (!labels.isKey(name)) return { ...common, shape: 'value', before, after };
  const one = (value: Json) => (typeof value === 'string' ? named(value) : null);
  return { ...common, shape: 'key', before: one(before), after: one(after) };
}

const isSet = (value: Json): boolean => typeof value === 'object' && value !== null;
const members = (value: Json): readonly string[] => (isSet(value) ? Object.keys(value as JsonObject) : []);

/** Which of the change's hazards is this field's; the same rules as plan/hazards.ts, which found them. */
function hazardOf(name: string, before: Json, after: Json, codes: readonly HazardCode[]): HazardCode | null {
  const isGone = after === null || (isSet(after) && members(after).length === 0);
  const candidate: HazardCode | null = name.startsWith('attributes.')
    ? isGone
      ? 'clears_attribute'
      : null
    : name === 'metadata.cp_offering_id' && after !== null && before !== null
      ? 'changes_offering_id'
      : name.startsWith('metadata.') && isGone
        ? 'deletes_metadata'
        : name === 'name'
          ? 'renames_value'
          : name === 'slug'
            ? 'slug_changes'
            : null;
  return candidate !== null && codes.includes(candidate) ? candidate : null;
}

function unchangedIn({ ref, before, after }: Change): number {
  if (before === null || after === null) return 0;
  if (kindOf(ref) !== 'product') return same(before as JsonObject, after as JsonObject);
  const [left, right] = [before as unknown as ProductDocument, after as unknown as ProductDocument];
  return (
    same(left.attributes as JsonObject, right.attributes as JsonObject) + same(left.metadata, right.metadata)
  );
}

const same = (left: JsonObject, right: JsonObject): number =>
  Object.keys(left).filter((name) => Object.hasOwn(right, name) && isSame(left[name], right[name])).length;

function touched(
  { ref, provenance }: Change,
  fields: readonly FieldView[],
  labels: FieldLabels,
): ChangeView['touches'] {
  if (kindOf(ref) === 'product') {
    const names = fields.map(({ name }) => name);
    const taxonomies = new Set(names.flatMap((name) => labels.taxonomy(name) ?? []));
    return { fields: names.map((name) => name.slice(name.indexOf('.') + 1)), taxonomies: [...taxonomies] };
  }
  const attribute = ref.split('.')[kindOf(ref) === 'assignment' ? 2 : 1] ?? '';
  return { fields: [attribute], taxonomies: 'taxonomy' in provenance ? [provenance.taxonomy] : [] };
}

/** One cause for the whole change: that of its fields, `both` where Wagtail changed one and somebody edited another. */
function overall(fields: readonly Pick<FieldView, 'cause'>[]): Cause | null {
  const causes = new Set(fields.flatMap(({ cause }) => cause ?? []));
  const [first] = causes;
  if (first === undefined || causes.size === 1) return first ?? null;
  return causes.has('unknown') ? 'unknown' : 'both';
}
