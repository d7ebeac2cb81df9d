import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../../src/core/json/json-value.ts';
import { differingMembers } from '../../../../src/plan/file/integrity.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import { rich } from '../../../support/rich-plan.ts';

describe('proof', () => {
  test('finds every leaf of what was computed that somebody changed', () => {
    const computed = ['summary', 'errored', 'hazards', 'skipped', 'diagnostics', 'changes'];
    const leaves: (string | number)[][] = [];
    const walk = (node: unknown, path: (string | number)[]): void => {
      if (typeof node !== 'object' || node === null) leaves.push(path);
      else
        for (const [name, one] of Object.entries(node))
          walk(one, [...path, Array.isArray(node) ? Number(name) : name]);
    };
    for (const name of computed) walk((rich as unknown as JsonObject)[name], [name]);
    expect(leaves.length).toBeGreaterThan(150);
    for (const path of leaves) {
      // As a file gives it back: in memory a change may share parts with the snapshots.
      const copy = JSON.parse(JSON.stringify(rich)) as Record<string, unknown>;
      let at: Record<string | number, unknown> = copy;
      for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
      const last = path.at(-1) as string;
      const leaf = at[last];
      at[last] = typeof leaf === 'boolean' ? !leaf : typeof leaf === 'number' ? leaf + 1 : `${leaf}x`;
      expect([path.join('.'), differingMembers(copy as unknown as Plan)]).toEqual([
        path.join('.'),
        [path[0]],
      ]);
    }
  });

  test('finds a change taken out, put in or moved', () => {
    const [first, ...rest] = rich.changes;
    for (const changes of [rest, [first, ...rich.changes], [...rest, first]])
      expect(differingMembers({ ...rich, changes } as Plan)).toEqual(['changes']);
    expect(differingMembers({ ...rich, completeness: {} })).toEqual([]);
  });

  test('finds a snapshot that does not give these changes', () => {
    const snapshot = structuredClone(rich.actual) as never as Record<
      string,
      Record<string, { document: { metadata: Record<string, string> } }>
    >;
    const held = snapshot['products']?.['offering-1']?.document.metadata ?? {};
    held['cp_offering_id'] = 'off_0001';
    const said = differingMembers({ ...rich, actual: snapshot as never });
    expect(said).toContain('changes');
    expect(said).toContain('hazards');
  });
});
