import { describe, expect, test } from '@jest/globals';
import {
  approvalStatement,
  printStatement,
  readApproval,
} from '../../../../src/approval/signing/in-toto-statement.ts';
import { Failure } from '../../../../src/core/failure.ts';
import { canonical } from '../../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { NOW, PLAN, payloadOf, TARGET } from '../../../support/approvals.ts';

describe('the statement', () => {
  const said = {
    approver: 'Kim Doe',
    decision: 'approve' as const,
    at: new Date(NOW).toISOString(),
    expires_at: null,
    target: TARGET,
    accepted_hazards: ['renames_value', 'bulk_change'],
    comment: null,
  };

  test('names the plan by digest and id, and reads back as it was written', () => {
    const statement = approvalStatement(PLAN.digest, said);
    expect(readApproval(printStatement(statement))).toEqual(statement);
    expect(statement.subject[0].digest.sha256.startsWith(statement.predicate.plan_id)).toBe(true);
    expect(statement.predicate.accepted_hazards).toEqual(['bulk_change', 'renames_value']);
  });

  test.each([
    ['an empty name', { approver: '' }],
    ['a name with blanks around it', { approver: ' Kim' }],
    ['a name with an invisible character', { approver: 'Kim\u200b' }],
    ['a name that turns the line around', { approver: 'Kim\u202e' }],
    ['a name over two lines', { approver: 'Kim\nDoe' }],
    ['a time that does not exist', { at: '2026-02-30T00:00:00.000Z' }],
    ['a time of another zone', { at: '2026-11-23T09:00:00+02:00' }],
    ['an expiry before the approval', { expires_at: new Date(NOW - 1).toISOString() }],
  ])('%s is refused', (_, change) => {
    expect(() => approvalStatement(PLAN.digest, { ...said, ...change })).toThrow(Failure);
  });
});

describe('a statement', () => {
  const said = JSON.parse(Buffer.from(payloadOf('Kim Doe')).toString());
  const bent = (bend: (statement: typeof said) => void): Uint8Array => {
    const copy = structuredClone(said);
    bend(copy);
    return Buffer.from(canonical(copy as Json));
  };

  test.each<[string, Uint8Array, string]>([
    [
      'with its members in another order',
      Buffer.from(JSON.stringify({ predicate: {}, _type: '' })),
      'canonical JSON',
    ],
    ['that is no JSON', Buffer.from('approved'), 'canonical JSON'],
    ['that is a text', Buffer.from('"approved"'), 'canonical JSON'],
    [
      'that is an envelope',
      bent((one) => {
        one.payload = 'AAAA';
      }),
      'an envelope was found where a statement is expected',
    ],
    [
      'whose id is of another digest',
      bent((one) => {
        one.predicate.plan_id = '0'.repeat(16);
      }),
      'plan_id is not that of the digest',
    ],
    [
      'whose hazards are not in order',
      bent((one) => {
        one.predicate.accepted_hazards = ['renames_value', 'bulk_change'];
      }),
      'accepted_hazards are not sorted',
    ],
  ])('%s is refused', (_, payload, because) => {
    expect(() => readApproval(payload)).toThrow(because);
  });
});
