import { describe, expect, test } from '@jest/globals';
import {
  type ArchiveEntry,
  type ArchiveLine,
  appendLine,
  verifiedLines,
  verifyChain,
} from '../../../src/approval/archive/hash-chain.ts';
import { verifyLineSignatures } from '../../../src/approval/archive/signed-lines.ts';
import { printAccept, readAccept } from '../../../src/approval/merge/accepted-hazards.ts';
import type { FileFacts, MergeFacts, Role } from '../../../src/approval/merge/merge-facts.ts';
import { encodeBase64, printEnvelope, readEnvelope } from '../../../src/approval/signing/dsse-envelope.ts';
import {
  authorStatement,
  printStatement,
  readApproval,
} from '../../../src/approval/signing/in-toto-statement.ts';
import type { Verifier } from '../../../src/approval/signing/signature-ports.ts';
import { readSshsig, signatureOf } from '../../../src/approval/signing/sshsig.ts';
import { printSpan } from '../../../src/approval/timestamps.ts';
import type { Decision, VerifyInput } from '../../../src/approval/verification.ts';
import { verifyApproval } from '../../../src/approval/verify-approvals.ts';
import { Failure } from '../../../src/core/failure.ts';
import { canonical, sha256 } from '../../../src/core/json/canonical-json.ts';
import type { Json } from '../../../src/core/json/json-value.ts';
import {
  approvalFile,
  HOUR,
  inputWith,
  iso,
  NOW,
  PLAN,
  payloadOf,
  policy,
  refusalsOf,
  TARGET,
} from '../../support/approvals.ts';

/** Files that nobody writes by chance, and whoever looks for a gap writes by hand. */

const messages = (verdict: Decision): string =>
  verdict.ok ? '' : verdict.refusals.map(({ message }) => message).join('\n');

describe('an accept.json', () => {
  const read = (text: string) => () => readAccept(Buffer.from(text), PLAN.digest, ['renames_value']);

  test('that is no JSON, has a member twice or another shape accepts nothing, and says which', () => {
    expect(read('{')).toThrow(/^accept\.json: not JSON/);
    const file = printAccept(PLAN.digest, ['renames_value']);
    expect(read(file)()).toEqual(['renames_value']);
    expect(read(file.replace('{', '{"accepted_hazards": [],'))).toThrow('"accepted_hazards" stands twice');
    expect(read(file.replace('sailplan-accept', 'accept'))).toThrow(/^accept\.json: format: must be equal/);
  });
});

describe('an envelope', () => {
  test('longer than 128 KiB is not read', () => {
    expect(() => readEnvelope(Buffer.alloc(131_073, 0x20))).toThrow('it is longer than 128 KiB');
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
      'an envelope stands where its statement should',
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

const text = (bytes: Uint8Array | string): Buffer => {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

/** An SSHSIG by hand (PROTOCOL.sshsig, "Blob format"). */
function armourOf(parts: { type?: string; reserved?: string; hash?: string } = {}): string {
  const { type = 'ssh-ed25519', reserved = '', hash = 'sha512' } = parts;
  const key = Buffer.concat([text(type), text(Buffer.alloc(32, 7))]);
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = [
    Buffer.from('SSHSIG'),
    version,
    text(key),
    text('sailplan'),
    text(reserved),
    text(hash),
    text('s'),
  ];
  const lines =
    Buffer.concat(blob)
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return `${['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n')}\n`;
}

describe('an SSH signature', () => {
  test('is taken in the one form that ssh-keygen writes', () => {
    const signature = signatureOf(armourOf());
    expect(readSshsig(signature).fingerprint).toBe(signature.keyid);
  });

  test.each<[string, string, string]>([
    ['that is something else', 'nonsense', 'it is not an SSH signature'],
    ['that is empty', '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n', 'malformed'],
    ['with something in the reserved field', armourOf({ reserved: 'x' }), 'reserved field is not empty'],
    ['over an old hash', armourOf({ hash: 'sha1' }), 'hash algorithm'],
    [
      'by a certificate',
      armourOf({ type: 'ssh-ed25519-cert-v01@openssh.com' }),
      'a certificate, not a plain key',
    ],
  ])('%s is refused', (_, armour, because) => {
    expect(() => signatureOf(armour)).toThrow(because);
  });
});

describe('the archive', () => {
  const entry: ArchiveEntry = {
    event: 'started',
    at: iso(NOW),
    target: TARGET,
    plan: { id: PLAN.id, digest: PLAN.digest },
    approvals: [],
    policy: null,
    report: null,
    result: null,
  };
  const verifier: Verifier = { verify: async () => ({ ok: true }) };
  const lines = (sig: string): readonly ArchiveLine[] =>
    verifiedLines(appendLine('', entry, { keyid: 'SHA256:none', sig }));

  test('with a line that is no record does not hold', () => {
    for (const row of ['5', 'null', '[]', '"started"'])
      expect(verifyChain(`${row}\n`)).toMatchObject({ ok: false, problem: { kind: 'altered', line: 1 } });
  });

  test('a signature that is none is told with its line; whoever cannot check throws', async () => {
    const found = await verifyLineSignatures(lines(encodeBase64(Buffer.from('nonsense'))), {
      verifier,
      signers: null,
    });
    expect(found).toMatchObject({ problem: expect.stringMatching(/^line 1: the signature does not hold/) });
    const missing = new Failure('ssh_keygen_missing', 'no ssh-keygen');
    const blind: Verifier = {
      verify: async () => {
        throw missing;
      },
    };
    const { sig, keyid } = signatureOf(armourOf());
    const sealed = verifiedLines(appendLine('', entry, { keyid, sig }));
    await expect(verifyLineSignatures(sealed, { verifier: blind, signers: null })).rejects.toBe(missing);
    const bug: Verifier = {
      verify: async () => {
        throw new TypeError('a bug');
      },
    };
    await expect(verifyLineSignatures(sealed, { verifier: bug, signers: null })).rejects.toThrow('a bug');
  });
});

test('how far two times are apart is told in days from three on', () => {
  expect([1, 90 * 60_000, 71 * HOUR, 72 * HOUR, 100 * HOUR].map(printSpan)).toEqual([
    '1 min',
    '1.5 h',
    '71 h',
    '3 days',
    '4 days',
  ]);
});

describe('a verdict', () => {
  test('is not given where something is broken that is no answer: a bug goes on as it is', async () => {
    const { sig, keyid } = signatureOf(armourOf());
    const bytes = Buffer.from(printEnvelope(payloadOf('Kim Doe'), { keyid, sig }));
    const bug: Verifier = {
      verify: async () => {
        throw new TypeError('a bug');
      },
    };
    const { file } = approvalFile('Kim Doe');
    await expect(verifyApproval(inputWith({ approvals: [{ file, bytes }], verifier: bug }))).rejects.toThrow(
      'a bug',
    );
  });

  test('tells of an author whose statement nobody signed', async () => {
    const statement = authorStatement(PLAN.digest, { at: iso(NOW), author: 'Lee', target: TARGET });
    const author = Buffer.from(printEnvelope(printStatement(statement), null));
    const verdict = await verifyApproval(inputWith({ approvals: [approvalFile('Kim Doe')], author }));
    expect(verdict).toMatchObject({
      ok: true,
      notes: ['author: Lee, by a statement that proves nothing (unsigned)'],
    });
  });

  test('is a refusal where the signers file that the policy pins cannot be read', async () => {
    const signers = Buffer.from('cert-authority\n');
    const rules = {
      signatures: 'required',
      allowed_signers: { path: 'signers', sha256: sha256(signers) },
    };
    const verdict = await verifyApproval(
      inputWith({ approvals: [approvalFile('Kim Doe')], policy: policy(rules), signers }),
    );
    expect(messages(verdict)).toContain('allowed_signers, line 1: not understood');
  });
});

describe('a merge', () => {
  const REF = 'refs/heads/main';
  const RULES = { mode: 'merge', merge: { ref: REF, squash: 'refuse' } };
  const file = (role: Role, digest: string | null): FileFacts => ({
    role,
    path: role,
    checkout: digest,
    branch: digest,
    merge: digest,
    first_parent: digest,
    merged: [digest],
  });
  const merged = (files: readonly FileFacts[]): MergeFacts => ({
    ref: REF,
    tip: 'a'.repeat(40),
    isShallow: false,
    commit: {
      id: 'b'.repeat(40),
      parents: ['c', 'd'],
      author: 'Kim Doe <kim@example.com>',
      atMs: NOW - HOUR,
    },
    files,
  });
  const verdictOf = (rules: object, files: readonly FileFacts[], given: Partial<VerifyInput> = {}) => {
    const held = policy(rules);
    const all = [...files, file('policy', held.digest)];
    return verifyApproval(inputWith({ policy: held, merge: merged(all), ...given }));
  };

  test('that took the plan away again approves nothing', async () => {
    const verdict = await verdictOf(RULES, [file('plan', null)]);
    expect(messages(verdict)).toContain(`plan is not on ${REF}`);
    expect(refusalsOf(verdict)).toEqual(['plan_altered']);
  });

  test('looks up the files that the policy pins, too', async () => {
    const signers = Buffer.from(`kim@example.com ssh-ed25519 ${encodeBase64(Buffer.alloc(51, 7))}\n`);
    const revoked = Buffer.from('');
    const rules = {
      ...RULES,
      approvals: 1,
      signatures: 'required',
      allowed_signers: { path: 'signers', sha256: sha256(signers) },
      revoked_keys: { path: 'revoked', sha256: sha256(revoked) },
    };
    const verdict = await verdictOf(rules, [file('plan', 'e'.repeat(64))], { signers, revoked });
    expect(messages(verdict)).toContain('the signers was not looked up in git');
    expect(messages(verdict)).toContain('the revoked was not looked up in git');
  });

  test('is spent by an apply that came after it, and a later one is not', async () => {
    const files = [file('plan', 'e'.repeat(64))];
    const spentAt = (atMs: number) => ({ by: 'the archive', atMs, approvals: [] });
    const before = await verdictOf(RULES, files, { spent: spentAt(NOW - 2 * HOUR) });
    const after = await verdictOf(RULES, files, { spent: spentAt(NOW) });
    expect([before, after]).toMatchObject([
      { ok: true, isSpent: false },
      { ok: true, isSpent: true },
    ]);
  });
});
