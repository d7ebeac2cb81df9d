import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/diff/model.ts';
import { causesOf } from '../../../src/plan/drift-causes.ts';
import { applied, first, planOf, rolesIn } from '../../support/applied-plans.ts';
import { EVERY_KIND } from '../../support/simulation/scene.ts';

describe('the cause', () => {
  test('of what comes again is Wagtail where it was not there, Saleor where it was, both where it was called otherwise', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const base = scene.plan;
    const roles = rolesIn(world);
    roles.values = roles.values.filter(({ name }) => name !== 'data_analyst');
    const changed = planOf(scene, world, {
      desired: {
        ...scene.desired,
        taxonomies: {
          ...scene.desired.taxonomies,
          roles: [...(scene.desired.taxonomies['roles'] ?? []), { key: 'support', label: 'Support' }],
        },
      },
    });
    const causes = causesOf(changed, [base]);
    expect(causes['value.gsv_roles.data_analyst']).toEqual({ '': 'saleor_edited' });
    expect(causes['value.gsv_roles.support']).toEqual({ '': 'wagtail_changed' });
    expect(causesOf(changed, ['lost'])['value.gsv_roles.support']).toEqual({ '': 'unknown' });
    expect(causesOf(changed, [base, base])).toEqual(causes);
    expect(causesOf({ ...changed, changes: [] }, [base])).toEqual({});
    const held = planOf(scene, scene.world, {
      options: { exclude: [{ ref: 'product.first', field: null, reason: 'asked for' }] },
    });
    expect(causesOf(scene.plan, [held])['product.first']?.['metadata.outcome_tagline']).toBe('first_sync');
    first(world).metadata.set('outcome_tagline', 'By hand');
    const offerings = scene.desired.offerings.map((one) => ({
      ...one,
      fields: { ...one.fields, card_tagline: 'Another' },
    }));
    const both = planOf(scene, world, { desired: { ...scene.desired, offerings } });
    expect(causesOf(both, [base])['product.first']?.['metadata.outcome_tagline']).toBe('both');
    const renamed = changed.changes.map((change) =>
      change.ref === 'value.gsv_roles.data_analyst'
        ? { ...change, after: { name: 'Analyst', slug: 'data_analyst' } }
        : change,
    );
    expect(causesOf({ ...changed, changes: renamed }, [base])['value.gsv_roles.data_analyst']).toEqual({
      '': 'both',
    });
  });

  test('of a name, a slug and a value that goes is told by what the base left', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const [sample] = scene.plan.changes;
    if (sample === undefined) throw new Error('no change');
    const change = (over: Partial<Change>): Change => ({ ...sample, needs: [], ids: {}, ...over });
    const next = planOf(scene, world);
    const causes = causesOf(
      {
        ...next,
        changes: [
          change({
            ref: 'value.gsv_roles.data_analyst',
            action: 'update',
            before: { name: 'By hand', slug: 'by-hand' },
            after: { name: 'data_analyst', slug: 'data_analyst' },
          }),
          change({
            ref: 'value.gsv_roles.founder',
            action: 'delete',
            before: { name: 'Founder', slug: 'founder' },
            after: null,
          }),
          change({
            ref: 'value.gsv_roles.stray',
            action: 'delete',
            before: { name: 'stray', slug: 'stray' },
            after: null,
          }),
        ],
      },
      [scene.plan],
    );
    expect(causes).toEqual({
      'value.gsv_roles.data_analyst': { name: 'saleor_edited', slug: 'saleor_edited' },
      'value.gsv_roles.founder': { '': 'wagtail_changed' },
      'value.gsv_roles.stray': { '': 'saleor_edited' },
    });
  });
});
