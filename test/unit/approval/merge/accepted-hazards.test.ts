import { describe, expect, test } from '@jest/globals';
import { printAccept, readAccept } from '../../../../src/approval/merge/accepted-hazards.ts';
import { PLAN } from '../../../support/approvals.ts';

describe('an accept.json', () => {
  const read = (text: string) => () => readAccept(Buffer.from(text), PLAN.digest, ['renames_value']);

  test('that is no JSON, has a member twice or another shape accepts nothing, and says which', () => {
    expect(read('{')).toThrow(/^accept\.json: not JSON/);
    const file = printAccept(PLAN.digest, ['renames_value']);
    expect(read(file)()).toEqual(['renames_value']);
    expect(read(file.replace('{', '{"accepted_hazards": [],'))).toThrow('"accepted_hazards" occurs twice');
    expect(read(file.replace('sailplan-accept', 'accept'))).toThrow(/^accept\.json: format: must be/);
  });
});
