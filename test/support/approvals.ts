import { fileNameFor } from '../../src/approval/approver-name.ts';
import type { ArchiveEntry } from '../../src/approval/archive/hash-chain.ts';
import { type Policy, readPolicy } from '../../src/approval/policy/policy.ts';
import { printEnvelope, type Signature, signedBytes } from '../../src/approval/signing/dsse-envelope.ts';
import { approvalStatement, printStatement } from '../../src/approval/signing/in-toto-statement.ts';
import {
  type Decision,
  type PlanFacts,
  planFactsOf,
  type VerifyInput,
} from '../../src/approval/verification.ts';
import { GTM_V1 } from '../../src/contract/contract.ts';
import type { Target } from '../../src/core/actual-state.ts';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { DEFAULT_OPTIONS } from '../../src/diff/model.ts';
import { build, type Plan } from '../../src/plan/plan.ts';

export const NOW = Date.parse('2026-11-23T09:00:00.000Z');
export const HOUR = 3_600_000;
export const TARGET: Target = { name: 'production', api_url: 'https://shop.example.com/graphql/' };

/** A plan with one change: a label got another capital, so a value is renamed. */
export function samplePlan(target: Target = TARGET, options: Partial<typeof DEFAULT_OPTIONS> = {}): Plan {
  const value = { id: 'QXR0cjox', name: 'founder', reference: null, translations: {} };
  return build({
    contract: { ...GTM_V1, label_languages: [] },
    options: { ...DEFAULT_OPTIONS, sync_products: false, ...options },
    registry: null,
    desired: {
      source: { kind: 'export', locale: 'en', page_type: null, access: 'unknown' },
      taxonomies: { roles: [{ key: 'founder', label: 'Founder' }] },
      offerings: [],
      problems: [],
    },
    actual: {
      target,
      permissions: [],
      locales: [],
      attributes: {
        gsv_roles: { id: 'QXR0cjoy', name: 'Roles', input_type: 'MULTISELECT', values: { founder: value } },
      },
      product_types: {},
      products: {},
    },
    completeness: ['attributes'],
  });
}

export const PLAN: PlanFacts = planFactsOf(samplePlan());

interface Said {
  readonly planDigest: string;
  readonly target: Target;
  readonly decision: 'approve' | 'reject';
  readonly atMs: number;
  readonly expiresMs: number | null;
  readonly accept: readonly string[];
  readonly comment: string | null;
}

const SAID: Said = {
  planDigest: PLAN.digest,
  target: TARGET,
  decision: 'approve',
  atMs: NOW,
  expiresMs: null,
  accept: [],
  comment: null,
};

export const iso = (atMs: number): string => new Date(atMs).toISOString();

/** The payload of what somebody says of the sample plan, or of another. */
export function payloadOf(approver: string, said: Partial<Said> = {}): Uint8Array {
  const { planDigest, target, decision, atMs, expiresMs, accept, comment } = { ...SAID, ...said };
  return printStatement(
    approvalStatement(planDigest, {
      approver,
      decision,
      at: iso(atMs),
      expires_at: expiresMs === null ? null : iso(expiresMs),
      target,
      accepted_hazards: accept,
      comment,
    }),
  );
}

export interface ApprovalFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export const approvalFile = (approver: string, said: Partial<Said> = {}): ApprovalFile => ({
  file: fileNameFor(approver),
  bytes: Buffer.from(printEnvelope(payloadOf(approver, said), null)),
});

export async function signedFile(
  approver: string,
  sign: (bytes: Uint8Array) => Promise<Signature>,
  said: Partial<Said> = {},
): Promise<ApprovalFile> {
  const payload = payloadOf(approver, said);
  const envelope = printEnvelope(payload, await sign(signedBytes(payload)));
  return { file: fileNameFor(approver), bytes: Buffer.from(envelope) };
}

export const policyBytes = (rules: object, targets?: object): Uint8Array =>
  Buffer.from(
    JSON.stringify({
      format: 'sailplan-policy',
      format_version: '1.0',
      default: rules,
      ...(targets === undefined ? {} : { targets }),
    }),
  );

export const policy = (rules: object = {}, targets?: object): Policy =>
  readPolicy(policyBytes(rules, targets));

/** Nothing approved, under the simplest policy, without a terminal. */
export const inputWith = (given: Partial<VerifyInput>): VerifyInput => ({
  plan: PLAN,
  policy: policy(),
  before: null,
  formerPolicy: null,
  approvals: [],
  author: null,
  signers: null,
  revoked: null,
  merge: null,
  accept: null,
  provenance: null,
  now: NOW,
  isTerminal: false,
  noPolicy: false,
  earlierApply: null,
  earlierDecisions: [],
  verifier: {
    verify: () => {
      throw new Error('nothing here is signed');
    },
  },
  ...given,
});

export const refusalsOf = (verdict: Decision): readonly string[] =>
  verdict.ok ? [] : verdict.refusals.map(({ code }) => code);

/** A line of the archive: runs start at even numbers and end at odd ones, a second apart. */
export const archiveEntry = (index: number): ArchiveEntry => ({
  event: index % 2 === 0 ? 'started' : 'finished',
  at: new Date(NOW + index * 1000).toISOString(),
  target: TARGET,
  plan: { id: PLAN.id, digest: PLAN.digest },
  approvals: [sha256('approval')],
  policy: index === 0 ? null : sha256('policy'),
  report: index % 2 === 0 ? null : sha256(`report ${index}`),
  result: index % 2 === 0 ? null : 'converged',
});
