import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRegistry } from '../../../src/contract/capability-registry.ts';
import {
  type Contract,
  GTM_V1,
  type MetadataRule,
  parseContract,
  sourceFields,
  taxonomies,
} from '../../../src/contract/contract.ts';
import { estimateLabel, isAmount, isLess } from '../../../src/contract/estimate-label.ts';
import { KEY, slugifiesTo, slugify } from '../../../src/contract/slugify.ts';
import { contract, ESTIMATE, PRIMARY_ROLE, ROLES, TAGLINE, VERIFIED } from '../../support/catalogue.ts';

describe('gtm-v1 is section 4 of the specification', () => {
  // 4.1, line by line: Wagtail field, Saleor attribute key, value type
  test.each([
    ['category', 'gsv_category', 'enum'],
    ['roles', 'gsv_roles', 'multi enum'],
    ['outcomes', 'gsv_value_stream', 'multi enum'],
    ['capabilities', 'gsv_capabilities', 'multi enum'],
    ['integrations', 'gsv_integrations_required', 'multi enum'],
    ['languages', 'gsv_languages_supported', 'multi enum'],
    ['modalities', 'gsv_modalities', 'multi enum'],
    ['deployment_modes', 'gsv_deployment_modes_supported', 'multi enum'],
    ['trial_available', 'gsv_trial_available', 'boolean'],
    ['verified', 'gsv_verified', 'boolean'],
    ['badges', 'gsv_badges', 'multi enum'],
    ['maturity', 'gsv_maturity', 'enum'],
  ])('offering.%s is the attribute %s, a %s', (source, slug, type) => {
    const inputType = { enum: 'DROPDOWN', 'multi enum': 'MULTISELECT', boolean: 'BOOLEAN' }[type];
    const rule = GTM_V1.attributes.find((one) => one.slug === slug);
    expect(rule).toMatchObject({ source, input_type: inputType });
    expect(rule?.product_types).toEqual(['Offering', 'CreditPack', 'GiftCard']);
    expect(rule?.taxonomy !== undefined).toBe(type !== 'boolean');
    expect(rule?.registry ?? false).toBe(slug === 'gsv_capabilities');
  });

  // 4.2, line by line
  test.each([
    ['cp_offering_id', 'cp_offering_id', 'text'],
    ['cp_offering_version_id', 'cp_offering_version_id', 'text'],
    ['credits_estimate_min', 'credits_estimate_min', 'number'],
    ['credits_estimate_max', 'credits_estimate_max', 'number'],
    ['credits_estimate_label', 'credits_estimate_label', 'estimate_label'],
    ['outcome_tagline', 'card_tagline', 'text'],
    ['primary_outcome', 'primary_outcome', 'term'],
    ['primary_role', 'primary_role', 'term'],
    ['card_image_url', 'card_image', 'image'],
  ])('metadata %s comes from %s, as %s', (key, source, type) => {
    const rule = GTM_V1.metadata.find((one) => one.key === key);
    expect(rule).toMatchObject({ source, type });
    expect(rule?.required ?? false).toBe(key === 'cp_offering_id');
  });

  test('has these lines and no others, the nine taxonomies of Step A and categories', () => {
    expect([GTM_V1.attributes.length, GTM_V1.metadata.length]).toEqual([12, 9]);
    expect(GTM_V1.product_types).toEqual(['Offering', 'CreditPack', 'GiftCard']);
    expect(taxonomies(GTM_V1)).toEqual([
      'categories',
      'roles',
      'outcomes',
      'capabilities',
      'integrations',
      'languages',
      'modalities',
      'deployment_modes',
      'badges',
      'maturity_levels',
    ]);
    expect(parseContract(GTM_V1)).toEqual({ contract: GTM_V1 });
  });
});

describe('a contract of one’s own', () => {
  const faultsOf = (given: Partial<Contract>) => {
    const read = parseContract({ ...contract(), ...given });
    return 'faults' in read ? read.faults : [];
  };

  test('is taken when it is right', () => {
    expect(parseContract(contract())).toEqual({ contract: contract() });
  });

  const rule = (given: object) => ({ ...ROLES, ...given }) as never;
  const key = (given: object) => ({ ...TAGLINE, ...given }) as never;

  test.each<[string, Partial<Contract>, string]>([
    [
      'a slug that stands twice',
      { attributes: [ROLES, VERIFIED, ROLES] },
      'attributes[2].slug: gsv_roles stands in attributes[0] too',
    ],
    [
      'a key that stands twice',
      { metadata: [TAGLINE, TAGLINE] },
      'metadata[1].key: outcome_tagline stands in metadata[0] too',
    ],
    [
      '__proto__ as a slug',
      { attributes: [rule({ slug: '__proto__' })] },
      'attributes[0].slug: __proto__ cannot be used as a name',
    ],
    [
      '__proto__ as a key',
      { metadata: [key({ key: '__proto__' })] },
      'metadata[0].key: __proto__ cannot be used as a name',
    ],
    [
      'values without a taxonomy',
      { attributes: [rule({ taxonomy: undefined })], metadata: [] },
      'attributes[0].taxonomy: missing; a MULTISELECT attribute takes its values from a taxonomy',
    ],
    [
      'a boolean with one',
      { attributes: [{ ...VERIFIED, taxonomy: 'roles' }], metadata: [] },
      'attributes[0].taxonomy: a BOOLEAN attribute has no values of its own',
    ],
    [
      'a field that is two things',
      { attributes: [ROLES, rule({ slug: 'role', input_type: 'DROPDOWN' })] },
      'attributes[1].source: roles is read as terms elsewhere',
    ],
    [
      'a text that is a set elsewhere',
      { metadata: [key({ source: 'roles' })] },
      'metadata[0].source: roles is read as terms elsewhere',
    ],
    [
      'a term without a taxonomy',
      { metadata: [{ ...PRIMARY_ROLE, taxonomy: undefined } as never] },
      'metadata[0].taxonomy: missing',
    ],
    [
      'a primary one among no set',
      { metadata: [{ ...PRIMARY_ROLE, among: 'verified' }] },
      'metadata[0].among: verified is no field with a set of terms',
    ],
    [
      'an estimate from a text',
      { metadata: [TAGLINE, { ...ESTIMATE, min: 'card_tagline' }] },
      'metadata[1].min: card_tagline is read as text elsewhere',
    ],
    [
      'an estimate up to a boolean',
      { metadata: [{ ...ESTIMATE, max: 'verified' }] },
      'metadata[0].max: verified is read as boolean elsewhere',
    ],
    [
      'an unknown member',
      { colour: 'red' } as never,
      'document: must NOT have additional properties (colour)',
    ],
    [
      'an unknown input type',
      { attributes: [rule({ input_type: 'SWATCH' })] },
      'attributes[0].input_type: must be equal to one of the allowed values (DROPDOWN, MULTISELECT, BOOLEAN)',
    ],
    ['another major version', { format_version: '2.0' }, 'format_version: must match pattern "^1\\.[0-9]+$"'],
  ])('names the place of %s', (_, given, fault) => {
    expect(faultsOf(JSON.parse(JSON.stringify(given)))).toEqual([fault]);
  });

  test.each([null, [], 'gtm-v1', 7])('is not %j', (value) => {
    expect(parseContract(value)).toHaveProperty('faults');
  });

  test('reads each field as one thing, the estimate’s two ends among them', () => {
    expect(Object.fromEntries(sourceFields(contract()))).toEqual({
      category: 'term',
      roles: 'terms',
      verified: 'boolean',
      cp_offering_id: 'text',
      card_tagline: 'text',
      credits_estimate_label: 'text',
      credits_estimate_min: 'number',
      credits_estimate_max: 'number',
      primary_role: 'term',
      card_image: 'image',
    });
    expect(
      sourceFields(contract({ attributes: [], metadata: [{ ...TAGLINE, type: 'boolean' }] })).get(
        'card_tagline',
      ),
    ).toBe('boolean');
  });
});

describe('the estimate’s label', () => {
  const rule = (given: Partial<MetadataRule> = {}): MetadataRule => ({ ...ESTIMATE, ...given });

  test.each<[number | string | null, number | string | null, string | null]>([
    [15, 15, '~15/run'],
    [15, null, '~15/run'],
    [null, 15, '~15/run'],
    [10, 20, '~15/run'],
    [10, 15, '~13/run'],
    [0, 1, '~1/run'],
    [0, 0, '~0/run'],
    [null, null, null],
    ['15.50', '15.50', '~15.50/run'],
    ['15.50', null, '~15.50/run'],
    ['15.50', '15.5', '~15.50/run'],
    ['15.50', '16.50', '~16.00/run'],
    ['0.01', '0.02', '~0.02/run'],
    ['0.10', '0.20', '~0.15/run'],
    ['1.005', '1.005001', '~1.01/run'],
    ['0.00995', '0.00005', '~0.01/run'],
    ['10.00', '20.00', '~15/run'],
    [10, '20.5', '~15.25/run'],
    [-3, -2, '~-2/run'],
    ['-0.02', '-0.01', '~-0.01/run'],
    ['-1.50', '-0.50', '~-1.00/run'],
    ['9007199254740991', '9007199254740993', '~9007199254740992/run'],
  ])('of %s to %s is %s', (min, max, label) => {
    expect(estimateLabel(rule(), min, max)).toBe(label);
  });

  test('is made by the contract’s template, with its own for a range', () => {
    expect(estimateLabel(rule({ template: '{min}–{max}, about {mid}' }), 10, 20)).toBe('10–20, about 15');
    const both = rule({ template: '{mid} a run', template_range: '{min} to {max}' });
    expect(estimateLabel(both, 10, 20)).toBe('10 to 20');
    expect(estimateLabel(both, 10, null)).toBe('10 a run');
    expect(estimateLabel(rule({ template: '$& {avg}' }), 1, 1)).toBe('$& {avg}');
  });

  test('lies between its two ends', () => {
    const hundredths = fc.integer({ min: 0, max: 1_000_000 }).map((n) => (n / 100).toFixed(2));
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const mid = Number(estimateLabel(rule({ template: '{mid}' }), a, b));
        expect(Math.abs(mid - (Number(a) + Number(b)) / 2)).toBeLessThanOrEqual(0.5);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test('an amount is a whole number, or a decimal as a source writes it', () => {
    for (const right of [0, 15, -3, '15', '15.50', '-0.5', '0']) expect(isAmount(right)).toBe(true);
    for (const wrong of [
      1.5,
      Number.NaN,
      2 ** 53,
      '',
      ' 15',
      '15.',
      '.5',
      '1e5',
      '015',
      '1,5',
      null,
      true,
      undefined,
    ])
      expect(isAmount(wrong)).toBe(false);
    expect([isLess('9', '10'), isLess('15.50', 15), isLess(15, '15.0')]).toEqual([true, false, false]);
  });
});

describe('slugs', () => {
  const vectors = JSON.parse(readFileSync('test/support/slugs.json', 'utf8')) as [string, string][];

  test.each(vectors)('of %j is Django’s', (text, slug) => {
    expect(slugify(text) ?? '').toBe(slug);
  });

  test.each([
    'Gründer',
    '日本語',
    'K\u2009',
    '\u0130',
  ])('%s is not foretold: Saleor transliterates it', (text) => {
    expect(slugify(text)).toBeNull();
  });

  test('a key slugifies to itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,5}(_[a-z0-9]{1,5}){0,3}$/), (key) => {
        expect(KEY.test(key)).toBe(true);
        expect(slugify(key)).toBe(key);
        expect(slugifiesTo(key, key)).toBe(true);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  test.each(['Founder', '_lead', 'trail_', 'a__b', 'a-b', '', 'é', 'a b', 'a.b'])('%j is no key', (word) => {
    expect(KEY.test(word)).toBe(false);
  });

  test('a label that is longer than a name may be carries nothing', () => {
    expect(slugifiesTo(`Ops${'!'.repeat(247)}`, 'ops')).toBe(true);
    expect(slugifiesTo(`Ops${'!'.repeat(248)}`, 'ops')).toBe(false);
  });
});

describe('a Capability Registry', () => {
  test.each([
    ['["lead_scoring","invoice_reading","lead_scoring"]'],
    [' [{"id":"lead_scoring","since":2025},"invoice_reading"]'],
    ['# ids\r\nlead_scoring\r\n\r\n  invoice_reading\r\n'],
  ])('is %j', (text) => {
    expect(parseRegistry(text, 'registry')).toEqual(['invoice_reading', 'lead_scoring']);
  });

  test.each([
    ['', 'registry holds no id'],
    ['[]', 'registry holds no id'],
    ['[1]', 'registry: [0] is neither an id nor an object with an id'],
    ['["a",{"id":""}]', 'registry: [1] is neither an id nor an object with an id'],
    ['[null]', 'registry: [0] is neither an id nor an object with an id'],
    ['{"id":"a"}', 'registry: must be an array of ids or of {"id": …}'],
    ['["a"', 'registry is not JSON: '],
  ])('is not %j, and the place is named', (text, message) => {
    expect(() => parseRegistry(text, 'registry')).toThrow(message);
  });
});
