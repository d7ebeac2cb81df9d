import { describe, expect, test } from '@jest/globals';
import type { Exclusion } from '../../../src/diff/model.ts';
import { convergedState } from '../../../src/plan/converged-state.ts';
import { applied, first, planOf, rolesIn } from '../../support/applied-plans.ts';
import { EVERY_KIND } from '../../support/simulation/scene.ts';

describe('what a plan left', () => {
  const hold = (ref: string, field: string | null): Exclusion => ({ ref, field, reason: 'asked for' });

  test('is what it made, what it found, and nothing of what it did not touch', async () => {
    const { scene } = await applied(EVERY_KIND('key'));
    const left = convergedState(scene.plan);
    expect(left.isInLine('attribute.gsv_verified', '')).toBe(true);
    expect(left.isInLine('assignment.offering.gsv_verified', '')).toBe(true);
    expect(left.isInLine('attribute.unknown', '')).toBe(false);
    expect(left.isInLine('value.unknown.key', '')).toBe(false);
    expect(left.isInLine('value.gsv_roles.data_analyst', 'name')).toBe(true);
    expect(left.isInLine('value.gsv_roles.stranger', 'name')).toBe(true);
    expect(left.isInLine('translation.gsv_roles.data_analyst.en', 'name')).toBe(true);
    expect(left.isInLine('translation.gsv_roles.stranger.en', 'name')).toBe(true);
    // No label was wanted in that language: it could not be read, so nothing is said of it.
    expect(left.isInLine('translation.gsv_roles.founder.fr', 'name')).toBe(false);
    expect(left.document('product.nobody')).toBeNull();
    expect(left.document('value.unknown.key')).toBeNull();
    expect(left.document('attribute.gsv_roles')).toEqual({ name: 'Roles', input_type: 'MULTISELECT' });
    expect(left.document('attribute.unknown')).toBeNull();
  });

  test('skips what was excluded, whole or field by field, and skipped pages', async () => {
    const { scene } = await applied(EVERY_KIND('key'));
    const { world } = scene;
    const whole = convergedState(
      planOf(scene, world, { options: { exclude: [hold('value.gsv_roles.data_analyst', null)] } }),
    );
    expect(whole.isInLine('value.gsv_roles.data_analyst', 'name')).toBe(false);
    const field = convergedState(
      planOf(scene, world, { options: { exclude: [hold('product.first', 'metadata.outcome_tagline')] } }),
    );
    expect(field.isInLine('product.first', 'metadata.outcome_tagline')).toBe(false);
    expect(field.isInLine('product.first', 'metadata.cp_offering_id')).toBe(true);
    const values = convergedState(planOf(scene, world, { options: { sync_products: false } }));
    expect(values.isInLine('product.first', 'metadata.cp_offering_id')).toBe(false);
    const gone = structuredClone(world);
    gone.products.delete(first(gone).id);
    expect(convergedState(planOf(scene, gone)).isInLine('product.first', 'metadata.cp_offering_id')).toBe(
      false,
    );
  });

  test('holds name and slug of a value back together', async () => {
    const { scene, world } = await applied(EVERY_KIND('key'));
    const founder = rolesIn(world).values.find(({ slug }) => slug === 'founder');
    if (founder !== undefined) Object.assign(founder, { name: 'FOUNDER' });
    for (const name of ['name', 'slug']) {
      const left = convergedState(
        planOf(scene, world, { options: { exclude: [hold('value.gsv_roles.founder', name)] } }),
      );
      expect([
        left.isInLine('value.gsv_roles.founder', 'name'),
        left.isInLine('value.gsv_roles.founder', 'slug'),
      ]).toEqual([false, false]);
    }
  });
});
