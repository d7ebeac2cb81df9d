import { describe, expect, test } from '@jest/globals';
import type { Attribute } from '../../../src/core/actual-state.ts';
import type { Term } from '../../../src/core/desired-state.ts';
import { createValueMatcher, type Naming } from '../../../src/diff/value-matching.ts';
import {
  attribute,
  codesOf,
  diffOf,
  type Given,
  ROLES,
  refsOf,
  roles,
  term,
  value,
} from '../../support/catalogue.ts';

const NAMINGS: readonly Naming[] = ['key', 'external_reference'];
const GEN_AI = term('gen_ai', 'Generative AI');

const matcherFor = (
  naming: Naming,
  terms: readonly Term[],
  values: Attribute['values'],
  unusable: readonly Term[] = [],
) =>
  createValueMatcher({
    naming,
    slug: 'gsv_roles',
    attribute: attribute(ROLES, values),
    terms,
    unusable: () => unusable,
    languages: ['en'],
  });

const planned = (
  naming: Naming,
  terms: readonly Term[],
  values: Attribute['values'],
  options: Given['options'],
) =>
  diffOf(
    roles(terms, values, {
      contract: { naming, attributes: [ROLES] },
      options: { create_missing: true, ...options },
    }),
  );

describe.each(NAMINGS)('naming %s', (naming) => {
  test.each([
    ['under another slug', 'generative-ai', value('v1', 'Generative AI')],
    ['with a number behind the slug', 'generative-ai-2', value('v1', 'Generative AI')],
    [
      'with the reference of another system',
      'generative-ai',
      value('v1', 'Generative AI', { reference: 'ERP-77' }),
    ],
    [
      'with our reference of a key that was renamed',
      'genai',
      value('v1', 'Generative AI', { reference: 'gsv_roles.genai' }),
    ],
    ['in capitals', 'generative-ai', value('v1', 'GENERATIVE AI')],
    ['with a no-break blank', 'generative-ai', value('v1', 'Generative\u00a0AI')],
    ['with two blanks, and one around', 'generative-ai', value('v1', ' Generative  AI ')],
    ['with a hyphen', 'generative-ai', value('v1', 'Generative-AI')],
    ['with an invisible character', 'generative-ai', value('v1', 'Gener\u00adative\u200b AI')],
    ['in full-width letters', 'generative-ai', value('v1', 'Ｇｅｎｅｒａｔｉｖｅ AI')],
    ['by its key with hyphens', 'gen-ai', value('v1', 'gen-ai')],
    ['in a translation', 'x', value('v1', 'x', { translations: { en: 'Generative AI' } })],
  ])('a value that carries the label %s is recognised, and never gets a twin', (_, slug, one) => {
    const told = planned(naming, [GEN_AI], { [slug]: one }, {});
    expect(codesOf(told)).toEqual(['error value_adoptable value.gsv_roles.gen_ai']);
    expect(refsOf(told)).toEqual([]);
    const adopted = planned(naming, [GEN_AI], { [slug]: one }, { adopt: true });
    const changes = adopted.changes.filter(({ ref }) => ref.startsWith('value.'));
    expect(changes).toMatchObject([{ action: 'update', reason: 'adopted', ids: { value: 'v1' } }]);
    expect(changes[0]?.after).toMatchObject(
      naming === 'key'
        ? { name: 'gen_ai', slug: 'gen_ai' }
        : { name: 'Generative AI', external_reference: 'gsv_roles.gen_ai' },
    );
    const pruned = planned(
      naming,
      [GEN_AI],
      { [slug]: { ...one, users: 0 } },
      { prune_values: true, prune_used: true },
    );
    expect(refsOf(pruned)).toEqual([]);
  });

  test('letters in another Unicode normal form are the same', () => {
    const values = { grunder: value('v1', 'Gru\u0308nder STRASSE') };
    const { match } = matcherFor(naming, [term('founder', 'Gründer Straße')], values);
    expect(match(term('founder', 'Gründer Straße')).kind).toBe('adoptable');
  });

  test('two candidates are an error that names both, also with --adopt', () => {
    const values = {
      'generative-ai': value('v1', 'Generative AI'),
      'generative-ai-2': value('v2', 'generative ai', { reference: 'ERP-7' }),
    };
    for (const adopt of [false, true]) {
      const found = planned(naming, [GEN_AI], values, { adopt, prune_values: true, prune_used: true });
      expect(refsOf(found)).toEqual([]);
      expect(found.diagnostics).toEqual([
        {
          severity: 'error',
          code: 'value_ambiguous',
          ref: 'value.gsv_roles.gen_ai',
          data: {
            label: 'Generative AI',
            values: [
              { name: 'Generative AI', slug: 'generative-ai', reference: null },
              { name: 'generative ai', slug: 'generative-ai-2', reference: 'ERP-7' },
            ],
            terms: [],
          },
        },
      ]);
    }
  });

  test.each([
    ['Café au lait', 'Cafe au lait', 'cafe-au-lait'],
    ['Øresund', 'Oresund', 'oresund'],
    ['Übersicht', 'Ubersicht', 'ubersicht'],
    ['Œuvre', 'oeuvre', 'oeuvre'],
    ['Resume', 'Résumé', 'resume'],
  ])('the label %s beside the value %s: no twin, whatever the accents', (label, name, slug) => {
    const told = planned(naming, [term('other_key', label)], { [slug]: value('v1', name) }, {});
    expect(codesOf(told)).toEqual(['error value_adoptable value.gsv_roles.other_key']);
    expect(refsOf(told)).toEqual([]);
  });

  test('two terms that only their accents tell apart get a value each', () => {
    const terms = [term('nice', 'Schön'), term('already', 'Schon')];
    const told = planned(naming, terms, {}, {});
    expect(refsOf(told).filter((one) => one.includes('value.'))).toHaveLength(2);
  });

  test('a value that looks like two terms is nobody’s, and the error names the other term', () => {
    const terms = [GEN_AI, term('generative', 'generative ai')];
    const found = planned(naming, terms, { 'generative-ai': value('v1', 'Generative AI') }, { adopt: true });
    expect(refsOf(found)).toEqual([]);
    expect(found.diagnostics.map(({ code, data }) => [code, data['terms']])).toEqual([
      ['value_ambiguous', ['generative']],
      ['value_ambiguous', ['gen_ai']],
      ['label_shared', undefined],
    ]);
  });

  test('another term’s own value is no candidate, and a draft’s neither', () => {
    const own = naming === 'key' ? 'generative' : 'any';
    const values = { [own]: value('v1', 'Generative AI', { reference: 'gsv_roles.generative' }) };
    const generative = term('generative', 'Generative AI');
    expect(matcherFor(naming, [GEN_AI, generative], values).match(GEN_AI).kind).toBe('missing');
    expect(matcherFor(naming, [GEN_AI], values, [generative]).match(GEN_AI).kind).toBe('missing');
  });

  test('a new value is not named like another term’s value', () => {
    const data = term('data', 'Data');
    const [slug, held] = naming === 'key' ? ['gen_ai', null] : ['data', 'gsv_roles.gen_ai'];
    const values = { [slug]: value('v1', 'Data', { reference: held }) };
    const found = planned(naming, [GEN_AI, data], values, {});
    if (naming === 'key') {
      expect(refsOf(found)).not.toContain('create value.gsv_roles.data');
      expect(codesOf(found)).toContain('error label_in_use value.gsv_roles.data');
    } else {
      // The same plan renames the other value, so both labels stand once when it is applied.
      expect(refsOf(found)).toEqual(['create value.gsv_roles.data', 'update value.gsv_roles.gen_ai']);
    }
  });

  test('a value that looks like no term is extra, and may be pruned', () => {
    const values = { clown: value('v1', 'Clown', { users: 0 }) };
    const found = planned(naming, [GEN_AI], values, { prune_values: true });
    expect(refsOf(found).filter((line) => line.startsWith('delete'))).toHaveLength(1);
  });
});

test('a reference of another system that is replaced is a hazard’s matter: before and after say so', () => {
  const found = planned(
    'external_reference',
    [GEN_AI],
    { 'generative-ai': value('v1', 'Generative AI', { reference: 'ERP-77' }) },
    { adopt: true },
  );
  expect(found.changes[0]).toMatchObject({
    before: { external_reference: 'ERP-77', name: 'Generative AI', slug: 'generative-ai' },
    after: { external_reference: 'gsv_roles.gen_ai', name: 'Generative AI', slug: 'generative-ai' },
  });
});

test('naming external_reference: a slug says little where the value has a reference and another name', () => {
  const values = { founder: value('v1', 'Someone', { reference: 'gsv_roles.other' }) };
  const founder = term('founder', 'Founder');
  expect(matcherFor('external_reference', [founder], values).match(founder).kind).toBe('missing');
});
