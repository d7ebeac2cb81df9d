import { near } from '../core/text/did-you-mean.ts';
import { attributeFindings, typeFindings } from './check-shop-side.ts';
import { type Contract, type FieldShape, sourceFields, taxonomies } from './contract.ts';
import { type ContractFinding, contractError, contractWarning } from './contract-finding.ts';
import type { ContractGap } from './generated/contract.js';
import type { ShopInventory, SiteField, SiteInventory } from './inventory.ts';

interface CheckOptions {
  readonly gaps: readonly ContractGap[];
}

/** Compares a contract with what both ends have. Pure. */
export function checkContract(
  contract: Contract,
  site: SiteInventory,
  shop: ShopInventory,
  { gaps }: CheckOptions,
): readonly ContractFinding[] {
  return [
    ...sourceFindings(contract, site),
    ...taxonomyFindings(contract, site),
    ...attributeFindings(contract, site, shop),
    ...typeFindings(contract, shop),
    ...gaps.map(gapFinding),
    ...unmappedFindings(contract, site, gaps),
  ];
}

/** The places of a contract that name a page field. */
function placesOf(contract: Contract): readonly { readonly place: string; readonly source: string }[] {
  return [
    ...contract.attributes.map(({ source }, index) => ({ place: `attributes[${index}].source`, source })),
    ...contract.metadata.flatMap((rule, index) =>
      (['source', 'min', 'max', 'among'] as const).flatMap((member) => {
        const source = rule[member];
        return source === undefined ? [] : [{ place: `metadata[${index}].${member}`, source }];
      }),
    ),
  ];
}

function* sourceFindings(contract: Contract, site: SiteInventory): Generator<ContractFinding> {
  const shapes = sourceFields(contract);
  const names = site.fields.map(({ name }) => name);
  const seen = new Set<string>();
  for (const { place, source } of placesOf(contract)) {
    if (seen.has(source)) continue;
    seen.add(source);
    const field = site.fields.find(({ name }) => name === source);
    const wanted = shapes.get(source);
    if (field === undefined) {
      const meant = near(source, names);
      yield contractError(
        place,
        `no page has the field "${source}"`,
        meant.length > 0
          ? `Did you mean ${meant.join(' or ')}? Set "source" to it.`
          : `Correct "source", or delete the rule. The pages have: ${names.join(', ') || 'no other field'}.`,
      );
    } else if (wanted !== undefined && !isReadAs(field, wanted)) {
      yield contractError(
        place,
        `"${source}" contains ${IS[field.shape]}, but the rule reads ${IS[wanted]}`,
        fixOfShape(field),
      );
    } else if (field.filled === 0 && !hasEnds(contract, site, source)) {
      yield contractWarning(
        place,
        `all ${site.pages} pages leave "${source}" empty`,
        'A plan clears or deletes it on every product. Delete the rule to keep the shop’s values.',
      );
    }
  }
}

/** An estimate's label may be empty: it is derived from its ends. */
const hasEnds = (contract: Contract, site: SiteInventory, source: string): boolean =>
  contract.metadata.some(
    ({ type, source: own, min, max }) =>
      type === 'estimate_label' &&
      own === source &&
      site.fields.some(({ name, filled }) => (name === min || name === max) && filled > 0),
  );

const IS: Readonly<Record<SiteField['shape'], string>> = {
  boolean: 'true or false',
  term: 'one key of a term',
  terms: 'a list of keys',
  text: 'text',
  number: 'numbers',
  image: 'an image',
  unknown: 'values that no rule can read',
};

/** A term's key is text too, and a number may be written as text. */
const isReadAs = ({ shape, filled }: SiteField, wanted: FieldShape): boolean =>
  shape === wanted ||
  filled === 0 ||
  (wanted === 'text' && shape === 'term') ||
  (wanted === 'term' && shape === 'text');

function fixOfShape({ shape, name }: SiteField): string {
  const rule: Readonly<Record<string, string>> = {
    terms: 'Make it an attribute with "input_type": "MULTISELECT" and a taxonomy.',
    term: 'Make it an attribute with "input_type": "DROPDOWN" and a taxonomy, or metadata of "type": "term".',
    boolean: 'Make it an attribute with "input_type": "BOOLEAN", or metadata of "type": "boolean".',
  };
  return (
    rule[shape] ??
    (shape === 'unknown'
      ? `Change what the site exports as ${name}, or delete the rule.`
      : `Make it metadata of "type": "${shape}".`)
  );
}

function* taxonomyFindings(contract: Contract, site: SiteInventory): Generator<ContractFinding> {
  const names = Object.keys(site.taxonomies);
  for (const taxonomy of taxonomies(contract)) {
    const list = contract.attributes.some((rule) => rule.taxonomy === taxonomy) ? 'attributes' : 'metadata';
    const index = contract[list].findIndex((rule) => rule.taxonomy === taxonomy);
    const place = `${list}[${index}].taxonomy`;
    const terms = site.taxonomies[taxonomy];
    if (terms === undefined) {
      const meant = near(taxonomy, names);
      yield contractError(
        place,
        `the site has no taxonomy "${taxonomy}"`,
        meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `It has: ${names.join(', ') || 'none'}.`,
      );
      continue;
    }
    for (const rule of contract.attributes) {
      const field = site.fields.find(({ name }) => name === rule.source);
      if (
        rule.taxonomy !== taxonomy ||
        field === undefined ||
        field.taxonomy === null ||
        field.taxonomy === taxonomy
      )
        continue;
      const at = contract.attributes.indexOf(rule);
      yield contractError(
        `attributes[${at}].taxonomy`,
        `the keys in "${rule.source}" are of the taxonomy "${field.taxonomy}", not of "${taxonomy}"`,
        `Set "taxonomy": "${field.taxonomy}".`,
      );
    }
  }
}

const gapFinding = ({ source, attribute, problem }: ContractGap, index: number): ContractFinding =>
  contractWarning(
    `gaps[${index}]`,
    `${source ?? attribute ?? 'something'}: ${problem}`,
    'Move its rule to attributes or metadata, or delete the gap.',
  );

function* unmappedFindings(
  contract: Contract,
  site: SiteInventory,
  gaps: readonly ContractGap[],
): Generator<ContractFinding> {
  const read = new Set([
    ...placesOf(contract).map(({ source }) => source),
    ...gaps.map(({ source }) => source),
  ]);
  const others = site.fields.filter(({ name }) => !read.has(name)).map(({ name }) => name);
  if (others.length > 0)
    yield { severity: 'note', place: '', message: `no rule reads ${others.join(', ')}`, fix: '' };
}
