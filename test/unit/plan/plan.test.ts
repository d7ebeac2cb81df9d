import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import type { Attribute } from '../../../src/core/actual-state.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { JsonObject } from '../../../src/core/json/json-value.ts';
import { parseJson } from '../../../src/core/json/untrusted-json.ts';
import { compareFields, fieldsOf } from '../../../src/plan/field-diff.ts';
import { differingMembers, requireVerified } from '../../../src/plan/file/integrity.ts';
import { parsePlan } from '../../../src/plan/file/parse.ts';
import { printJson, printPlan } from '../../../src/plan/file/print.ts';
import stripUnknown from '../../../src/plan/generated/strip-unknown.js';
import { HAZARDS } from '../../../src/plan/hazards.ts';
import { build, digestOf, idOf, inputsOf, type Plan } from '../../../src/plan/plan.ts';
import { reportLists } from '../../../src/plan/report-lists.ts';
import { permissionsFor } from '../../../src/plan/required-permissions.ts';
import { fileNameOf } from '../../../src/plan/target-file-name.ts';
import { readExport } from '../../../src/wagtail/export/read-export.ts';
import { random } from '../../support/arbitrary.ts';
import {
  attribute,
  CATEGORY,
  type Given,
  offering,
  planOf,
  product,
  productId,
  productType,
  ROLES,
  SHOP,
  SITE,
  term,
  VERIFIED,
  value,
} from '../../support/catalogue.ts';
import { recordedPlan } from '../../support/recorded-plan.ts';

/** A plan with a change of each kind, something left out, something held back and a hazard. */
const RICH: Given = {
  options: {
    create_missing: true,
    create_attributes: true,
    sync_attributes: true,
    adopt: true,
    exclude: [{ ref: 'value.gsv_roles.ops', field: null, reason: 'launch' }],
  },
  registry: ['founder'],
  desired: {
    taxonomies: {
      categories: [term('sales', 'Sales')],
      roles: [
        term('data_analyst', 'Data analyst', { fr: 'Analyste' }),
        term('founder', 'FOUNDER'),
        term('ops', 'Ops'),
      ],
      unread: [term('nobody', 'Nobody')],
    },
    offerings: [
      offering(1, {
        roles: ['data_analyst', 'founder'],
        card_tagline: 'Zero\u200bwidth \u202e"quoted" \u{e0041}',
      }),
      offering(2, { cp_offering_id: '' }),
      offering(3, {}, { saleor_product_slug: 'no-such-product' }),
    ],
  },
  actual: {
    locales: ['en', 'fr'],
    attributes: {
      gsv_category: attribute(CATEGORY, { sales: value('v-sales', 'Sales') }),
      gsv_roles: attribute(ROLES, {
        founder: value('v-founder', 'Founder'),
        'data-analyst': value('v2', 'Data analyst'),
      }),
    },
    product_types: { offering: productType('offering', ['gsv_category', 'gsv_roles']) },
    products: {
      'offering-1': product(1, { gsv_verified: null }, { cp_offering_id: 'off_0' }),
      'offering-2': product(2),
      unnamed: product(9, {}, { cp_offering_id: 'off_9' }),
    },
  },
};
const rich = planOf(RICH);
const text = printPlan(rich);

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
};

/** The file after an edit of its JSON, printed as sailplan prints it. */
function edited(edit: (plan: Record<string, never>) => void, plan: Plan = rich): string {
  const copy = JSON.parse(printPlan(plan));
  edit(copy);
  return printPlan(copy);
}

/** A plan file, read for a decision that does not rebuild it. */
const decided = (source: string): Plan => requireVerified(parsePlan(source), { rebuilds: false });

describe('a plan', () => {
  test('of the recordings proves itself, and the same reading in another order gives the same bytes', () => {
    const plan = recordedPlan();
    const read = decided(printPlan(plan));
    expect(differingMembers(read)).toEqual([]);
    expect(digestOf(read)).toBe(digestOf(plan));
    expect(plan.summary.by_kind.product.update).toBeGreaterThan(5);

    const document = JSON.parse(readFileSync('test/recordings/wagtail-export.json', 'utf8'));
    const next = random(11);
    const mix = <T>(items: T[]): T[] =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
    document.offerings = mix(document.offerings);
    for (const name of mix(Object.keys(document.taxonomies))) {
      const terms = mix(document.taxonomies[name]);
      delete document.taxonomies[name];
      document.taxonomies[name] = terms;
    }
    delete document.content_sha256;
    const again = build({
      ...inputsOf(plan),
      desired: readExport(JSON.stringify(document), GTM_V1),
      actual: { ...plan.actual, target: plan.target },
    });
    expect(digestOf(again)).toBe(digestOf(plan));
  });

  test('holds what was compared and nothing else', () => {
    expect(Object.keys(rich.actual.products)).toEqual(['offering-1', 'offering-2']);
    expect(Object.keys(rich.desired.taxonomies)).toEqual(['categories', 'roles']);
    const wider = planOf({
      ...RICH,
      actual: {
        ...RICH.actual,
        attributes: { ...RICH.actual?.attributes, brand: attribute({ ...ROLES, slug: 'brand' }) },
        product_types: { ...RICH.actual?.product_types, shoes: productType('shoes', []) },
        products: {
          ...RICH.actual?.products,
          'offering-2': product(2, { brand: 'acme' }, { note: 'fragile' }),
        },
      },
    });
    expect(digestOf(wider)).toBe(digestOf(rich));
  });

  test('has the first 16 digits of its digest as its id, and digest and id are as long as they say', () => {
    expect(digestOf(rich)).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf(digestOf(rich))).toBe(digestOf(rich).slice(0, 16));
  });

  test('counts its changes by action and kind, and the offerings that are not compared', () => {
    expect(rich.summary).toEqual({
      create: 4,
      update: 3,
      delete: 0,
      left_out: 2,
      by_kind: {
        attribute: { create: 1, update: 0, delete: 0 },
        assignment: { create: 1, update: 0, delete: 0 },
        value: { create: 0, update: 2, delete: 0 },
        translation: { create: 2, update: 0, delete: 0 },
        product: { create: 0, update: 1, delete: 0 },
      },
    });
  });

  test('needs only the permissions of what it changes', () => {
    expect(permissionsFor(rich.changes)).toEqual([
      'MANAGE_PRODUCTS',
      'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES',
      'MANAGE_TRANSLATIONS',
    ]);
    expect(permissionsFor(rich.changes.filter(({ ref }) => ref.startsWith('product.')))).toEqual([
      'MANAGE_PRODUCTS',
    ]);
    expect(permissionsFor([])).toEqual([]);
  });

  test('is kept under a name that a person can read and that no other target has', () => {
    const target = { name: null, api_url: 'https://Shop.example.com:8000/graphql/' };
    expect(fileNameOf(target)).toMatch(/^shop-example-com-8000-[0-9a-f]{8}$/);
    expect(fileNameOf({ ...target, name: 'Prod (EU)' })).toMatch(/^prod-eu-[0-9a-f]{8}$/);
    expect(fileNameOf({ ...target, name: '—' })).toMatch(/^shop-[0-9a-f]{8}$/);
    expect(fileNameOf({ name: null, api_url: 'not a url' })).toMatch(/^shop-[0-9a-f]{8}$/);
    expect(fileNameOf(target)).not.toBe(
      fileNameOf({ ...target, api_url: 'https://shop.example.com:8000/graphql' }),
    );
  });
});

describe('hazards', () => {
  const hazards = (given: Given) => planOf(given).hazards.map(({ code, ref }) => `${code} ${ref}`);

  test('are those of the changes, from the closed list', () => {
    expect(rich.hazards.map(({ code, ref }) => `${code} ${ref}`)).toEqual([
      'adopts_value value.gsv_roles.data_analyst',
      'cannot_be_undone attribute.gsv_verified',
      'cannot_be_undone translation.gsv_roles.data_analyst.en',
      'cannot_be_undone translation.gsv_roles.data_analyst.fr',
      'changes_offering_id product.offering-1',
      'creates_attribute attribute.gsv_verified',
      'renames_value value.gsv_roles.data_analyst',
      'renames_value value.gsv_roles.founder',
      'slug_changes value.gsv_roles.data_analyst',
    ]);
    for (const { code } of rich.hazards) expect(HAZARDS[code]).toMatch(/\.$/);
  });

  test('name a set that is emptied, a key that goes, and a value that no product has any more', () => {
    expect(
      hazards({ desired: { offerings: [offering(1, { roles: [], primary_role: null, category: null })] } }),
    ).toEqual([
      'clears_attribute product.offering-1',
      'deletes_metadata product.offering-1',
      'removes_last_member value.gsv_category.sales',
      'removes_last_member value.gsv_roles.founder',
    ]);
    const other = { 'offering-1': product(1), 'offering-2': product(2) };
    expect(
      hazards({
        desired: { offerings: [offering(1, { roles: [] }), offering(2)] },
        actual: { products: other },
      }),
    ).toEqual(['clears_attribute product.offering-1']);
  });

  test('name a value that is deleted though products have it', () => {
    const values = (users: number) => ({
      founder: value('v1', 'Founder'),
      scribe: value('v2', 'Scribe', { users }),
    });
    const pruned = (users: number) =>
      hazards({
        options: { prune_values: true, prune_used: true },
        actual: { attributes: { ...SHOP.attributes, gsv_roles: attribute(ROLES, values(users)) } },
      });
    expect(pruned(0)).toEqual(['cannot_be_undone value.gsv_roles.scribe']);
    expect(pruned(2)).toEqual([
      'cannot_be_undone value.gsv_roles.scribe',
      'deletes_used_value value.gsv_roles.scribe',
    ]);
  });

  test('say that many products change: more than 30 % of those compared, from ten on', () => {
    const bulk = (changed: number, compared: number) => {
      const numbers = Array.from({ length: compared }, (_, index) => index + 1);
      const all = hazards({
        desired: {
          offerings: numbers.map((number) =>
            offering(number, number <= changed ? { card_tagline: 'New' } : {}),
          ),
        },
        actual: {
          products: Object.fromEntries(numbers.map((number) => [`offering-${number}`, product(number)])),
        },
      });
      return all.includes('bulk_change shop');
    };
    expect([bulk(9, 9), bulk(10, 33), bulk(10, 34), bulk(11, 34)]).toEqual([false, true, false, true]);
  });
});

describe('the printed form', () => {
  test('has its members in their order, one patch operation, one resource and one finding a line', () => {
    const lines = text.split('\n');
    expect(lines.filter((line) => /^ {2}"/.test(line)).map((line) => /"(\w+)"/.exec(line)?.[1])).toEqual([
      'format_version',
      'target',
      'source',
      'options',
      'summary',
      'errored',
      'completeness',
      'hazards',
      'left_out',
      'diagnostics',
      'changes',
      'contract',
      'registry',
      'desired',
      'actual',
    ]);
    expect(lines.filter((line) => /^ {8}\{"op":/.test(line)).length).toBe(
      rich.changes.flatMap(({ patch }) => patch).length,
    );
    const starting = (word: string) => lines.filter((line) => line.startsWith(word)).length;
    expect(starting('      "offering-2": {')).toBe(1);
    expect(starting('          "data-analyst": {')).toBe(1);
    expect(starting('      {"fields":')).toBe(3);
    expect(starting('        {"key":"founder",')).toBe(1);
    expect(starting('    {"code":"adopts_value",')).toBe(1);
    expect(Math.max(...lines.map((line) => (line.includes('},{') ? 1 : 0)))).toBe(0);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  test('writes what cannot be seen as \\u…', () => {
    expect(text).toContain('Zero\\u200bwidth \\u202e\\"quoted\\" \\udb40\\udc41');
    expect(text).not.toMatch(/[\u200b\u202e\u{e0041}]/u);
    expect(decided(text).desired.offerings[0]?.fields['card_tagline']).toBe(
      'Zero\u200bwidth \u202e"quoted" \u{e0041}',
    );
    expect(printJson({ a: ['\u202e'] })).toBe('{\n  "a": [\n    "\\u202e"\n  ]\n}\n');
  });

  test('is what is read, to the byte: any other spelling of the same plan is an altered plan', () => {
    const spellings = [
      text.trimEnd(),
      `${text}\n`,
      text.replaceAll('\n', '\r\n'),
      text.replace('"errored": false', '"errored":false'),
      text.replace('"errored": false', '"errored": false,\n  "errored": false'),
      text
        .replace('  "registry": ["founder"],\n', '')
        .replace('  "desired"', '  "registry": ["founder"],\n  "desired"')
        .replace('"target"', '"t\\u0061rget"'),
      text.replace('\\u200b', '\u200b'),
      text.replace('"limit":null', '"limit":null,"limit":null'),
      JSON.stringify(rich),
    ];
    for (const spelling of spellings) {
      expect(spelling).not.toBe(text);
      expect(refusal(() => decided(spelling))).toMatch(/^plan_altered: /);
      expect(digestOf(parsePlan(spelling).plan)).toBe(digestOf(rich));
    }
  });

  test('no byte can be changed unseen', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const other = Buffer.from(bytes);
        other[at] = ((other[at] as number) + by) % 256;
        let digest: string;
        try {
          digest = digestOf(decided(other.toString('utf8')));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          return;
        }
        // A byte that is no UTF-8 reads as U+FFFD, which the plan does not hold.
        expect(digest).not.toBe(digestOf(rich));
      }),
      { seed: 9, numRuns: 400 },
    );
  });
});

describe('proof', () => {
  test('finds every leaf of what was computed that somebody changed', () => {
    const computed = ['summary', 'errored', 'hazards', 'left_out', 'diagnostics', 'changes'];
    const leaves: (string | number)[][] = [];
    const walk = (node: unknown, path: (string | number)[]): void => {
      if (typeof node !== 'object' || node === null) leaves.push(path);
      else
        for (const [name, one] of Object.entries(node))
          walk(one, [...path, Array.isArray(node) ? Number(name) : name]);
    };
    for (const name of computed) walk((rich as unknown as JsonObject)[name], [name]);
    expect(leaves.length).toBeGreaterThan(150);
    for (const path of leaves) {
      // As a file gives it back: in memory a change may share parts with the snapshots.
      const copy = JSON.parse(JSON.stringify(rich)) as Record<string, unknown>;
      let at: Record<string | number, unknown> = copy;
      for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
      const last = path.at(-1) as string;
      const leaf = at[last];
      at[last] = typeof leaf === 'boolean' ? !leaf : typeof leaf === 'number' ? leaf + 1 : `${leaf}x`;
      expect([path.join('.'), differingMembers(copy as unknown as Plan)]).toEqual([
        path.join('.'),
        [path[0]],
      ]);
    }
  });

  test('finds a change taken out, put in or moved', () => {
    const [first, ...rest] = rich.changes;
    for (const changes of [rest, [first, ...rich.changes], [...rest, first]])
      expect(differingMembers({ ...rich, changes } as Plan)).toEqual(['changes']);
    expect(differingMembers({ ...rich, completeness: {} })).toEqual([]);
  });

  test('finds a snapshot that does not give these changes', () => {
    const snapshot = structuredClone(rich.actual) as never as Record<
      string,
      Record<string, { document: { metadata: Record<string, string> } }>
    >;
    const held = snapshot['products']?.['offering-1']?.document.metadata ?? {};
    held['cp_offering_id'] = 'off_0001';
    const said = differingMembers({ ...rich, actual: snapshot as never });
    expect(said).toContain('changes');
    expect(said).toContain('hazards');
  });
});

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
      'document_malformed: not a plan: document: must NOT have additional properties (colour)',
    ],
    [
      'an unknown option',
      set('options.force', true),
      'document_malformed: not a plan: options: must NOT have additional properties (force)',
    ],
    [
      'a missing member',
      text.replace(/ {2}"errored": false,\n/, ''),
      "document_malformed: not a plan: document: must have required property 'errored'",
    ],
    [
      'a change of what cannot be changed',
      set('changes.0.ref', 'page.1'),
      'document_malformed: not a plan: changes[0].ref: must match pattern',
    ],
    [
      'a field that no source has',
      set('desired.offerings.0.fields.roles', { a: 1 }),
      'document_malformed: not a plan: desired.offerings[0].fields.roles',
    ],
    [
      'a contract that is none',
      set('contract', {}),
      'document_malformed: not a plan: contract.document: must have required property',
    ],
    [
      'a contract that contradicts itself',
      set('contract.attributes.1', { ...VERIFIED, slug: 'gsv_category' }),
      'document_malformed: not a plan: contract.attributes[1].slug: gsv_category stands in attributes[0] too',
    ],
    [
      'a member named __proto__',
      withMember(text, '"__proto__": {"errored": true}'),
      'document_malformed: not JSON: it has a member named __proto__',
    ],
    [
      '__proto__ far inside',
      text.replace('"founder":true', '"__proto__":true'),
      'document_malformed: not JSON: it has a member named __proto__',
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

describe('fields', () => {
  test('are what two documents of a resource differ in; a resource that comes or goes is one field', () => {
    const [old, now] = [
      { name: 'Ops', slug: 'ops' },
      { name: 'OPS', slug: 'ops' },
    ];
    expect(compareFields('value.gsv_roles.ops', old, now)).toEqual([
      { name: 'name', before: 'Ops', after: 'OPS' },
    ]);
    expect(compareFields('value.gsv_roles.ops', null, now)).toEqual([
      { name: '', before: undefined, after: now },
    ]);
    expect(compareFields('value.gsv_roles.ops', old, null)).toEqual([
      { name: '', before: old, after: undefined },
    ]);
    expect(compareFields('value.gsv_roles.ops', null, null)).toEqual([]);
  });

  test('of a product are its attributes as wholes and its metadata keys, and a misshapen document has none', () => {
    const change = rich.changes.find(({ ref }) => ref === 'product.offering-1');
    expect(fieldsOf(change as never).map(({ name }) => name)).toEqual([
      'attributes.gsv_roles',
      'attributes.gsv_verified',
      'metadata.cp_offering_id',
      'metadata.outcome_tagline',
    ]);
    expect(compareFields('product.offering-1', {}, { metadata: { a: '1' } })).toEqual([
      { name: 'metadata.a', before: undefined, after: '1' },
    ]);
    expect(compareFields('product.offering-1', { metadata: {} }, {})).toEqual([]);
  });
});

describe('the six lists of the specification', () => {
  const fate = { outcome: 'planned' as const, id: null };

  test('are of the plan and of what became of its changes', () => {
    const plan = planOf({
      options: { create_missing: true },
      registry: ['ops'],
      contract: { attributes: [CATEGORY, { ...ROLES, registry: true }, VERIFIED] },
      desired: {
        taxonomies: {
          categories: [term('sales', 'Sales'), term('support', 'Support')],
          roles: [term('ops', 'Ops'), term('founder', 'Founder')],
        },
        offerings: [
          offering(1, { category: 'support', roles: ['ops'], primary_role: null }),
          offering(2, { roles: ['nobody'], primary_role: 'nobody' }),
          offering(3, { primary_role: 'founder' }, { saleor_product_id: productId(77) }),
        ],
      },
      actual: {
        attributes: {
          gsv_category: SHOP.attributes['gsv_category'] as Attribute,
          gsv_roles: attribute(ROLES),
        },
        products: { 'offering-1': product(1, { gsv_verified: null }), 'offering-2': product(2) },
      },
    });
    const found = reportLists(plan, () => fate);
    expect(found.created_attribute_values).toEqual([
      {
        attribute: 'gsv_category',
        key: 'support',
        name: 'Support',
        slug: 'support',
        id: null,
        outcome: 'planned',
      },
      { attribute: 'gsv_roles', key: 'ops', name: 'Ops', slug: 'ops', id: null, outcome: 'planned' },
    ]);
    expect(found.updated_products).toEqual([]);
    expect(found.missing_products).toEqual([
      {
        page_id: 3,
        title: 'Lead scout 3',
        saleor_product_id: productId(77),
        saleor_product_slug: 'offering-3',
      },
    ]);
    expect(found.missing_taxonomies).toEqual([
      {
        kind: 'value_missing',
        attribute: 'gsv_category',
        key: 'support',
        label: 'Support',
        needed_by: ['product.offering-1'],
        will_create: true,
      },
      {
        kind: 'value_missing',
        attribute: 'gsv_roles',
        key: 'ops',
        label: 'Ops',
        needed_by: ['product.offering-1'],
        will_create: true,
      },
      {
        kind: 'attribute_missing',
        attribute: 'gsv_verified',
        key: null,
        label: null,
        needed_by: [],
        will_create: false,
      },
      {
        kind: 'registry_unknown',
        attribute: 'gsv_roles',
        key: 'founder',
        label: 'Founder',
        needed_by: ['page.3'],
        will_create: false,
      },
      {
        kind: 'term_unknown',
        attribute: 'gsv_roles',
        key: 'nobody',
        label: null,
        needed_by: ['product.offering-2'],
        will_create: false,
      },
    ]);
    expect(found.errors.map(({ code }) => code)).toContain('registry_unknown');
    expect(found.warnings.every(({ message, hint }) => message !== '' && hint !== '')).toBe(true);
  });

  test('show what is missing and will not be made, and an updated product with its outcome', () => {
    const plan = planOf({
      desired: {
        taxonomies: { ...SITE.taxonomies, roles: [term('founder', 'Founder'), term('ops', 'Ops')] },
        offerings: [offering(1, { card_tagline: 'New' })],
      },
    });
    const found = reportLists(plan, () => ({ outcome: 'applied', id: 'x' }));
    expect(found.missing_taxonomies).toEqual([
      {
        kind: 'value_missing',
        attribute: 'gsv_roles',
        key: 'ops',
        label: 'Ops',
        needed_by: [],
        will_create: false,
      },
    ]);
    expect(found.updated_products).toMatchObject([
      { ref: 'product.offering-1', id: productId(1), slug: 'offering-1', outcome: 'applied' },
    ]);
  });

  test('a new value whose slug Saleor decides has none yet', () => {
    const plan = planOf({
      contract: { naming: 'external_reference' },
      options: { create_missing: true },
      desired: { taxonomies: { categories: [], roles: [term('chief', '主任')] }, offerings: [] },
    });
    expect(reportLists(plan, () => fate).created_attribute_values).toMatchObject([
      { key: 'chief', name: '主任', slug: null },
    ]);
  });
});
