import type { Attribute } from '../../src/core/actual-state.ts';
import type { Term } from '../../src/core/desired-state.ts';
import { diffOf, type Given, roles, value } from './catalogue.ts';

export const CREATE = { options: { create_missing: true } };
export const ADOPT = { options: { create_missing: true, adopt: true } };
export const BY_REFERENCE = { contract: { naming: 'external_reference' as const } };
export const rolesDiff = (terms: readonly Term[], values: Attribute['values'], given: Given = {}) =>
  diffOf(roles(terms, values, given));
export const ours = (id: string, key: string, name: string) =>
  value(id, name, { reference: `gsv_roles.${key}` });
