import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/json/canonical-json.ts';
import { type Desk, openDesk } from './review-desk.ts';
import { keyring } from './ssh-keys.ts';

export const PORT = 8077;

/** A whole run under a policy: Max plans and signs, Ada approves and signs, a machine applies and signs the archive. */
export async function archivedRun(port: number): Promise<{ desk: Desk; id: string }> {
  const desk = await openDesk(undefined, undefined, port);
  const ring = keyring();
  try {
    for (const name of ['max', 'ada', 'ci']) ring.make(name);
    const line = (name: string) => `${name}@example.com namespaces="sailplan" ${ring.publicKey(name)}\n`;
    mkdirSync(join(desk.folder, 'plans/policy'), { recursive: true });
    const signers = ['max', 'ada', 'ci'].map(line).join('');
    desk.write('plans/policy/allowed_signers', signers);
    desk.write('plans/policy/sailplan.policy.json', policy(sha256(signers)));
    desk.env['SAILPLAN_USER'] = 'max@example.com';
    const { id } = await desk.plan('--as', 'max@example.com', '--sign', join(ring.folder, 'max'));
    await desk.must(
      0,
      ...['approve', id, '--as', 'ada@example.com', '--sign', join(ring.folder, 'ada')],
      ...['--plan-id', id, '--comment', 'read it line by line'],
    );
    desk.env['SAILPLAN_USER'] = 'ci@example.com';
    desk.env['SAILPLAN_ARCHIVE_KEY'] = join(ring.folder, 'ci');
    await desk.must(0, 'apply', id, '--policy', 'plans/policy/sailplan.policy.json');
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

export const keep = ({ folder }: Desk, where: string): void =>
  cpSync(join(folder, 'plans'), where, { recursive: true });

export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
