import { describe, expect, test } from '@jest/globals';
import { parseRegistry } from '../../../src/contract/capability-registry.ts';

describe('a Capability Registry', () => {
  test.each([
    ['["lead_scoring","invoice_reading","lead_scoring"]'],
    ['\ufeff["lead_scoring","invoice_reading"]'],
    ['\ufefflead_scoring\r\ninvoice_reading'],
    [' [{"id":"lead_scoring","since":2025},"invoice_reading"]'],
    ['# ids\r\nlead_scoring\r\n\r\n  invoice_reading\r\n'],
  ])('is %j', (text) => {
    expect(parseRegistry(text, 'registry')).toEqual(['invoice_reading', 'lead_scoring']);
  });

  test.each([
    ['', 'registry holds no id'],
    ['[]', 'registry holds no id'],
    ['[1]', 'registry: [0] is neither an id nor an object with an id'],
    ['["a",{"id":""}]', 'registry: [1] is neither an id nor an object with an id'],
    ['[null]', 'registry: [0] is neither an id nor an object with an id'],
    ['{"id":"a"}', 'registry: must be an array of ids or of {"id": …}'],
    ['["a"', 'registry is not JSON: '],
    ['lead_scoring\nSALEOR_TOKEN=s3cr3t', 'registry: line 2 is not an id'],
    ['root:x:0:0:root:/root:/bin/bash', 'registry: line 1 is not an id'],
    ['lead scoring', 'registry: line 1 is not an id'],
    ['a\u001b[31m', 'registry: line 1 is not an id'],
    [`["ok", "${'x'.repeat(101)}"]`, 'registry: [1] is not an id'],
    ['["-rf"]', 'registry: [0] is not an id'],
    ['["a\\u202eb"]', 'registry: [0] is not an id'],
  ])('is not %j, and the place is named', (text, message) => {
    expect(() => parseRegistry(text, 'registry')).toThrow(message);
    expect(() => parseRegistry(text, 'registry')).not.toThrow(/s3cr3t|root:x/);
  });
});
