import { expect, test } from '@jest/globals';
import { fieldAt, withField } from '../../../src/diff/field-path.ts';

const DOCUMENT = { attributes: { gsv_roles: { ops: true } }, metadata: { 'a.b': '1', z: '2' } };

test('a field is read by its path; a metadata key may have dots', () => {
  expect(fieldAt(DOCUMENT, '')).toBe(DOCUMENT);
  expect(fieldAt(DOCUMENT, 'metadata.a.b')).toBe('1');
  expect(fieldAt({ name: 'Ops' }, 'name')).toBe('Ops');
});

test('what is not there is undefined: a resource, a part, a member that only a prototype has', () => {
  for (const path of ['', 'name', 'metadata.a']) expect(fieldAt(null, path)).toBeUndefined();
  for (const path of ['name', 'name.a', 'metadata.constructor', 'metadata.a.b.c'])
    expect(fieldAt(DOCUMENT, path)).toBeUndefined();
});

test('a field is set, or taken out, in a copy whose members are in code-unit order', () => {
  const changed = withField(DOCUMENT, 'metadata.m', '3');
  expect(JSON.stringify(changed)).toBe(
    '{"attributes":{"gsv_roles":{"ops":true}},"metadata":{"a.b":"1","m":"3","z":"2"}}',
  );
  expect(withField(changed, 'metadata.m', undefined)).toEqual(DOCUMENT);
  expect(withField({ name: 'Ops' }, 'slug', 'ops')).toEqual({ name: 'Ops', slug: 'ops' });
  expect(DOCUMENT.metadata).toEqual({ 'a.b': '1', z: '2' });
});

test('a part that the document does not have is not made', () => {
  expect(withField({ name: 'Ops' }, 'name.x', '1')).toEqual({ name: 'Ops' });
});
