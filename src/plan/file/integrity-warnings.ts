import { idOf, isKnownFormat, type Plan, REST_VERSION } from '../plan.ts';
import { differingMembers, isProven } from './integrity.ts';
import { isPrinted } from './print.ts';

/**
 * Why what is shown of a plan file may not be what the file would do. All but the newer format and what stands beside the
 * plan are what `verify` and `apply` refuse.
 */
export interface IntegrityWarning {
  readonly code:
    | 'newer_format'
    | 'printed_otherwise'
    | 'folder_differs'
    | 'not_rebuilt'
    | 'made_unreadable'
    | 'made_of_another';
  readonly message: string;
}

/** Whether the plan itself is refused for it. */
export const meansTampering = ({ code }: IntegrityWarning): boolean =>
  code === 'printed_otherwise' || code === 'folder_differs' || code === 'not_rebuilt';

/** What a reader must know before believing a plan file. `folderId`: the name of its folder, if that is an id. */
export function integrityWarnings(
  plan: Plan,
  { text, digest, folderId }: { text: string; digest: string; folderId: string | null },
): readonly IntegrityWarning[] {
  if (!isKnownFormat(plan.format_version)) {
    return [
      {
        code: 'newer_format',
        message: `The plan has the format ${plan.format_version}, which is newer than ${REST_VERSION}: what this version does not know is not shown, and nothing was checked.`,
      },
    ];
  }
  const isWhole = isProven(plan, text);
  const found: IntegrityWarning[] = [];
  if (!isWhole && !isPrinted(plan, text)) {
    found.push({
      code: 'printed_otherwise',
      message: 'The file is not in the form that sailplan writes: it was edited or printed again.',
    });
  }
  if (folderId !== null && folderId !== idOf(digest)) {
    found.push({
      code: 'folder_differs',
      message: `The folder is named ${folderId}, but this is plan ${idOf(digest)}: the file was changed or exchanged.`,
    });
  }
  const unlike = isWhole ? [] : differingMembers(plan);
  if (unlike.length > 0) {
    found.push({
      code: 'not_rebuilt',
      message: `Built again from its own snapshots, the plan is another one (${unlike.join(', ')} differ): it was altered, or made by a version with other rules.`,
    });
  }
  return found;
}
