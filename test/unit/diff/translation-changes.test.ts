import { describe, expect, test } from '@jest/globals';
import type { Term } from '../../../src/core/desired-state.ts';
import { localesOf } from '../../../src/diff/translation-changes.ts';
import {
  attribute,
  changeOf,
  diffOf,
  type Given,
  inputs,
  ROLES,
  roles,
  SHOP,
  SITE,
  term,
  value,
} from '../../support/catalogue.ts';
import { CREATE, rolesDiff } from '../../support/role-diffs.ts';

describe('translations', () => {
  const READ = { actual: { locales: ['de', 'en', 'fr'] } };
  const withLabels = (given: Given): Given => ({
    ...given,
    actual: { ...SHOP, ...READ.actual, ...given.actual },
  });

  test('two spellings of one language are one change, and the term’s own label wins', () => {
    const found = rolesDiff(
      [term('data_analyst', 'Data analyst', { DE: 'Datenanalyst', pt_BR: 'Analista' })],
      {},
      {
        ...CREATE,
        contract: { label_languages: ['EN', 'en', 'DE', 'de', 'PT_BR', 'pt-br'] },
        actual: { attributes: SHOP.attributes, locales: ['DE', 'en', 'pt_BR'] },
      },
    );
    const labels = found.changes.filter(({ ref }) => ref.startsWith('translation.'));
    expect(labels.map(({ ref, after }) => [ref, after])).toEqual([
      ['translation.gsv_roles.data_analyst.de', { name: 'Datenanalyst' }],
      ['translation.gsv_roles.data_analyst.en', { name: 'Data analyst' }],
      ['translation.gsv_roles.data_analyst.pt-br', { name: 'Analista' }],
    ]);
    expect(found.diagnostics.map(({ code }) => code)).not.toContain('translations_not_read');
  });

  test('a snapshot that spells the language otherwise is in line', () => {
    const values = {
      data_analyst: value('v1', 'data_analyst', { translations: { EN: 'Data analyst', PT_BR: 'Analista' } }),
    };
    const found = rolesDiff([term('data_analyst', 'Data analyst', { 'pt-br': 'Analista' })], values, {
      contract: { label_languages: ['en'] },
      actual: {
        attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) },
        locales: ['EN', 'PT_BR'],
      },
    });
    expect(found.changes).toEqual([]);
  });

  test('carry the label that the name cannot, in each language of the contract, with what they need', () => {
    const found = rolesDiff(
      [term('data_analyst', 'Data analyst')],
      {},
      {
        ...CREATE,
        contract: { label_languages: ['en', 'de'] },
        actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES) }, ...READ.actual },
      },
    );
    expect(found.changes.slice(1).map(({ ref, after, needs, ids }) => [ref, after, needs, ids])).toEqual([
      [
        'translation.gsv_roles.data_analyst.de',
        { name: 'Data analyst' },
        ['value.gsv_roles.data_analyst'],
        {},
      ],
      [
        'translation.gsv_roles.data_analyst.en',
        { name: 'Data analyst' },
        ['value.gsv_roles.data_analyst'],
        {},
      ],
    ]);
  });

  test.each<[string, Term, Record<string, string | null>, readonly string[]]>([
    ['a name that carries the label needs none', term('founder', 'Founder'), {}, []],
    ['an empty one is none', term('founder', 'Founder'), { en: '' }, []],
    [
      'a stale one would hide the name',
      term('founder', 'Founder'),
      { en: 'Owner' },
      ['update en Owner Founder'],
    ],
    ['the right one stays', term('founder', 'Founder'), { en: 'Founder' }, []],
    [
      'other locales follow the site',
      term('founder', 'Founder', { fr: 'Fondateur', de: 'Gründer' }),
      { fr: 'Créateur' },
      ['create de null Gründer', 'update fr Créateur Fondateur'],
    ],
    ['a label without text is none', term('founder', 'Founder', { fr: ' ' }), {}, []],
    ['other locales that the site lacks are not ours', term('founder', 'Founder'), { fr: 'Fondateur' }, []],
    ['a locale that was not read is not written', term('founder', 'Founder', { it: 'Fondatore' }), {}, []],
  ])('%s', (_, one, translations, expected) => {
    const values = { founder: value('v1', 'Founder', { translations }) };
    const found = diffOf(
      withLabels(
        roles([one], values, {
          actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values) } },
        }),
      ),
    );
    const lines = found.changes.map(
      ({ action, ref, before, after }) =>
        `${action} ${ref.split('.')[3]} ${(before as { name: string } | null)?.name ?? null} ${(after as { name: string }).name}`,
    );
    expect(lines).toEqual(expected);
  });

  test('a term’s own label of a language is not covered by that of the source’s locale', () => {
    for (const label of ['Founder', 'The founder']) {
      const found = diffOf(
        withLabels(
          roles(
            [term('founder', label, { fr: 'Fondateur' })],
            {},
            {
              contract: { label_languages: ['en', 'fr'] },
              actual: {
                attributes: {
                  ...SHOP.attributes,
                  gsv_roles: attribute(ROLES, { founder: value('v1', 'Founder') }),
                },
              },
            },
          ),
        ),
      );
      expect(changeOf(found, 'translation.gsv_roles.founder.fr').after).toEqual({ name: 'Fondateur' });
    }
  });

  test('are off with an empty list of languages, but for those of the terms', () => {
    const asked = inputs({ contract: { label_languages: [] } });
    expect(localesOf(asked)).toEqual([]);
    expect(
      localesOf({
        ...asked,
        desired: { ...SITE, taxonomies: { roles: [term('founder', 'Founder', { fr: 'Fondateur' })] } },
      }),
    ).toEqual(['fr']);
    expect(localesOf(inputs())).toEqual(['en']);
  });
});

test('a label that the name cannot carry is a note where a translation carries it, a warning where none can be written', () => {
  const found = (locales: readonly string[], languages?: readonly string[]) => {
    const given = rolesDiff(
      [term('data_analyst', 'Data analyst')],
      {},
      {
        ...CREATE,
        actual: { locales },
        ...(languages === undefined ? {} : { contract: { label_languages: languages } }),
      },
    );
    return given.diagnostics
      .filter(({ code }) => code === 'label_in_translation')
      .map(({ severity, data }) => [severity, data['stored']]);
  };
  expect(found(['en'])).toEqual([['note', undefined]]);
  expect(found([])).toEqual([['warning', false]]);
  expect(found([], [])).toEqual([['note', false]]);
});
