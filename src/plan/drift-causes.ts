import { isSame } from '../core/json/canonical-json.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { fieldAt } from '../diff/field-path.ts';
import type { Change } from '../diff/model.ts';
import { type ConvergedState, convergedState } from './converged-state.ts';
import { type Field, fieldsOf } from './field-diff.ts';
import type { Plan } from './plan.ts';
import { isBeyondSnapshots } from './snapshots/extent.ts';

/**
 * Which side changed a field since the base, from three states: after the base, wanted by Wagtail now, in Saleor now.
 * first_sync: no base synchronised the field, or there is none · unknown: the base can no longer be read
 */
export type Cause = 'wagtail_changed' | 'saleor_edited' | 'both' | 'first_sync' | 'unknown';

/** ref → field → cause */
export type Causes = Readonly<Record<string, Readonly<Record<string, Cause>>>>;

/** A converged plan of the same target; lost: its file is gone or was altered. */
export type Base = Plan | 'lost';

/**
 * Finds the cause of every changed field. `bases`: the target's converged plans, the last one first. The first base that
 * synchronised a field decides: if the last plan skipped or excluded it, that does not mean that Saleor was edited.
 */
export function causesOf(plan: Plan, bases: Iterable<Base>): Causes {
  const causes = new Map(plan.changes.map((change) => [change.ref, new Map<string, Cause>()]));
  let open = plan.changes.flatMap((change) => fieldsOf(change).map((field) => ({ change, field })));
  const record = ({ change, field }: (typeof open)[number], cause: Cause) =>
    void causes.get(change.ref)?.set(field.name, cause);
  for (const base of bases) {
    if (open.length === 0) break;
    const state = base === 'lost' ? null : convergedState(base);
    open = open.filter((one) => {
      const isUnread = state === null || isBeyondSnapshots(base as Plan, one.change.ref);
      const cause = isUnread ? 'unknown' : causeBy(state, one.change, one.field);
      if (cause !== null) record(one, cause);
      return cause === null;
    });
  }
  for (const one of open) record(one, 'first_sync');
  return Object.fromEntries([...causes].map(([ref, byField]) => [ref, Object.fromEntries(byField)]));
}

/** null: this base did not synchronise the field. */
function causeBy(state: ConvergedState, { ref }: Change, { name, before, after }: Field): Cause | null {
  if (!state.isInLine(ref, name)) return null;
  const document = state.document(ref);
  // A resource that is created again: compares what Wagtail wants now with what the base left.
  if (name === '' && after !== undefined)
    return document === null
      ? 'wagtail_changed'
      : isNamedAlike(document, after as JsonObject)
        ? 'saleor_edited'
        : 'both';
  const then = name === 'slug' ? (fieldAt(document, name) ?? before) : fieldAt(document, name);
  if (isSame(then, after)) return 'saleor_edited';
  return isSame(then, before) ? 'wagtail_changed' : 'both';
}

/** Compares names only: where the plan sets no slug, Saleor decides it. */
const isNamedAlike = (left: JsonObject, right: JsonObject): boolean =>
  isSame(own(left, 'name'), own(right, 'name'));
