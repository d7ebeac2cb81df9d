import { describe, expect, test } from '@jest/globals';
import {
  type Contract,
  GTM_V1,
  parseContract,
  sourceFields,
  taxonomies,
} from '../../../src/contract/contract.ts';
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
      'a slug that occurs twice',
      { attributes: [ROLES, VERIFIED, ROLES] },
      'attributes[2].slug: gsv_roles is also in attributes[0]',
    ],
    [
      'a key that occurs twice',
      { metadata: [TAGLINE, TAGLINE] },
      'metadata[1].key: outcome_tagline is also in metadata[0]',
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
      'attributes[0].taxonomy: missing; a MULTISELECT attribute needs a taxonomy for its values',
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
      'metadata[0].among: verified is not a field with a set of terms',
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
      'there is no member "colour". Allowed: $schema, attributes, format, format_version, gaps, label_languages, metadata, name, naming, product_types',
    ],
    [
      'an unknown input type',
      { attributes: [rule({ input_type: 'SWATCH' })] },
      'attributes[0].input_type: must be one of DROPDOWN, MULTISELECT, BOOLEAN, not "SWATCH"',
    ],
    [
      'another major version',
      { format_version: '2.0' },
      'format_version: must be "1.0", the version that this sailplan reads',
    ],
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
