import type { SetupFinding } from '../../app/setup-finding.ts';

const LEADS = { ok: 'ok      ', warning: 'warning ', error: 'ERROR   ' };
const SHOWN = 5;

/** Groups findings with the same fix, which is printed once. */
export function findingLines(found: readonly SetupFinding[]): readonly string[] {
  const groups = new Map<string, SetupFinding[]>();
  for (const one of found) {
    const name = one.severity === 'ok' ? one.message : `${one.severity} ${one.code} ${one.fix}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => [
    ...group.slice(0, SHOWN).map(({ severity, message }) => `${LEADS[severity]}${message}`),
    ...(group.length > SHOWN ? [`        and ${group.length - SHOWN} more like it (--json lists them)`] : []),
    ...(group[0]?.fix ? [`        → ${group[0].fix}`] : []),
  ]);
}
