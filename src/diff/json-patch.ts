import jsonpatch from 'fast-json-patch';
import type { ResourceDocument } from '../core/desired-state.ts';
import type { Change, Operation } from './model.ts';

/**
 * RFC 6902 operations, with `test` guards, that turn `before` into `after`; null: the resource is not there. RFC 6902 cannot
 * express "must not exist yet": that is the change's own precondition.
 */
export function patchOf(before: ResourceDocument, after: ResourceDocument): readonly Operation[] {
  if (before === null)
    return [
      { op: 'test', path: '', value: null },
      { op: 'add', path: '', value: after },
    ];
  if (after === null)
    return [
      { op: 'test', path: '', value: before },
      { op: 'replace', path: '', value: null },
    ];
  return jsonpatch.compare(before, after, true) as Operation[];
}

const PATCH = {
  enumerable: true,
  get(this: Change): readonly Operation[] {
    return patchOf(this.before, this.after);
  },
};

/**
 * The change with its patch, which is computed whenever it is read: of a hundred thousand changes the patches take more memory
 * than everything else, and each is needed for a moment.
 */
export const withPatch = (change: Omit<Change, 'patch'>): Change =>
  Object.defineProperty(change, 'patch', PATCH) as Change;
