import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../../src/core/json/canonical-json.ts';
import { approvalFile, iso, NOW, refusalsOf, signedFile } from '../../support/approvals.ts';
import {
  everyone,
  KIM,
  keys,
  kim,
  LEE,
  lee,
  line,
  MAX,
  makeSigners,
  messageOf,
  verdictOf,
} from '../../support/signed-approvals.ts';

beforeAll(makeSigners);
afterAll(() => keys.remove());

describe('k of n with real keys', () => {
  test('two of three hold, in any order, each with name, time and key', async () => {
    const verdict = await verdictOf({ approvals: [lee, kim], rules: { approvals: 2 } });
    expect(verdict).toMatchObject({
      ok: true,
      approvals: [
        { approver: KIM, at: iso(NOW), signed: true },
        { approver: LEE, at: iso(NOW), signed: true },
      ],
      approval_digests: [kim, lee].map(({ bytes }) => sha256(bytes)).sort(),
    });
  });

  test('one of two is refused with the figures', async () => {
    const verdict = await verdictOf({ approvals: [kim], rules: { approvals: 2 } });
    expect(refusalsOf(verdict)).toEqual(['plan_not_approved']);
    expect(messageOf(verdict)).toContain('1 of 2 approvals');
  });

  test('an unsigned approval does not count beside a signed one', async () => {
    const verdict = await verdictOf({ approvals: [kim, approvalFile(LEE)], rules: { approvals: 2 } });
    expect(messageOf(verdict)).toContain(`${LEE}: it is not signed`);
  });

  test('one key under two names counts once', async () => {
    const twice = line(`${KIM},${MAX}`, 'kim') + line(LEE, 'lee');
    const asMax = await signedFile(MAX, keys.sign('kim'));
    const verdict = await verdictOf({ approvals: [kim, asMax], rules: { approvals: 2 }, signersText: twice });
    expect(messageOf(verdict)).toContain(`its key is the key of ${KIM}`);
  });

  test('two keys of one person count once, also where the name is spelled in capitals', async () => {
    const spelled = everyone() + line('KIM@example.com', 'stranger');
    const shouting = await signedFile('KIM@example.com', keys.sign('stranger'));
    expect(shouting.file).toBe(kim.file);
    const verdict = await verdictOf({
      approvals: [kim, shouting],
      rules: { approvals: 2 },
      signersText: spelled,
    });
    expect(messageOf(verdict)).toContain('this person was already counted');
  });

  test.each([
    ['RSA', ['-t', 'rsa', '-b', '2048']],
    ['ECDSA', ['-t', 'ecdsa', '-b', '256']],
  ])('%s keys count as well', async (type, options) => {
    keys.make(type, ...options);
    const file = await signedFile(KIM, keys.sign(type));
    expect(messageOf(await verdictOf({ approvals: [file], signersText: line(KIM, type) }))).toBe('ok');
  });
});

describe('wildcards', () => {
  const anyone = () => line('*@example.com', 'kim') + line('*@example.com', 'lee');

  test('*@example.com makes nobody two people: the policy is refused as unenforceable', async () => {
    const verdict = await verdictOf({
      approvals: [kim, lee],
      rules: { approvals: 2 },
      signersText: anyone(),
    });
    expect(refusalsOf(verdict)).toEqual(['policy_refused']);
    expect(messageOf(verdict)).toContain('names only 0 persons');
  });

  test('a key behind a wildcard does not count where more than one is needed', async () => {
    const mixed = line('*@example.com', 'stranger') + everyone();
    const borrowed = await signedFile(LEE, keys.sign('stranger'));
    const verdict = await verdictOf({
      approvals: [kim, borrowed],
      rules: { approvals: 2 },
      signersText: mixed,
    });
    expect(messageOf(verdict)).toContain(`${LEE}: only a wildcard`);
  });

  test('where one is needed, it counts', async () => {
    expect(messageOf(await verdictOf({ approvals: [kim], signersText: anyone() }))).toBe('ok');
  });

  test('a name that is itself a pattern speaks for nobody in full', async () => {
    const star = await signedFile('*@example.com', keys.sign('kim'));
    const text = anyone() + everyone();
    const verdict = await verdictOf({ approvals: [star, lee], rules: { approvals: 2 }, signersText: text });
    expect(verdict.ok).toBe(false);
  });
});
