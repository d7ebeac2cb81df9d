import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../../src/core/failure.ts';
import { parseJson } from '../../../../src/core/json/untrusted-json.ts';
import { differingMembers } from '../../../../src/plan/file/integrity.ts';
import { parsePlan } from '../../../../src/plan/file/parse.ts';
import { printPlan } from '../../../../src/plan/file/print.ts';
import stripUnknown from '../../../../src/plan/generated/strip-unknown.js';
import {
  attribute,
  offering,
  planOf,
  ROLES,
  SHOP,
  SITE,
  term,
  VERIFIED,
  value,
} from '../../../support/catalogue.ts';
import { decided, edited, refusal, rich, text } from '../../../support/rich-plan.ts';

describe('reading a plan', () => {
  const set = (path: string, given: unknown) =>
    edited((plan) => {
      const names = path.split('.');
      let at = plan as Record<string, never>;
      for (const name of names.slice(0, -1)) at = at[name] as never;
      at[names.at(-1) as string] = given as never;
    });
  /** Printing drops unknown members of the top, so these are put into the text. */
  const withMember = (source: string, member: string) => source.replace('{\n', `{\n  ${member},\n`);

  test('a newer minor version is shown without what it adds, and not decided on', () => {
    const newer = JSON.parse(text.replace('"format_version": "1.0"', '"format_version": "1.7"'));
    newer.colour = 'red';
    newer.options.colour = 'red';
    newer.summary.by_kind.attribute.colour = 1;
    newer.changes[0].colour = {};
    newer.changes[0].provenance.colour = 'red';
    newer.changes[0].patch[0].colour = [];
    newer.diagnostics[0].colour = null;
    newer.desired.offerings[0].colour = 'red';
    newer.desired.taxonomies.roles[0].colour = 'red';
    newer.actual.attributes.gsv_roles.values.founder.colour = 'red';
    newer.actual.products['offering-1'].document.colour = {};
    newer.contract.colour = 'red';
    const source = JSON.stringify(newer);
    expect({ ...parsePlan(source).plan, contract: rich.contract }).toEqual({
      ...JSON.parse(text),
      format_version: '1.7',
    });
    expect(refusal(() => decided(source))).toMatch(/^format_unknown: plan format 1\.7 is newer than 1\.1/);
  });

  test('a plan may hold every member that a snapshot of a shop can have', () => {
    const definitionsOf = (name: string) =>
      JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8')).definitions;
    const [shop, plan] = [definitionsOf('actual'), definitionsOf('plan')];
    // A product's name is in no plan: it is for people, and may change at any time.
    const outside: Readonly<Record<string, readonly string[]>> = { product: ['name'] };
    for (const kind of ['attribute', 'value', 'product_type', 'product']) {
      const members = Object.keys(shop[kind].properties).filter((name) => !outside[kind]?.includes(name));
      expect([kind, Object.keys(plan[kind].properties).sort()]).toEqual([kind, members.sort()]);
    }
  });

  test('of a shop with required attributes, attributes of variants and of pages', () => {
    const types = SHOP.product_types;
    const odd = planOf({
      desired: { offerings: [offering(1)] },
      actual: {
        attributes: {
          ...SHOP.attributes,
          gsv_roles: { ...SHOP.attributes['gsv_roles'], value_required: true } as never,
          gsv_verified: { ...SHOP.attributes['gsv_verified'], type: 'PAGE_TYPE' } as never,
        },
        product_types: Object.fromEntries(
          Object.entries(types).map(([slug, type]) => [
            slug,
            { ...type, attributes: ['gsv_roles'], variant_attributes: ['gsv_category'] },
          ]),
        ),
      },
    });
    expect(differingMembers(decided(printPlan(odd)))).toEqual([]);
    expect(odd.diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['attribute_of_another_kind', 'attribute_assigned_to_variants']),
    );
  });

  test('what this version knows, the schema’s every member, is kept of a newer one', () => {
    const schema = JSON.parse(readFileSync('schemas/plan.schema.json', 'utf8'));
    type Node = Record<string, never>;
    const filled = (node: Node): unknown => {
      const { $ref, anyOf, properties, items, additionalProperties } = node as Record<string, never>;
      if ($ref !== undefined) return filled(schema.definitions[String($ref).replace('#/definitions/', '')]);
      if (anyOf !== undefined) {
        const ways = (anyOf as Node[]).map(filled);
        return ways.every(isRecord) ? Object.fromEntries(ways.flatMap(Object.entries)) : ways.at(-1);
      }
      if (items !== undefined) return [filled(items)];
      if (properties !== undefined)
        return Object.fromEntries(
          Object.entries(properties as Node).map(([name, one]) => [name, filled(one)]),
        );
      return isRecord(additionalProperties) ? { some: filled(additionalProperties as Node) } : null;
    };
    const isRecord = (one: unknown): one is object =>
      typeof one === 'object' && one !== null && !Array.isArray(one);
    const everything = filled(schema);
    const stripped = structuredClone(everything);
    stripUnknown(stripped);
    expect(stripped).toEqual(everything);
  });

  test('what is no record in a newer minor version is refused like in ours', () => {
    for (const [name, given] of [
      ['changes', {}],
      ['options', []],
      ['actual', null],
      ['desired', { taxonomies: 1, offerings: 2, problems: 3 }],
    ]) {
      const newer = { ...JSON.parse(text), format_version: '1.1', [name as string]: given };
      expect(refusal(() => parsePlan(JSON.stringify(newer)))).toMatch(/^document_malformed: not a plan: /);
    }
  });

  test.each([
    [
      'another major version',
      text.replace('"1.0"', '"2.0"'),
      'format_unknown: plan format 2.0 is not known (this version reads 1.x)',
    ],
    ['an older major version', text.replace('"1.0"', '"0.9"'), 'format_unknown: plan format 0.9'],
    [
      'a version that is none',
      text.replace('"1.0"', '"1"'),
      'document_malformed: not a plan: format_version is missing',
    ],
    ['no version', '{}', 'document_malformed: not a plan: format_version is missing'],
    ['a list', '[]', 'document_malformed: not a plan: format_version is missing'],
    ['a word', '"1.0"', 'document_malformed: not a plan: format_version is missing'],
    [
      'an unknown member',
      withMember(text, '"colour": "red"'),
      'document_malformed: not a plan: there is no member "colour"',
    ],
    [
      'an unknown option',
      set('options.force', true),
      'document_malformed: not a plan: options: there is no member "force"',
    ],
    [
      'a missing member',
      text.replace(/ {2}"errored": false,\n/, ''),
      'document_malformed: not a plan: the member "errored" is missing',
    ],
    [
      'a change of what cannot be changed',
      set('changes.0.ref', 'page.1'),
      'document_malformed: not a plan: changes[0].ref: must have the form',
    ],
    [
      'a field that no source has',
      set('desired.offerings.0.fields.roles', { a: 1 }),
      'document_malformed: not a plan: desired.offerings[0].fields.roles',
    ],
    ['a contract that is none', set('contract', {}), 'document_malformed: not a plan: contract: the member'],
    [
      'a contract that contradicts itself',
      set('contract.attributes.1', { ...VERIFIED, slug: 'gsv_category' }),
      'document_malformed: not a plan: contract: attributes[1].slug: gsv_category is also in attributes[0]',
    ],
    [
      'a member named __proto__',
      withMember(text, '"__proto__": {"errored": true}'),
      'document_malformed: not JSON: it has a member with the name __proto__',
    ],
    [
      '__proto__ far inside',
      text.replace('"founder":true', '"__proto__":true'),
      'document_malformed: not JSON: it has a member with the name __proto__',
    ],
    ['no JSON', text.slice(0, -3), 'document_malformed: not JSON: '],
    ['nothing', '', 'document_malformed: not JSON: '],
    ['an HTML page', '<!doctype html>', 'document_malformed: not JSON: '],
    [
      'depth',
      `{"format_version": "1.0", "x": ${'['.repeat(64)}${']'.repeat(64)}}`,
      'document_malformed: not JSON: nested deeper than 64',
    ],
    ['an abyss', '['.repeat(200_000), 'document_malformed: not JSON: '],
  ])('%s is refused in one line', (_, source, message) => {
    expect(refusal(() => decided(source)).slice(0, message.length)).toBe(message);
  });

  test('depth 64 is read', () => {
    expect(() => parseJson(`${'['.repeat(64)}${']'.repeat(64)}`)).not.toThrow();
    expect(() => parseJson(`${'['.repeat(65)}${']'.repeat(65)}`)).toThrow(Failure);
  });

  test('constructor and prototype are ordinary words', () => {
    const plan = planOf({
      options: { create_missing: true },
      desired: {
        taxonomies: {
          ...SITE.taxonomies,
          roles: ['constructor', 'founder', 'prototype'].map((key) => term(key, key)),
        },
        offerings: [offering(1, { roles: ['constructor', 'founder', 'prototype'] })],
      },
      actual: {
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, { founder: value('v1', 'founder') }) },
      },
    });
    const read = decided(printPlan(plan));
    expect(differingMembers(read)).toEqual([]);
    expect(read.changes.map(({ ref }) => ref)).toEqual([
      'value.gsv_roles.constructor',
      'value.gsv_roles.prototype',
      'product.offering-1',
    ]);
  });
});
