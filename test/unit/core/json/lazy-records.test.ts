import { expect, test } from '@jest/globals';
import { createLazyRecords } from '../../../../src/core/json/lazy-records.ts';

test('members are computed when they are read, and look like those of any record', () => {
  const computed: string[] = [];
  const toRecord = createLazyRecords<{ name: string }, { name: string; length: number }>({
    name: ({ name }) => name,
    length: ({ name }) => {
      computed.push(name);
      return name.length;
    },
  });
  const [one, two] = [toRecord({ name: 'one' }), toRecord({ name: 'three' })];
  expect(computed).toEqual([]);
  expect(one.name).toBe('one');
  expect(two.length).toBe(5);
  expect(computed).toEqual(['three']);
  expect(Object.keys(one)).toEqual(['name', 'length']);
  expect(JSON.stringify([one, { ...two }])).toBe('[{"name":"one","length":3},{"name":"three","length":5}]');
});
