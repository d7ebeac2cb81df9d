import { describe, expect, test } from '@jest/globals';
import jsonpatch from 'fast-json-patch';
import { patchOf } from '../../../src/diff/json-patch.ts';

describe('patches', () => {
  test('a create and a delete carry the guard that RFC 6902 can say', () => {
    expect(patchOf(null, { name: 'Ops' })).toEqual([
      { op: 'test', path: '', value: null },
      { op: 'add', path: '', value: { name: 'Ops' } },
    ]);
    expect(patchOf({ name: 'Ops' }, null)).toEqual([
      { op: 'test', path: '', value: { name: 'Ops' } },
      { op: 'replace', path: '', value: null },
    ]);
  });

  test('a document that moved on is refused by the guard', () => {
    const patch = patchOf({ name: 'Ops', slug: 'ops' }, { name: 'OPS', slug: 'ops' });
    expect(() =>
      jsonpatch.applyPatch({ name: 'Operations', slug: 'ops' }, patch as never, true, false),
    ).toThrow();
  });

  test('names with slashes, tildes and words of the language are addressed as RFC 6901 says', () => {
    const [before, after] = [
      { 'a/b': '1', 'c~d': '1', constructor: '1' },
      { 'a/b': '2', 'c~d': '2', constructor: '2' },
    ];
    const patch = patchOf(before, after);
    expect(patch.filter(({ op }) => op === 'replace').map(({ path }) => path)).toEqual([
      '/constructor',
      '/c~0d',
      '/a~1b',
    ]);
    expect(jsonpatch.applyPatch(structuredClone(before), patch as never, true, false).newDocument).toEqual(
      after,
    );
  });
});
