import { type AttributeRule, taxonomyOf } from '../contract/contract.ts';
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

/** Outcome of a change by journal and read-back. */
export interface OutcomeAndId {
  readonly outcome: Outcome;
  /** Id of the created resource, where Saleor returned one. */
  readonly id: string | null;
}

type OutcomeOf = (change: Change) => OutcomeAndId;

/** The six lists of a report (docs/sync.md). */
export function reportLists(plan: Plan, outcomeOf: OutcomeOf) {
  return {
    created_attribute_values: createdValues(plan, outcomeOf),
    updated_products: updatedProducts(plan, outcomeOf),
    missing_products: missingProducts(plan),
    missing_taxonomies: missingTaxonomies(plan),
    errors: notices(plan, 'error'),
    warnings: notices(plan, 'warning'),
  };
}

function createdValues({ changes }: Plan, outcomeOf: OutcomeOf): readonly CreatedValue[] {
  return changes
    .filter((change) => kindOf(change.ref) === 'value' && change.action === 'create')
    .map((change) => {
      const [, attribute, key] = partsOf(change.ref);
      const after = change.after as JsonObject;
      const { outcome, id } = outcomeOf(change);
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

function updatedProducts({ changes }: Plan, outcomeOf: OutcomeOf): readonly UpdatedProduct[] {
  return changes
    .filter((change) => kindOf(change.ref) === 'product')
    .map((change) => ({
      ref: change.ref,
      id: productIdOf(change),
      slug: change.ref.slice('product.'.length),
      before: change.before,
      after: change.after,
      patch: change.patch,
      outcome: outcomeOf(change).outcome,
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

/**
 * What Wagtail names and Saleor lacks, or what no taxonomy or registry has. Values that the plan creates first, then what
 * the diagnostics name, in their order.
 */
function missingTaxonomies(plan: Plan): readonly MissingTaxonomy[] {
  const users = termUsers(plan);
  const neededBy = (taxonomy: string, key: string | null) =>
    [...(users.get(`${taxonomy} ${key}`) ?? [])].sort(byCodeUnit);
  return [...valuesToCreate(plan), ...missingByDiagnostics(plan)].map(
    ({ kind, attribute, key, label, will_create, taxonomy }) => ({
      kind,
      attribute,
      key,
      label,
      needed_by: neededBy(taxonomy, key),
      will_create,
    }),
  );
}

/** A row before its offerings are known. */
type MissingTerm = Omit<MissingTaxonomy, 'needed_by'> & { readonly taxonomy: string };

const valuesToCreate = ({ changes }: Plan): readonly MissingTerm[] =>
  changes.flatMap(({ ref: address, action, provenance }) => {
    if (action !== 'create' || kindOf(address) !== 'value' || !('key' in provenance)) return [];
    const { taxonomy, key, label } = provenance;
    return [
      { kind: 'value_missing', attribute: partsOf(address)[1], key, label, will_create: true, taxonomy },
    ];
  });

function missingByDiagnostics({ contract: { attributes }, diagnostics }: Plan): readonly MissingTerm[] {
  const rules = (isMeant: (rule: AttributeRule) => boolean) => attributes.filter(isMeant);
  const unknown = new Set<string>();
  return diagnostics.flatMap(({ code, ref: address, data }): readonly MissingTerm[] => {
    const [, attribute, key] = partsOf(address);
    const missing = { key: String(data['key']), label: null, will_create: false };
    switch (code) {
      case 'value_missing':
        return rules(({ slug }) => slug === attribute).map((rule) => ({
          ...missing,
          kind: 'value_missing',
          attribute,
          key,
          label: String(data['label']),
          taxonomy: taxonomyOf(rule),
        }));
      case 'attribute_missing':
        return [{ ...missing, kind: 'attribute_missing', attribute, key: null, taxonomy: '' }];
      case 'registry_unknown':
      case 'registry_retired':
        return rules((rule) => address === ref.taxonomy(taxonomyOf(rule))).map((rule) => ({
          ...missing,
          kind: code,
          attribute: rule.slug,
          label: String([data['labels']].flat()[0]),
          taxonomy: taxonomyOf(rule),
        }));
      case 'term_unknown': {
        const taxonomy = String(data['taxonomy']);
        // A set and its primary term can name the same unknown term: one row.
        if (unknown.has(`${taxonomy} ${missing.key}`)) return [];
        unknown.add(`${taxonomy} ${missing.key}`);
        const [rule] = rules((one) => one.taxonomy === taxonomy);
        return [{ ...missing, kind: 'term_unknown', attribute: rule?.slug ?? '', taxonomy }];
      }
      default:
        return [];
    }
  });
}

/** `taxonomy key` → refs of the offerings that use the term. */
function termUsers({ contract, desired, actual, target }: Plan): ReadonlyMap<string, ReadonlySet<string>> {
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

const notices = (
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
