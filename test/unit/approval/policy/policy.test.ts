import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readPolicy, rulesFor } from '../../../../src/approval/policy/policy.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import type { Failure } from '../../../../src/core/failure.ts';
import {
  approvalFile,
  inputWith,
  policy,
  policyBytes,
  refusalsOf,
  TARGET,
} from '../../../support/approvals.ts';

const PIN = { path: 'allowed_signers', sha256: 'ab'.repeat(32) };

const SIGNED = { signatures: 'required', allowed_signers: PIN };

const MERGE = { mode: 'merge', merge: { ref: 'refs/remotes/origin/main', squash: 'refuse' } };

const TOKYO = 'https://tokyo.example.com/graphql/';

/** The message that a policy is refused with. */
function refusal(bytes: Uint8Array): string {
  try {
    readPolicy(bytes);
    return 'taken';
  } catch (error) {
    expect(error).toMatchObject({ code: 'policy_refused', exitCode: 3 });
    return (error as Failure).message;
  }
}

describe('a policy', () => {
  test('that says nothing asks for one approval of the last 72 hours', () => {
    expect(rulesFor(policy(), TARGET)).toEqual({
      mode: 'approvals',
      approvals: 1,
      signatures: 'optional',
      allowed_signers: null,
      revoked_keys: null,
      author_may_approve: true,
      max_age_hours: 72,
      must_be_accepted: [],
      products: null,
      needs_whole_snapshots: true,
      merge: null,
    });
  });

  test.each([
    ['an unknown member', { aprovals: 2 }, 'Did you mean approvals?'],
    ['an unknown member inside', { hazards: { must_accept: [] } }, 'Did you mean must_be_accepted?'],
    ['a rule of the wrong kind', { approvals: '2' }, 'default.approvals: must be a whole number'],
    [
      'a hazard that does not exist',
      { hazards: { must_be_accepted: ['rename_value'] } },
      'Did you mean renames_value?',
    ],
    ['no approval at all', { approvals: 0 }, 'no approval at all'],
    ['an age of nothing', { max_age_hours: 0 }, 'max_age_hours'],
    [
      'signatures without signers',
      { signatures: 'required' },
      'sailplan.policy.json: default: signatures are required, but the policy names no allowed_signers file',
    ],
    [
      'an author rule without signatures',
      { author_may_approve: false },
      'sailplan.policy.json: default: author_may_approve is false, but without signatures it cannot be checked who approved',
    ],
    ['two approvals without signatures', { approvals: 2 }, 'one person can write all of them'],
    [
      'revoked keys without signatures',
      { revoked_keys: PIN },
      'sailplan.policy.json: default: revoked_keys has no effect while signatures are optional: an approval can simply be unsigned',
    ],
    ['a signers file outside', { ...SIGNED, allowed_signers: { ...PIN, path: '../signers' } }, 'outside'],
    ['an absolute signers file', { ...SIGNED, allowed_signers: { ...PIN, path: '/etc/signers' } }, 'outside'],
    ['a signers file that is not pinned', { ...SIGNED, allowed_signers: { path: 'a' } }, 'sha256'],
    ['merge without its branch', { mode: 'merge' }, 'protected branch'],
    [
      'merge rules without the mode',
      { merge: MERGE.merge },
      'sailplan.policy.json: default: merge has no effect in mode approvals',
    ],
    [
      'merge with a branch in short',
      { ...MERGE, merge: { ref: 'main', squash: 'refuse' } },
      'refs/heads/main',
    ],
    [
      'merge with an author rule but no files',
      { ...MERGE, ...SIGNED, author_may_approve: false },
      'requires none',
    ],
  ])('with %s is refused', (_, rules, words) => {
    expect(refusal(policyBytes(rules))).toContain(words);
  });

  test('as docs/approval.md shows it is taken', () => {
    const blocks = readFileSync('docs/approval.md', 'utf8').matchAll(/```json\n([\s\S]*?)```/g);
    const shown = [...blocks].map(([, block = '']) => block.replace('"…"', `"${PIN.sha256}"`));
    const whole = shown.find((block) => block.includes('"sailplan-policy"')) ?? '';
    const rules = readPolicy(Buffer.from(whole)).targets['production']?.rules;
    expect(rules).toMatchObject({ approvals: 2, author_may_approve: false, max_age_hours: 48 });
    const merge = shown.find((block) => block.includes('"merge"')) ?? '';
    expect(policy(JSON.parse(merge)).default).toMatchObject({ mode: 'merge', approvals: 0 });
  });

  test('with a member twice is refused: a reviewer may read the other one', () => {
    const text =
      '{"format": "sailplan-policy", "format_version": "1.0", "default": {"approvals": 2, "approv\\u0061ls": 1}}';
    expect(refusal(Buffer.from(text))).toContain('occurs twice');
  });

  test.each([
    ['no JSON', 'approvals: 2'],
    ['another format', '{"format": "policy", "format_version": "1.0"}'],
    ['a version that is not known', '{"format": "sailplan-policy", "format_version": "1.1"}'],
    [
      'an address that is none',
      '{"format": "sailplan-policy", "format_version": "1.0", "targets": {"a": {"api_url": "shop"}}}',
    ],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('with %s is refused', (_, text) => {
    expect(refusal(Buffer.from(text))).not.toBe('taken');
  });
});

describe('the rules of a target', () => {
  const listed = policy({ max_age_hours: 24 }, { tokyo: { api_url: TOKYO, ...SIGNED, approvals: 2 } });

  test('take from the default what they do not say themselves', () => {
    expect(rulesFor(listed, { name: 'tokyo', api_url: TOKYO })).toMatchObject({
      approvals: 2,
      max_age_hours: 24,
    });
    expect(rulesFor(listed, TARGET)).toMatchObject({ approvals: 1, max_age_hours: 24 });
  });

  test('go by the address: a plan for production that calls itself staging gets no weaker rules', () => {
    expect(rulesFor(listed, { name: 'staging', api_url: TOKYO }).approvals).toBe(2);
    expect(rulesFor(listed, { name: null, api_url: TOKYO }).approvals).toBe(2);
    expect(() => rulesFor(listed, { name: 'tokyo', api_url: TARGET.api_url })).toThrow('in the policy');
  });

  test.each([
    'https://tokyo.example.com/%67raphql/',
    'https://tokyo.example.com/graphql/%2e%2E%2Fgraphql/',
    'https://tokyo.example.com/graphql%2f',
    'https://tokyo.example.com//graphql/',
    'https://tokyo.example.com/graphql/;a=b',
    'https://tokyo.example.com/graphql;/',
    'https://tokyo.example.com/graphql',
    'https://tokyo.example.com/Graphql/',
    'https://tokyo.example.com/other/graphql/',
    'https://tokyo.example.com./graphql/',
    'https://tokyo.example.com/%2567raphql/',
  ])('%s never gets the default in place of its own rules', (api_url) => {
    expect(() => rulesFor(listed, { name: null, api_url })).toThrow(/usual spelling|on the same server/);
  });

  test('are the same however the address is spelled', () => {
    const spelled = 'https://user@TOKYO.example.com:443/graphql/?x=1#y';
    expect(rulesFor(listed, { name: null, api_url: spelled }).approvals).toBe(2);
  });

  test('must exist: without a default an unknown target is refused', async () => {
    const bytes = Buffer.from(
      JSON.stringify({
        format: 'sailplan-policy',
        format_version: '1.0',
        targets: { tokyo: { api_url: TOKYO } },
      }),
    );
    const verdict = await verifyApproval(
      inputWith({ policy: readPolicy(bytes), approvals: [approvalFile('Kim')] }),
    );
    expect(refusalsOf(verdict)).toEqual(['policy_refused']);
    expect(verdict.ok ? '' : verdict.refusals[0].message).toContain('no rules for');
  });

  test('one address cannot have two', () => {
    expect(
      refusal(
        policyBytes({}, { a: { api_url: TOKYO }, b: { api_url: 'https://TOKYO.example.com/graphql/' } }),
      ),
    ).toContain('two targets');
  });
});
