import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Attribute } from '../../src/core/actual-state.ts';
import type { Term } from '../../src/core/desired-state.ts';
import { foldSpelling } from '../../src/core/text/spelling.ts';
import type { Naming } from '../../src/diff/value-matching.ts';
import { build, type Plan } from '../../src/plan/plan.ts';
import { contract, inputs, ROLES, roles, term, value } from '../support/catalogue.ts';
import { applyAll } from '../support/plan-interpreter.ts';

/** Shops whose values carry the labels of terms in every spelling, under any slug and any reference. */
const RUNS = { seed: 17, numRuns: 600 };
const LABELS = ['Generative AI', 'Data analyst', 'Sales', 'Gründer', 'C++', 'C#', '日本語', 'R&D'];
const KEYS = ['gen_ai', 'generative_ai', 'data_analyst', 'sales', 'sales_team', 'founder', 'c', 'c_sharp'];
const SPELLINGS: readonly ((label: string) => string)[] = [
  (label) => label,
  (label) => label.toUpperCase(),
  (label) => label.replaceAll(' ', '\u00a0'),
  (label) => label.replaceAll(' ', '-'),
  (label) => label.replaceAll(' ', '__'),
  (label) => label.normalize('NFD'),
  (label) => ` ${label} `,
];

const spelled = fc
  .tuple(fc.constantFrom(...LABELS), fc.constantFrom(...SPELLINGS))
  .map(([label, spell]) => spell(label));
const terms: fc.Arbitrary<readonly Term[]> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), spelled), { selector: ([key]) => key, maxLength: 5 })
  .map((found) => found.map(([key, label]) => term(key, label)));
const values: fc.Arbitrary<Attribute['values']> = fc
  .uniqueArray(
    fc.record({
      slug: fc.constantFrom(...KEYS, 'generative-ai', 'data-analyst', 'sales-2', 'x', 'y', 'z'),
      name: fc.oneof(spelled, fc.constantFrom(...KEYS, 'Clown')),
      key: fc.constantFrom(null, null, null, ...KEYS, 'old_key'),
      erp: fc.boolean(),
      label: fc.option(spelled, { nil: null, freq: 3 }),
    }),
    { selector: ({ slug }) => slug, maxLength: 6 },
  )
  .map((found) => {
    const seen = new Set<string>();
    return Object.fromEntries(
      found.map(({ slug, name, key, erp, label }, index) => {
        const held = key === null || seen.has(key) ? (erp ? `ERP-${index}` : null) : `gsv_roles.${key}`;
        if (key !== null) seen.add(key);
        return [slug, value(`v${index}`, name, { reference: held, translations: { en: label }, users: 0 })];
      }),
    );
  });
const cases = fc.record({
  naming: fc.constantFrom<Naming>('key', 'external_reference'),
  terms,
  values,
  adopt: fc.boolean(),
  prune: fc.boolean(),
});

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

const planInputsOf = ({ naming, terms: wanted, values: found, adopt, prune }: Case) =>
  inputs(
    roles(wanted, found, {
      contract: contract({ naming, attributes: [ROLES] }),
      options: { create_missing: true, adopt, prune_values: prune, prune_used: prune },
    }),
  );

/** The key of the term whose own value this is. */
const ownerOf = ({ naming, terms: wanted }: Case, slug: string, reference: string | null): Term | undefined =>
  wanted.find(({ key }) => (naming === 'key' ? key === slug : reference === `gsv_roles.${key}`));

const creates = ({ changes }: Plan) =>
  changes.filter(({ ref, action }) => ref.startsWith('value.') && action === 'create');

test('no value is created beside one that carries its label and is no other term’s own', () => {
  fc.assert(
    fc.property(cases, (given) => {
      for (const { provenance } of creates(build(planInputsOf(given)))) {
        const label = foldSpelling('label' in provenance ? provenance.label : '');
        const twins = Object.entries(given.values).filter(
          ([slug, one]) =>
            ownerOf(given, slug, one.reference) === undefined &&
            [one.name, one.translations['en'] ?? ''].some((name) => foldSpelling(name) === label),
        );
        expect(twins).toEqual([]);
      }
    }),
    RUNS,
  );
});

test('once a plan is applied, two values have one label only where two terms have it', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const before = planInputsOf(given);
      const plan = build(before);
      const after = applyAll(plan, before.actual).attributes['gsv_roles']?.values ?? {};
      for (const change of creates(plan)) {
        const [, , key] = change.ref.split('.');
        const name = foldSpelling(String((change.after as { name: string }).name));
        const label = foldSpelling(given.terms.find((one) => one.key === key)?.label ?? '');
        const others = Object.entries(after).filter(([slug, one]) => {
          const owner = ownerOf(given, slug, one.reference);
          if (owner?.key === key || foldSpelling(one.name) !== name || name === '') return false;
          return owner === undefined || foldSpelling(owner.label) !== label;
        });
        expect(others).toEqual([]);
      }
    }),
    RUNS,
  );
});

test('pruning never deletes a value that an error names or that carries a term’s label', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const plan = build(planInputsOf({ ...given, prune: true }));
      const labels = new Set(given.terms.map(({ label }) => foldSpelling(label)));
      for (const { before, action } of plan.changes) {
        if (action !== 'delete') continue;
        expect(labels.has(foldSpelling(String((before as { name: string }).name)))).toBe(false);
      }
      for (const { code, data } of plan.diagnostics)
        if (code === 'extra_value' && data['kept'] === 'stands_for_term')
          expect(given.terms.map(({ key }) => key)).toContain(data['term']);
    }),
    RUNS,
  );
});

test('adopted and planned again, nothing is left to change', () => {
  fc.assert(
    fc.property(cases, (given) => {
      const before = planInputsOf({ ...given, adopt: true });
      const plan = build(before);
      const again = build({ ...before, actual: applyAll(plan, before.actual) });
      expect(again.changes).toEqual([]);
    }),
    RUNS,
  );
});
