import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readPolicy, rulesFor } from '../../../../src/approval/policy/policy.ts';
import { readSigners } from '../../../../src/approval/signing/allowed-signers.ts';
import { verifyApproval } from '../../../../src/approval/verify-approvals.ts';
import { Failure } from '../../../../src/core/failure.ts';
import {
  approvalFile,
  inputWith,
  PLAN,
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
    ['a rule of the wrong kind', { approvals: '2' }, 'default.approvals: must be integer'],
    [
      'a hazard that does not exist',
      { hazards: { must_be_accepted: ['rename_value'] } },
      'Did you mean renames_value?',
    ],
    ['no approval at all', { approvals: 0 }, 'no approval at all'],
    ['an age of nothing', { max_age_hours: 0 }, 'max_age_hours'],
    ['signatures without signers', { signatures: 'required' }, 'whose keys count'],
    ['an author rule without signatures', { author_may_approve: false }, 'nobody can tell who approved'],
    ['two approvals without signatures', { approvals: 2 }, 'one person can write them all'],
    ['revoked keys without signatures', { revoked_keys: PIN }, 'revoked_keys does nothing'],
    ['a signers file outside', { ...SIGNED, allowed_signers: { ...PIN, path: '../signers' } }, 'outside'],
    ['an absolute signers file', { ...SIGNED, allowed_signers: { ...PIN, path: '/etc/signers' } }, 'outside'],
    ['a signers file that is not pinned', { ...SIGNED, allowed_signers: { path: 'a' } }, 'sha256'],
    ['merge without its branch', { mode: 'merge' }, 'protected branch'],
    ['merge rules without the mode', { merge: MERGE.merge }, 'does nothing'],
    ['merge with a branch in short', { ...MERGE, merge: { ref: 'main', squash: 'refuse' } }, 'pattern'],
    [
      'merge with an author rule but no files',
      { ...MERGE, ...SIGNED, author_may_approve: false },
      'needs none',
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
    expect(refusal(Buffer.from(text))).toContain('stands twice');
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

describe('hazards', () => {
  const named = policy({ hazards: { must_be_accepted: ['renames_value', 'clears_attribute'] } });

  test('that the policy lists and the plan has must be accepted by name', async () => {
    const silent = await verifyApproval(inputWith({ policy: named, approvals: [approvalFile('Kim')] }));
    expect(refusalsOf(silent)).toEqual(['hazard_not_accepted']);
    expect(silent.ok ? '' : silent.refusals[0].message).toContain('renames_value');
    expect(silent.ok ? '' : silent.refusals[0].message).not.toContain('clears_attribute');
    const approvals = [approvalFile('Kim', { accept: ['renames_value'] })];
    expect((await verifyApproval(inputWith({ policy: named, approvals }))).ok).toBe(true);
  });

  test('more products than the threshold have to be accepted as bulk_change', async () => {
    const strict = policy({ thresholds: { products: { share: 0.1, from: 5 } } });
    const plan = { ...PLAN, products: { changed: 5, compared: 40 } };
    const approvals = [approvalFile('Kim')];
    const verdict = await verifyApproval(inputWith({ policy: strict, plan, approvals }));
    expect(refusalsOf(verdict)).toEqual(['hazard_not_accepted']);
    const fewer = { ...plan, products: { changed: 4, compared: 40 } };
    expect((await verifyApproval(inputWith({ policy: strict, plan: fewer, approvals }))).ok).toBe(true);
    const accepted = [approvalFile('Kim', { accept: ['bulk_change'] })];
    expect((await verifyApproval(inputWith({ policy: strict, plan, approvals: accepted }))).ok).toBe(true);
  });
});

describe('under a policy', () => {
  const approvals = [approvalFile('Kim')];

  test('--no-policy switches nothing off', async () => {
    expect(refusalsOf(await verifyApproval(inputWith({ approvals, noPolicy: true })))).toEqual([
      'policy_refused',
    ]);
  });

  test('a policy that is not the one of the last apply is named', async () => {
    const former = 'ab'.repeat(32);
    const verdict = await verifyApproval(inputWith({ approvals, formerPolicy: former }));
    expect([verdict.ok, verdict.notes.join()]).toEqual([true, expect.stringContaining(former)]);
    const same = await verifyApproval(inputWith({ approvals, formerPolicy: policy().digest }));
    expect(same.notes).toEqual([]);
  });

  test('a plan with part of its snapshots is refused, unless the policy allows it', async () => {
    const plan = { ...PLAN, hasWholeSnapshots: false };
    expect(refusalsOf(await verifyApproval(inputWith({ approvals, plan })))).toEqual(['policy_refused']);
    const allowing = policy({ allow_partial_snapshots: true });
    expect((await verifyApproval(inputWith({ approvals, plan, policy: allowing }))).ok).toBe(true);
  });

  test('a signers file that is gone is refused', async () => {
    const verdict = await verifyApproval(inputWith({ approvals, policy: policy(SIGNED) }));
    expect(refusalsOf(verdict)).toEqual(['policy_refused']);
    expect(verdict.ok ? '' : verdict.refusals[0].message).toContain('is not there');
  });

  test('everything is looked at: each check is one line', async () => {
    const verdict = await verifyApproval(inputWith({ approvals }));
    expect(verdict.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['policy', true],
      ['approval by Kim', true],
      ['approvals', true],
    ]);
  });
});

describe('a signers file', () => {
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIADeEOBW5Z0ox';
  const read = (text: string) => readSigners(Buffer.from(text)).lines;

  test('has names, options, comments and empty lines', () => {
    const text = `# reviewers\n\nkim@example.com ${KEY} Kim's laptop\na,b namespaces="git,sailplan",valid-before="20270101" ${KEY}\n`;
    expect(read(text).map(({ principals, isLiteral }) => [principals, isLiteral])).toEqual([
      [['kim@example.com'], true],
      [['a', 'b'], true],
    ]);
    expect(
      read(`*@example.com ${KEY}\n?im ${KEY}\n!kim,lee ${KEY}`).map(({ isLiteral }) => isLiteral),
    ).toEqual([false, false, false]);
  });

  test.each([
    ['a certificate authority', `*@example.com cert-authority ${KEY}`],
    ['a name in quotes', `"kim doe" ${KEY}`],
    ['an option that is not known', `kim verify-required ${KEY}`],
    ['no name', KEY],
    ['half a line', 'kim ssh-ed25519'],
    ['a carriage return inside', `kim ${KEY}\rlee ${KEY}`],
  ])('with %s is refused: two readers could differ about it', (_, text) => {
    expect(() => read(text)).toThrow(Failure);
  });
});
