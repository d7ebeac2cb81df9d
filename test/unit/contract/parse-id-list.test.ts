import { describe, expect, test } from '@jest/globals';
import type { ListFormat } from '../../../src/contract/list-format.ts';
import { controlPlaneEntries, registryEntries } from '../../../src/contract/listed-ids.ts';
import { parseIdList } from '../../../src/contract/parse-id-list.ts';

const nowMs = Date.parse('2026-11-29T12:00:00Z');
const read = (text: string, format?: ListFormat) =>
  parseIdList(text, { name: 'list', nowMs, ...(format === undefined ? {} : { format }) });
const registry = (text: string, format?: ListFormat) => registryEntries(read(text, format).entries);
const offerings = (value: unknown, format?: ListFormat) =>
  controlPlaneEntries(read(JSON.stringify(value), format).entries);

describe('a list of ids', () => {
  test.each<[string, ListFormat?]>([
    ['["lead_scoring","invoice_reading","lead_scoring"]'],
    ['\ufeff["lead_scoring","invoice_reading"]'],
    ['\ufefflead_scoring\r\ninvoice_reading'],
    [' [{"id":"lead_scoring","since":2025},"invoice_reading"]'],
    ['# ids\r\nlead_scoring\r\n\r\n  invoice_reading\r\n'],
    ['{"capabilities":["lead_scoring","invoice_reading"],"count":2,"owner":{"team":"ai"}}'],
    [
      '{"data":{"items":[{"key":"lead_scoring"},{"key":"invoice_reading"}]}}',
      { ids: '/data/items', id: 'key' },
    ],
    ['{"a/b":[["lead_scoring","invoice_reading"]],"c":[]}', { ids: '/a~1b/0' }],
    ['["lead_scoring","invoice_reading"]', { ids: '' }],
  ])('is %j', (...[text, format]) => {
    expect(registry(text, format)).toEqual(['invoice_reading', 'lead_scoring']);
  });

  test.each<[string, string, ListFormat?]>([
    ['[1]', 'list: [0] is neither an id nor an object with an id'],
    ['["a",{"id":""}]', 'list: [1] is neither an id nor an object with an id'],
    ['[null]', 'list: [0] is neither an id nor an object with an id'],
    ['{"id":"a"}', 'list: must be an array of ids or of {"id": …}'],
    ['{"a":["x"],"b":["y"]}', '2 of its members are arrays'],
    ['{"data":{"items":{}}}', 'there is no array at /data/items', { ids: '/data/items' }],
    ['["a"', 'list is not JSON: '],
    ['<!doctype html>', 'list is an HTML page'],
    ['lead_scoring\nSALEOR_TOKEN=s3cr3t', 'list: line 2 is not an id'],
    ['root:x:0:0:root:/root:/bin/bash', 'list: line 1 is not an id'],
    ['lead scoring', 'list: line 1 is not an id'],
    ['a\u001b[31m', 'list: line 1 is not an id'],
    [`["ok", "${'x'.repeat(101)}"]`, 'list: [1] is not an id'],
    ['["-rf"]', 'list: [0] is not an id'],
    ['["a\\u202eb"]', 'list: [0] is not an id'],
    ['{"items":["a"],"next":{"page":2}}', '/next is not the address of a next page'],
    ['{"items":["a"],"next":2}', '/next is not the address of a next page'],
    ['[{"id":"a","retired":"no"}]', '[0].retired is neither true nor false'],
    ['[{"id":"a","active":0}]', '[0].active is neither true nor false'],
    ['[{"id":"a","retired_at":"soon"}]', '[0].retired_at is no date'],
    ['[{"id":"a","status":7}]', '[0].status is no text'],
    ['[{"id":"a","eol":1}]', '[0].eol is neither true, false nor a text', { retired: 'eol' }],
    ['[{"id":"a","versions":[null]}]', '[0].versions[0] is not a version'],
    ['[{"id":"a","versions":["b c"]}]', '[0].versions[0] is not an id'],
  ])('is not %j, and the place is named', (...[text, message, format]) => {
    expect(() => read(text, format)).toThrow(message);
    expect(() => read(text, format)).not.toThrow(/s3cr3t|root:x/);
  });

  test.each<[object, boolean, ListFormat?]>([
    [{}, false],
    [{ retired: true }, true],
    [{ retired: false, status: 'active' }, false],
    [{ retired: null }, false],
    [{ is_retired: true }, true],
    [{ active: false }, true],
    [{ enabled: true }, false],
    [{ status: 'Retired' }, true],
    [{ state: 'END-OF-LIFE' }, true],
    [{ lifecycle: 'deprecated' }, false],
    [{ retired_at: '2026-11-01' }, true],
    [{ retired_at: '2027-01-01T00:00:00Z' }, false],
    [{ eol: 'yes', status: 'retired' }, false, { retired: 'eol' }],
    [{ eol: 'yes' }, true, { retired: 'eol', retired_values: ['yes'] }],
    [{ eol: true }, true, { retired: 'eol' }],
    [{ status: 'deprecated' }, true, { retired_values: ['deprecated'] }],
  ])('the entry %j is retired: %j', (...[members, isRetired, format]) => {
    expect(registry(JSON.stringify([{ id: 'a', ...members }]), format)).toEqual([
      isRetired ? { id: 'a', retired: true } : 'a',
    ]);
  });

  test('an id that is listed twice is retired only if both entries are', () => {
    const entries = [
      { id: 'a', retired: true },
      { id: 'a' },
      { id: 'b', retired: true },
      { id: 'b', retired: true },
    ];
    expect(registry(JSON.stringify(entries))).toEqual(['a', { id: 'b', retired: true }]);
  });

  test('offerings have versions: a list of them, one an entry, texts, numbers or objects', () => {
    expect(
      offerings([
        { id: 'off-b', versions: ['v2', { id: 'v1', retired: true }, 3] },
        { id: 'off-a', version_id: 'v1' },
        { id: 'off-a', version_id: 'v2', status: 'retired' },
        { id: 'off-d', retired: true, versions: [] },
        'off-c',
      ]),
    ).toEqual([
      { id: 'off-a', versions: ['v1', 'v2'] },
      { id: 'off-b', versions: ['3', { id: 'v1', retired: true }, 'v2'] },
      'off-c',
      { id: 'off-d', retired: true, versions: [] },
    ]);
    expect(offerings({ all: [{ key: 'a', revs: ['r1'] }] }, { id: 'key', versions: 'revs' })).toEqual([
      { id: 'a', versions: ['r1'] },
    ]);
  });

  test.each([
    [{ items: ['a'], next: 'https://x.example.com/?page=2', count: 12 }, 'https://x.example.com/?page=2', 12],
    [{ items: ['a'], links: { next: '/ids?page=2' } }, '/ids?page=2', null],
    [{ items: ['a'], next: null, meta: { total: 1 } }, null, 1],
    [{ items: ['a'], next: '' }, null, null],
  ])('the page %j names its next one', (value, next, total) => {
    expect(read(JSON.stringify(value))).toMatchObject({ next, total });
  });
});
