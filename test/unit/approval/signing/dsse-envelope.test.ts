import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pae, printEnvelope, readEnvelope } from '../../../../src/approval/signing/dsse-envelope.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { approvalFile, inputWith } from '../../../support/approvals.ts';

describe('the envelope', () => {
  test('its encoding is that of the vector of DSSE', () => {
    const encoded = pae('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('its lengths count bytes and not characters', () => {
    expect(Buffer.from(pae('t', Buffer.from('é'))).toString()).toBe('DSSEv1 1 t 2 é');
  });

  test('any payload comes back as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (payload) => {
        const { payload: back, signature } = readEnvelope(Buffer.from(printEnvelope(payload, null)));
        expect([Buffer.from(back), signature]).toEqual([Buffer.from(payload), null]);
      }),
      { seed: 7 },
    );
  });

  test('every single-bit flip of an unsigned approval is refused', async () => {
    const { file, bytes } = approvalFile('Kim Doe');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = await verifyApproval(inputWith({ approvals: [{ file, bytes: flipped }] }));
      expect([bit, verdict.ok]).toEqual([bit, false]);
    }
  });

  const text = Buffer.from(approvalFile('Kim Doe').bytes).toString();
  test.each([
    ['a member twice', text.replace('"signatures"', '"payload": "AAAA",\n  "signatures"')],
    ['an unknown member', text.replace('"signatures"', '"note": "",\n  "signatures"')],
    ['another order', JSON.stringify(JSON.parse(text))],
    ['something behind the end', `${text}\n`],
    ['a byte-order mark', `\ufeff${text}`],
    ['another payload type', text.replace('vnd.in-toto+json', 'json')],
    ['base64 for addresses', text.replace(/"payload": "./, '"payload": "_')],
    ['a checksum of something else', text.replace(/"checksum": "[0-9a-f]{8}/, '"checksum": "00000000')],
    ['two signatures', text.replace('[]', '[{}, {}]')],
    ['no JSON', 'approved'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('%s is refused', (_, damaged) => {
    expect(() => readEnvelope(Buffer.from(damaged))).toThrow(Failure);
  });
});

test('longer than 128 KiB is not read', () => {
  expect(() => readEnvelope(Buffer.alloc(131_073, 0x20))).toThrow('it is longer than 128 KiB');
});
