import { isSame } from '../core/json/canonical-json.ts';
import type { Json } from '../core/json/json-value.ts';
import type { Contract } from './contract.ts';

/** Where two contracts differ, e.g. `attributes.gsv_roles`; empty: they are the same. Most are copies that keep their name. */
export function contractDifferences(a: Contract, b: Contract): readonly string[] {
  const [one, two] = [membersOf(a), membersOf(b)];
  const names = [...new Set([...one.keys(), ...two.keys()])];
  const found = names.filter((name) => !isSame(one.get(name), two.get(name)));
  if (found.length > 0 || isSame(a, b)) return found;
  return ['the order of its rules'];
}

function membersOf({ attributes, metadata, ...rest }: Contract): ReadonlyMap<string, Json | undefined> {
  return new Map<string, Json | undefined>([
    ...Object.entries(rest),
    ...attributes.map((rule) => [`attributes.${rule.slug}`, { ...rule }] as const),
    ...metadata.map((rule) => [`metadata.${rule.key}`, { ...rule }] as const),
  ]);
}

const SHOWN = 3;

/** `in naming, attributes.gsv_roles and 2 more` */
export function differenceText(a: Contract, b: Contract): string {
  const names = contractDifferences(a, b);
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `in ${names.slice(0, SHOWN).join(', ')}${more}`;
}
