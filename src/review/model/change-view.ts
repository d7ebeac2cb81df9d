import { groupBy } from '../../core/collections.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../../core/json/json-value.ts';
import { createLazyRecords } from '../../core/json/lazy-records.ts';
import { isRecord, own } from '../../core/json/records.ts';
import { kindOf, partsOf } from '../../core/resource-ref.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Cause, Causes } from '../../plan/drift-causes.ts';
import { compareFields, type Field } from '../../plan/field-diff.ts';
import { type HazardCode, isAlarming } from '../../plan/hazards.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance, Users } from '../../plan/plan-provenance.ts';
import { type FieldLabels, fieldLabelsOf } from './field-labels.ts';
import { createCardReader } from './product-card.ts';
import { resourceIdentity, resourceLinks, titleOf } from './resource-identity.ts';
import type { ChangeView, FieldView, Member, Touches } from './review.ts';
import { createImpactCounter } from './value-impact.ts';

export interface ChangeContext {
  /** Absent: causes are not known. */
  readonly causes?: Causes;
  /** Ref of a value → number of products of the whole shop with it. Missing: the counts from the plan's provenance.json. */
  readonly users?: Readonly<Record<string, Users>>;
}

/** Returns the function that builds the view of each change of a plan. */
export function createChangeViewer(
  plan: Plan,
  metadata: PlanProvenance | null,
  { causes = {}, users = metadata?.users ?? {} }: ChangeContext,
): (change: Change) => ChangeView {
  const labels = fieldLabelsOf(plan);
  const hazards = groupBy(plan.hazards.filter(isAlarming), ({ ref }) => ref);
  const impactOf = createImpactCounter(plan, users);
  const cardOf = createCardReader(plan, metadata, labels);
  const codesOf = ({ ref }: Change) => (hazards.get(ref) ?? []).map(({ code }) => code);
  const fieldsOf = rememberingLast((change) => {
    const context = { codes: codesOf(change), labels, causes: own(causes, change.ref) ?? {} };
    return shownFields(change).map((field) => fieldView(field, context));
  });
  return createLazyRecords<Change, ChangeView>({
    ref: ({ ref }) => ref,
    kind: ({ ref }) => kindOf(ref),
    action: ({ action }) => action,
    reason: ({ reason }) => reason,
    title: (change) => titleOf(plan, metadata, change),
    identity: (change) => resourceIdentity(plan, metadata, change),
    fields: fieldsOf,
    unchanged: countUnchanged,
    needs: ({ needs }) => needs,
    hazards: codesOf,
    cause: (change) => overallCause(fieldsOf(change)),
    links: (change) => resourceLinks(metadata, change),
    impact: impactOf,
    touches: (change) => touchedBy(change, fieldsOf(change), labels),
    card: (change) => {
      const { ref, before, after } = change;
      const hasCard = kindOf(ref) === 'product' && before !== null && after !== null;
      return hasCard ? { before: cardOf(change, before), after: cardOf(change, after) } : null;
    },
  });
}

/** Renderers go from change to change, and read each member of one some times in a row. */
function rememberingLast<T>(compute: (change: Change) => T): (change: Change) => T {
  let last: { readonly change: Change; readonly result: T } | null = null;
  return (change) => {
    if (last?.change !== change) last = { change, result: compute(change) };
    return last.result;
  };
}

/** For a created or deleted resource each member is a field, so that each has its own line. */
function shownFields({ ref, before, after }: Change): readonly Field[] {
  if (before !== null && after !== null) return compareFields(ref, before, after);
  const empty: Json = kindOf(ref) === 'product' ? { attributes: {}, metadata: {} } : {};
  return compareFields(ref, before ?? empty, after ?? empty);
}

interface FieldContext {
  /** Hazards of the change. */
  readonly codes: readonly HazardCode[];
  readonly labels: FieldLabels;
  /** Field → cause; a resource that is created or deleted has one cause, under ''. */
  readonly causes: Readonly<Record<string, Cause>>;
}

function fieldView({ name, before = null, after = null }: Field, context: FieldContext): FieldView {
  const { codes, labels, causes } = context;
  const common = {
    name,
    title: labels.title(name),
    cause: own(causes, name) ?? own(causes, '') ?? null,
    hazard: hazardOf({ name, before, after }, codes),
  };
  const label = labels.of(name);
  const member = (key: string): Member => ({ key, label: label(key) });
  if (isSet(before) || isSet(after)) {
    const [left, right] = [membersOf(before), membersOf(after)];
    return {
      ...common,
      shape: 'set',
      added: right.filter((key) => !isIn(before, key)).map(member),
      removed: left.filter((key) => !isIn(after, key)).map(member),
      kept: left.filter((key) => isIn(after, key)).map(member),
    };
  }
  if (!labels.isKey(name)) return { ...common, shape: 'value', before, after };
  const memberOrNull = (value: Json) => (typeof value === 'string' ? member(value) : null);
  return { ...common, shape: 'key', before: memberOrNull(before), after: memberOrNull(after) };
}

const isSet = (value: Json): value is JsonObject => typeof value === 'object' && value !== null;
const membersOf = (value: Json): readonly string[] => (isSet(value) ? Object.keys(value) : []);
const isIn = (value: Json, member: string): boolean => isSet(value) && Object.hasOwn(value, member);

interface FieldChange {
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
}

/** The hazard of the change that this field causes, or null. */
function hazardOf(field: FieldChange, codes: readonly HazardCode[]): HazardCode | null {
  const code = possibleHazard(field);
  return code !== null && codes.includes(code) ? code : null;
}

/** The hazard that a change of this field can be, by the rules of plan/hazards.ts. */
function possibleHazard({ name, before, after }: FieldChange): HazardCode | null {
  const isEmptied = after === null || (isSet(after) && membersOf(after).length === 0);
  if (name === 'name') return 'renames_value';
  if (name === 'slug') return 'slug_changes';
  if (name.startsWith('attributes.')) return isEmptied ? 'clears_attribute' : null;
  if (name === 'metadata.cp_offering_id' && before !== null && after !== null) return 'changes_offering_id';
  return name.startsWith('metadata.') && isEmptied ? 'deletes_metadata' : null;
}

/** How many managed fields of a resource that exists before and after stay as they are. */
function countUnchanged({ ref, before, after }: Change): number {
  if (before === null || after === null) return 0;
  const parts = kindOf(ref) === 'product' ? ['attributes', 'metadata'] : [''];
  return parts.reduce((sum, part) => sum + countSame(recordAt(before, part), recordAt(after, part)), 0);
}

function recordAt(document: Json, path: string): JsonObject {
  const value = fieldAt(document, path);
  return isRecord(value) ? value : {};
}

function countSame(left: JsonObject, right: JsonObject): number {
  let count = 0;
  for (const name in left) if (Object.hasOwn(right, name) && isSame(left[name], right[name])) count += 1;
  return count;
}

/** What the filters of a page find the change by. */
function touchedBy({ ref, provenance }: Change, fields: readonly FieldView[], labels: FieldLabels): Touches {
  const kind = kindOf(ref);
  if (kind === 'product') {
    const taxonomies = new Set(fields.flatMap(({ name }) => labels.taxonomy(name) ?? []));
    return {
      fields: fields.map(({ name }) => name.slice(name.indexOf('.') + 1)),
      taxonomies: [...taxonomies],
    };
  }
  const [, first, second] = partsOf(ref);
  return {
    fields: [kind === 'assignment' ? second : first],
    taxonomies: 'taxonomy' in provenance ? [provenance.taxonomy] : [],
  };
}

/** One cause for the whole change: the common cause of its fields, otherwise `unknown` if a field has it, otherwise `both`. */
function overallCause(fields: readonly Pick<FieldView, 'cause'>[]): Cause | null {
  if (fields.every(({ cause }) => cause === null)) return null;
  const causes = new Set(fields.flatMap(({ cause }) => cause ?? []));
  const [first = null] = causes;
  if (causes.size <= 1) return first;
  return causes.has('unknown') ? 'unknown' : 'both';
}
