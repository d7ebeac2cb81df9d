import { expect, test } from '@jest/globals';
import { remarksOn } from '../../../../src/review/model/suspicious-text.ts';
import { MADE, PLAN } from '../../../support/sample-plan.ts';

test('points out a letter that only looks like an o, and an image that is not an http(s) address', () => {
  expect(remarksOn(PLAN, MADE).map(({ code, where, value }) => [code, where, value])).toEqual([
    ['address_not_http', 'metadata.card_image_url', '/media/lead-scout.webp'],
    ['non_ascii', 'ref', 'value.gsv_roles.\\u{43e}ps'],
  ]);
});
