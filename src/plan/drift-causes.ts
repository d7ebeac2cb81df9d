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
 * Who moved, of three: what the base left, what Wagtail wants now, what Saleor shows.
 * first_sync: no base brought this in line, or there is none · unknown: the base cannot be read any more
 */
export type Cause = 'wagtail_changed' | 'saleor_edited' | 'both' | 'first_sync' | 'unknown';

/** ref → field → cause */
export type Causes = Readonly<Record<string, Readonly<Record<string, Cause>>>>;

/** A converged plan of the same target; lost: there was one, and it is not here as it was. */
export type Base = Plan | 'lost';

/**
 * The cause of every changed field; derived, not stored in the plan. `bases`: the target's converged
 * plans, the last one first. Each field is told by the first that brought it in line: what the last one left out, held
 * back or was not asked for was not edited in Saleor because of that.
 */
export function causesOf(plan: Plan, bases: Iterable<Base>): Causes {
  const told = new Map(plan.changes.map((change) => [change.ref, new Map<string, Cause>()]));
  let open = plan.changes.flatMap((change) => fieldsOf(change).map((field) => ({ change, field })));
  const tell = ({ change, field }: (typeof open)[number], cause: Cause) =>
    void told.get(change.ref)?.set(field.name, cause);
  for (const base of bases) {
    if (open.length === 0) break;
    const left = base === 'lost' ? null : convergedState(base);
    open = open.filter((one) => {
      const isUnread = left === null || isBeyondSnapshots(base as Plan, one.change.ref);
      const cause = isUnread ? 'unknown' : causeBy(left, one.change, one.field);
      if (cause !== null) tell(one, cause);
      return cause === null;
    });
  }
  for (const one of open) tell(one, 'first_sync');
  return Object.fromEntries([...told].map(([ref, causes]) => [ref, Object.fromEntries(causes)]));
}

/** null: this base does not say. */
function causeBy(left: ConvergedState, { ref }: Change, { name, before, after }: Field): Cause | null {
  if (!left.isInLine(ref, name)) return null;
  const document = left.document(ref);
  // A resource that is to come again: what counts is whether Wagtail still means what stood there.
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

/** The slug of a value is Saleor's own doing where the plan does not say it. */
const isNamedAlike = (left: JsonObject, right: JsonObject): boolean =>
  isSame(own(left, 'name'), own(right, 'name'));
