import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { createKeyring } from './keyring.ts';
import { openShopWorkspace, type ShopWorkspace } from './shop-workspace.ts';

export const PORT = 8077;

/** Runs plan, approve and apply under a policy: Max signs the plan, Ada the approval, a machine the archive. */
export async function runWithArchive(port: number): Promise<{ desk: ShopWorkspace; id: string }> {
  const desk = await openShopWorkspace(undefined, undefined, port);
  const ring = createKeyring();
  try {
    for (const name of ['max', 'ada', 'ci']) ring.make(name);
    const line = (name: string) => `${name}@example.com namespaces="sailplan" ${ring.publicKey(name)}\n`;
    mkdirSync(join(desk.folder, 'plans/policy'), { recursive: true });
    const signers = ['max', 'ada', 'ci'].map(line).join('');
    desk.write('plans/policy/allowed_signers', signers);
    desk.write('plans/policy/sailplan.policy.json', policy(sha256(signers)));
    desk.env['SAILPLAN_USER'] = 'max@example.com';
    const { id } = await desk.plan('--as', 'max@example.com', '--sign', join(ring.folder, 'max'));
    await desk.runExpecting(
      0,
      ...['approve', id, '--as', 'ada@example.com', '--sign', join(ring.folder, 'ada')],
      ...['--plan-id', id, '--comment', 'read it line by line'],
    );
    desk.env['SAILPLAN_USER'] = 'ci@example.com';
    desk.env['SAILPLAN_ARCHIVE_KEY'] = join(ring.folder, 'ci');
    await desk.runExpecting(0, 'apply', id, '--policy', 'plans/policy/sailplan.policy.json');
    return { desk, id };
  } finally {
    ring.remove();
  }
}

const policy = (digest: string): object => ({
  format: 'sailplan-policy',
  format_version: '1.0',
  default: {
    approvals: 1,
    signatures: 'required',
    allowed_signers: { path: 'allowed_signers', sha256: digest },
    author_may_approve: false,
    max_age_hours: 24,
  },
});

export const copyPlans = ({ folder }: ShopWorkspace, where: string): void =>
  cpSync(join(folder, 'plans'), where, { recursive: true });

export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
