import { Failure } from '../../core/failure.ts';
import { isSame } from '../../core/json/canonical-json.ts';
import type { Json } from '../../core/json/json-value.ts';
import { type ByteFault, byteFaultOf } from '../../core/text/line-ends.ts';
import { NEWEST_FORMAT } from '../format-version.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../plan.ts';
import { isPrinted } from './print.ts';

/** A plan file as it was read. */
export interface ParsedPlan {
  readonly plan: Plan;
  /** newer: of a later minor version, so members are missing here; it can be shown, and nothing can be checked. */
  readonly format: 'current' | 'newer';
  readonly integrity: Integrity;
}

/** All members are computed when they are first read: printing and rebuilding take as long as parsing. */
export interface Integrity {
  /** The file's bytes are those that sailplan prints for this plan. */
  readonly isPrinted: boolean;
  /** What a checkout or an editor changed about the bytes alone; null: nothing, or more than that. */
  readonly byteFault: ByteFault | null;
  /** Members that differ when the plan is rebuilt from its own snapshots; empty for an intact plan. */
  readonly differing: readonly string[];
}

/** The bytes that a plan was read from. */
interface PlanBytes {
  /** Whether they are those that sailplan prints for the plan. */
  readonly isPrinted: () => boolean;
  readonly text: () => string;
}

export function integrityOf(plan: Plan, bytes: PlanBytes): Integrity {
  let printed: boolean | undefined;
  let differing: readonly string[] | undefined;
  return {
    get isPrinted() {
      printed ??= bytes.isPrinted();
      return printed;
    },
    get byteFault() {
      return this.isPrinted ? null : byteFaultOf(bytes.text(), (one) => isPrinted(plan, one));
    },
    get differing() {
      differing ??= differingMembers(plan);
      return differing;
    },
  };
}

/**
 * Rebuilds a plan from its own snapshots, contract and options, and returns the names of the members that differ (`changes`,
 * `hazards` …). A plan that cannot be rebuilt counts as one with other changes.
 */
export function differingMembers(plan: Plan): readonly string[] {
  const other = rebuilt(plan) as Readonly<Record<string, Json>> | null;
  if (other === null) return ['changes'];
  return Object.entries(plan).flatMap(([name, value]) => (isSame(other[name], value as Json) ? [] : [name]));
}

/** The plan that is built from a plan's own snapshots, contract and options; null: none can be built from them. */
export function rebuilt(plan: Plan): Plan | null {
  try {
    return build(inputsOf(plan));
  } catch {
    return null;
  }
}

interface Requirements {
  /** The id that names the plan's folder; null: the folder has another name. */
  readonly folderId?: string | null;
  /** false for plans of the past: a version with other rules may have made them. */
  readonly rebuilds?: boolean;
}

/**
 * The plan of a file for a decision: of a completely known format, in the printed form, in the folder with its id, and equal
 * to its rebuild. Throws a Failure (format_unknown, plan_altered).
 */
export function requireVerified(
  { plan, format, integrity }: ParsedPlan,
  { folderId = null, rebuilds = true }: Requirements = {},
): Plan {
  if (format === 'newer')
    throw new Failure(
      'format_unknown',
      `plan format ${plan.format_version} is newer than ${NEWEST_FORMAT}, so it can be shown but not approved or applied`,
      'Use the sailplan version that wrote it, or plan again.',
    );
  if (integrity.byteFault !== null)
    throw altered(
      `the bytes of the plan file were changed: ${integrity.byteFault.because}`,
      integrity.byteFault.hint,
    );
  if (!integrity.isPrinted)
    throw altered('the plan file is not formatted as sailplan writes it: it was edited or reformatted');
  if (folderId !== null && folderId !== idOf(digestOf(plan)))
    throw altered(
      `the plan's digest is ${digestOf(plan)}, but its folder is named ${folderId}: the plan was altered`,
    );
  if (rebuilds && integrity.differing.length > 0)
    throw altered(
      `a rebuild from its own snapshots differs (${integrity.differing.join(', ')}): the plan was altered`,
    );
  return plan;
}

const altered = (message: string, hint = 'Restore the file as it was written, or plan again.'): Failure =>
  new Failure('plan_altered', message, hint);

/**
 * Why what is shown of a plan file may not be what the file would do. `verify` and `apply` refuse all of these but a newer
 * format and the warnings about the files beside the plan.
 */
export interface IntegrityWarning {
  readonly code:
    | 'newer_format'
    | 'printed_otherwise'
    | 'folder_differs'
    | 'not_rebuilt'
    | 'provenance_unreadable'
    | 'provenance_of_another';
  readonly message: string;
}

/** Whether the plan itself is refused because of it. */
export const meansTampering = ({ code }: IntegrityWarning): boolean =>
  code === 'printed_otherwise' || code === 'folder_differs' || code === 'not_rebuilt';

/** What a reader must know before believing a plan file. `folderId`: the id that names its folder; null: another name. */
export function integrityWarnings(
  { plan, format, integrity }: ParsedPlan,
  folderId: string | null,
): readonly IntegrityWarning[] {
  if (format === 'newer') {
    return [
      {
        code: 'newer_format',
        message: `The plan has the format ${plan.format_version}, which is newer than ${NEWEST_FORMAT}: unknown members are not shown, and nothing was checked.`,
      },
    ];
  }
  const found: IntegrityWarning[] = [];
  if (!integrity.isPrinted) {
    found.push({
      code: 'printed_otherwise',
      message:
        integrity.byteFault === null
          ? 'The file is not formatted as sailplan writes it: it was edited or reformatted.'
          : `The bytes of the file were changed: ${integrity.byteFault.because}.`,
    });
  }
  const id = idOf(digestOf(plan));
  if (folderId !== null && folderId !== id) {
    found.push({
      code: 'folder_differs',
      message: `The folder is named ${folderId}, but this is plan ${id}: the file was changed or replaced.`,
    });
  }
  if (integrity.differing.length > 0) {
    found.push({
      code: 'not_rebuilt',
      message: `A rebuild from its own snapshots differs (${integrity.differing.join(', ')}): the plan was altered, or written by a version with other rules.`,
    });
  }
  return found;
}
