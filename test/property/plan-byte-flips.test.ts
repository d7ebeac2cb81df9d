import { expect, jest, test } from '@jest/globals';
import { Failure } from '../../src/core/failure.ts';
import { requireVerified } from '../../src/plan/file/integrity.ts';
import { parsePlan } from '../../src/plan/file/parse.ts';
import { printPlan } from '../../src/plan/file/print.ts';
import { build, digestOf, inputsOf } from '../../src/plan/plan.ts';
import { decodeText } from '../../src/platform/files.ts';
import { samplePlan } from '../support/approvals.ts';
import { stride } from '../support/draws.ts';

jest.setTimeout(60_000);

/** What a decision sees of these bytes: another digest (so no approval names it), or a refusal. */
function seen(bytes: Uint8Array): string {
  try {
    return digestOf(requireVerified(parsePlan(decodeText(bytes, 'plan.json')), { rebuilds: false }));
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

/** With a contract of one attribute: what a contract holds is not what this is about. */
function smallPlan() {
  const inputs = inputsOf(samplePlan());
  const attributes = inputs.contract.attributes.filter(({ slug }) => slug === 'gsv_roles');
  return build({ ...inputs, contract: { ...inputs.contract, attributes, metadata: [] } });
}

test('every single bit of plan.json counts: flipped, it is refused or is another plan', () => {
  const bytes = new TextEncoder().encode(printPlan(smallPlan()));
  const digest = seen(bytes);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  const unseen: string[] = [];
  for (let at = 0; at < bytes.length * 8; at += stride(5)) {
    const altered = bytes.slice();
    altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7));
    if (seen(altered) === digest) unseen.push(`bit ${at & 7} of byte ${at >> 3}`);
  }
  expect(unseen).toEqual([]);
});
