import { taxonomyOf } from '../contract/contract.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { kindOf, partsOf, ref } from '../core/resource-ref.ts';
import { resolve } from '../diff/match-products.ts';
import { type Change, productIdOf } from '../diff/model.ts';
import { hintOf, messageOf } from './diagnostic-messages.ts';
import type { Plan } from './plan.ts';
import type {
  CreatedValue,
  MissingProduct,
  MissingTaxonomy,
  Notice,
  Outcome,
  UpdatedProduct,
} from './report.ts';

/** What became of a change, as journal and read-back tell it. */
export interface OutcomeAndId {
  readonly outcome: Outcome;
  /** Id of what was created, where Saleor returned one. */
  readonly id: string | null;
}

type FateOf = (change: Change) => OutcomeAndId;

/** The six lists of docs/sync.md, of a plan and of what became of its changes. */
export function reportLists(plan: Plan, fateOf: FateOf) {
  return {
    created_attribute_values: createdValues(plan, fateOf),
    updated_products: updatedProducts(plan, fateOf),
    missing_products: missingProducts(plan),
    missing_taxonomies: missingTaxonomies(plan),
    errors: notices(plan, 'error'),
    warnings: notices(plan, 'warning'),
  };
}

function createdValues({ changes }: Plan, fateOf: FateOf): readonly CreatedValue[] {
  return changes
    .filter((change) => kindOf(change.ref) === 'value' && change.action === 'create')
    .map((change) => {
      const [, attribute, key] = partsOf(change.ref);
      const after = change.after as JsonObject;
      const { outcome, id } = fateOf(change);
      return {
        attribute,
        key,
        name: String(after['name']),
        slug: (own(after, 'slug') as string | undefined) ?? null,
        id,
        outcome,
      };
    });
}

function updatedProducts({ changes }: Plan, fateOf: FateOf): readonly UpdatedProduct[] {
  return changes
    .filter((change) => kindOf(change.ref) === 'product')
    .map((change) => ({
      ref: change.ref,
      id: productIdOf(change),
      slug: change.ref.slice('product.'.length),
      before: change.before,
      after: change.after,
      patch: change.patch,
      outcome: fateOf(change).outcome,
    }));
}

function missingProducts({ diagnostics }: Plan): readonly MissingProduct[] {
  return diagnostics
    .filter(({ code }) => code === 'product_missing')
    .map(({ data }) => ({
      page_id: Number(data['page_id']),
      title: String(data['title']),
      saleor_product_id: (data['saleor_product_id'] ?? null) as string | null,
      saleor_product_slug: (data['saleor_product_slug'] ?? null) as string | null,
    }));
}

/** What Wagtail names and Saleor lacks, or what no taxonomy or registry knows; values that the plan creates are here too. */
function missingTaxonomies(plan: Plan): readonly MissingTaxonomy[] {
  const users = usersOf(plan);
  const neededBy = (taxonomy: string, key: string) =>
    [...(users.get(`${taxonomy} ${key}`) ?? [])].sort(byCodeUnit);
  const rows: MissingTaxonomy[] = [];
  const row = (
    kind: MissingTaxonomy['kind'],
    attribute: string,
    taxonomy: string,
    key: string,
    label: string | null,
    will: boolean,
  ) => rows.push({ kind, attribute, key, label, needed_by: neededBy(taxonomy, key), will_create: will });
  for (const { ref: address, action, provenance } of plan.changes) {
    if (action !== 'create' || kindOf(address) !== 'value' || !('key' in provenance)) continue;
    row('value_missing', partsOf(address)[1], provenance.taxonomy, provenance.key, provenance.label, true);
  }
  const unknown = new Set<string>();
  for (const { code, ref: address, data } of plan.diagnostics) {
    const [, attribute, key] = partsOf(address);
    if (code === 'value_missing') {
      for (const rule of plan.contract.attributes.filter(({ slug }) => slug === attribute))
        row('value_missing', attribute, taxonomyOf(rule), key, String(data['label']), false);
    }
    if (code === 'attribute_missing') {
      rows.push({
        kind: 'attribute_missing',
        attribute,
        key: null,
        label: null,
        needed_by: [],
        will_create: false,
      });
    }
    if (code === 'registry_unknown') {
      for (const rule of plan.contract.attributes.filter(
        (one) => address === ref.taxonomy(taxonomyOf(one)),
      )) {
        row(
          'registry_unknown',
          rule.slug,
          taxonomyOf(rule),
          String(data['key']),
          String([data['labels']].flat()[0]),
          false,
        );
      }
    }
    // A set and the primary one of it name the same unknown term: one row.
    if (code === 'term_unknown' && !unknown.has(`${data['taxonomy']} ${data['key']}`)) {
      unknown.add(`${data['taxonomy']} ${data['key']}`);
      const rule = plan.contract.attributes.find(({ taxonomy }) => taxonomy === data['taxonomy']);
      row('term_unknown', rule?.slug ?? '', String(data['taxonomy']), String(data['key']), null, false);
    }
  }
  return rows;
}

/** `taxonomy key` → refs of the offerings that use the term. */
function usersOf({ contract, desired, actual, target }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const { offering, ref: address } of resolve(desired.offerings, { ...actual, target })) {
    for (const { source, taxonomy } of [...contract.attributes, ...contract.metadata]) {
      const value = taxonomy === undefined ? null : own(offering.fields, source);
      const keys = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
      for (const key of keys) {
        const name = `${taxonomy} ${key}`;
        users.set(name, (users.get(name) ?? new Set()).add(address));
      }
    }
  }
  return users;
}

export const notices = (
  { diagnostics }: Pick<Plan, 'diagnostics'>,
  severity: 'error' | 'warning',
): readonly Notice[] =>
  diagnostics
    .filter((problem) => problem.severity === severity)
    .map((problem) => ({
      code: problem.code,
      ref: problem.ref,
      message: messageOf(problem),
      hint: hintOf(problem),
    }));
