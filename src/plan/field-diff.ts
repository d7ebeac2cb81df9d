import type { ResourceDocument } from '../core/desired-state.ts';
import { isSame } from '../core/json/canonical-json.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { kindOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';

/** The unit of comparing, showing and writing: one attribute of a product, one metadata key, one name. */
export interface Field {
  /** Its path (diff/field-path.ts); '' for a resource that is created or deleted. */
  readonly name: string;
  /** undefined: the field is not there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The fields that a change changes, sorted by name. */
export const fieldsOf = (change: Pick<Change, 'ref' | 'before' | 'after'>): readonly Field[] =>
  compareFields(change.ref, change.before, change.after);

/** The fields in which two documents of one resource differ; null: the resource is not there. */
export function compareFields(
  ref: string,
  before: ResourceDocument,
  after: ResourceDocument,
): readonly Field[] {
  if (before === null || after === null) {
    return isSame(before, after)
      ? []
      : [{ name: '', before: before ?? undefined, after: after ?? undefined }];
  }
  if (kindOf(ref) !== 'product') return members('', before, after);
  return ['attributes', 'metadata'].flatMap((part) =>
    members(`${part}.`, (before[part] ?? {}) as JsonObject, (after[part] ?? {}) as JsonObject),
  );
}

function members(prefix: string, left: JsonObject, right: JsonObject): readonly Field[] {
  const found: Field[] = [];
  for (const name in left) {
    const [before, after] = [left[name], own(right, name)];
    if (!isSame(before, after)) found.push({ name: `${prefix}${name}`, before, after });
  }
  for (const name in right)
    if (!Object.hasOwn(left, name))
      found.push({ name: `${prefix}${name}`, before: undefined, after: right[name] });
  return found.sort((a, b) => byCodeUnit(a.name, b.name));
}
