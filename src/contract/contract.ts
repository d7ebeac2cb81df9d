import { byCodeUnit } from '../core/json/records.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import type { AttributeRule, Contract, MetadataRule } from './generated/contract.js';
import validate, { members } from './generated/contract.js';
import gtm from './gtm-v1.json' with { type: 'json' };

export type { AttributeRule, Contract, MetadataRule };

/** The built-in contract (docs/reference/contract.md). */
export const GTM_V1 = gtm as Contract;

/** Type of a source field, by its name in the source. */
export type FieldShape = 'boolean' | 'term' | 'terms' | 'text' | 'number' | 'image';

const DEFAULTS: Readonly<Record<MetadataRule['type'], FieldShape>> = {
  text: 'text',
  number: 'number',
  boolean: 'boolean',
  term: 'term',
  image: 'image',
  estimate_label: 'text',
};

const attributeShape = (rule: AttributeRule): FieldShape =>
  rule.input_type === 'BOOLEAN' ? 'boolean' : rule.input_type === 'DROPDOWN' ? 'term' : 'terms';

/** Every source field that the contract reads, with its type, in code-unit order. The first rule that names a field decides. */
export function sourceFields(contract: Contract): ReadonlyMap<string, FieldShape> {
  const named: [string, FieldShape][] = [
    ...contract.attributes.map((rule): [string, FieldShape] => [rule.source, attributeShape(rule)]),
    ...contract.metadata.flatMap((rule): [string, FieldShape][] => [
      [rule.source, DEFAULTS[rule.type]],
      ...[rule.min, rule.max]
        .filter((name) => name !== undefined)
        .map((name): [string, FieldShape] => [name, 'number']),
    ]),
  ];
  return new Map([...new Map(named.reverse())].sort(([a], [b]) => byCodeUnit(a, b)));
}

/** The taxonomy that a rule takes its terms from; '' is none: a boolean has no terms. */
export const taxonomyOf = ({ taxonomy = '' }: { readonly taxonomy?: string }): string => taxonomy;

/** The taxonomies that the contract reads, in its own order. */
export function taxonomies(contract: Contract): readonly string[] {
  const named = [...contract.attributes, ...contract.metadata].flatMap(({ taxonomy }) => taxonomy ?? []);
  return [...new Set(named)];
}

/** A contract, or what is wrong with it, each with its place (`attributes[3].taxonomy: …`). */
export function parseContract(value: unknown): { contract: Contract } | { faults: readonly string[] } {
  const misshapen = faultsOf(validate, value, members);
  if (misshapen.length > 0) return { faults: misshapen };
  const contract = value as Contract;
  const faults = [...inconsistencies(contract)];
  return faults.length > 0 ? { faults } : { contract };
}

function* inconsistencies(contract: Contract): Generator<string> {
  yield* repeated(
    'attributes',
    contract.attributes.map(({ slug }) => slug),
    'slug',
  );
  yield* repeated(
    'metadata',
    contract.metadata.map(({ key }) => key),
    'key',
  );
  for (const [index, rule] of contract.attributes.entries()) {
    const place = `attributes[${index}]`;
    if (rule.input_type !== 'BOOLEAN' && rule.taxonomy === undefined) {
      yield `${place}.taxonomy: missing; a ${rule.input_type} attribute needs a taxonomy for its values`;
    }
    if (rule.input_type === 'BOOLEAN' && rule.taxonomy !== undefined) {
      yield `${place}.taxonomy: a BOOLEAN attribute has no values of its own`;
    }
  }
  yield* conflicts(contract);
}

function* repeated(place: string, names: readonly string[], member: string): Generator<string> {
  const first = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    else yield `${place}[${index}].${member}: ${name} is also in ${place}[${before}]`;
    if (name === '__proto__') yield `${place}[${index}].${member}: __proto__ cannot be used as a name`;
  }
}

/** Two rules may read one field, but not as two different things. */
function* conflicts(contract: Contract): Generator<string> {
  const shapes = sourceFields(contract);
  for (const [index, rule] of contract.attributes.entries()) {
    if (shapes.get(rule.source) !== attributeShape(rule)) {
      yield `attributes[${index}].source: ${rule.source} is read as ${shapes.get(rule.source)} elsewhere`;
    }
  }
  for (const [index, rule] of contract.metadata.entries()) {
    const shape = shapes.get(rule.source);
    if (shape !== DEFAULTS[rule.type])
      yield `metadata[${index}].source: ${rule.source} is read as ${shape} elsewhere`;
    for (const end of ['min', 'max'] as const) {
      const name = rule[end];
      if (name !== undefined && shapes.get(name) !== 'number')
        yield `metadata[${index}].${end}: ${name} is read as ${shapes.get(name)} elsewhere`;
    }
    if (rule.type === 'term' && rule.taxonomy === undefined) yield `metadata[${index}].taxonomy: missing`;
    if (rule.among !== undefined && shapes.get(rule.among) !== 'terms') {
      yield `metadata[${index}].among: ${rule.among} is not a field with a set of terms`;
    }
  }
}
