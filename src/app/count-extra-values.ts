import type { Actual } from '../core/actual-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { ref } from '../core/resource-ref.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Reader } from '../saleor/graphql/client.ts';
import { countProducts, countUsers } from '../saleor/read/value-usage.ts';

/** A value that Wagtail lacks, and how many products of the shop have it. */
export interface CountedValue extends NamedExtra {
  readonly users: number;
}

interface NamedExtra {
  readonly ref: string;
  readonly attribute: string;
  readonly slug: string;
  readonly name: string;
}

/** As many as one request counts; above it values are counted only where a deletion depends on them. */
const FOR_INFORMATION = 50;

/**
 * Requests the users of every value that the plan lists as extra, or, for information only, the number of products for as many
 * values as fit into one request.
 */
export async function countExtras(
  { diagnostics, options, actual }: Plan,
  reader: Reader,
  version: string,
): Promise<readonly CountedValue[]> {
  const extras = diagnostics
    .filter(({ code }) => code === 'extra_value')
    .map((problem) => ({
      ref: problem.ref,
      attribute: problem.ref.split('.')[1] ?? '',
      slug: String(problem.data['slug']),
      name: String(problem.data['name']),
    }));
  if (options.prune_values) return countValues(extras, actual, reader, version);
  if (extras.length > FOR_INFORMATION || !maySeeAll(actual)) return [];
  const users = await countProducts(reader, version, extras);
  return extras.map((value, index) => ({ ...value, users: users[index] ?? 0 }));
}

/**
 * The users of these values: products of any type, variants and pages; without those that cannot be counted. None for a
 * token that is not shown every product: a figure that is too low is worse than none.
 */
export async function countValues(
  values: readonly NamedExtra[],
  actual: Pick<Actual, 'permissions'>,
  reader: Reader,
  version: string,
): Promise<readonly CountedValue[]> {
  if (!maySeeAll(actual)) return [];
  const users = await countUsers(reader, version, values);
  return values.flatMap((value, index) => {
    const count = users[index] ?? null;
    return count === null ? [] : [{ ...value, users: count }];
  });
}

const maySeeAll = ({ permissions }: Pick<Actual, 'permissions'>): boolean =>
  permissions.includes('MANAGE_PRODUCTS');

/** The snapshot with the figures in it: what is deleted depends on them, so a rebuild must see them. */
export function withUsers(actual: Actual, counted: readonly CountedValue[]): Actual {
  const found = new Map(counted.map((one) => [`${one.attribute} ${one.slug}`, one.users]));
  const attributes = Object.entries(actual.attributes).map(([attribute, owner]) => {
    const values = Object.entries(owner.values).map(([slug, value]) => {
      const users = found.get(`${attribute} ${slug}`);
      return [slug, users === undefined ? value : { ...value, users }] as const;
    });
    return [attribute, { ...owner, values: Object.fromEntries(values) }] as const;
  });
  return { ...actual, attributes: Object.fromEntries(attributes) };
}

/**
 * The counts for provenance.json. They change without the plan changing, so a plan contains them only for values that it
 * deletes.
 */
export const usersFor = (counted: readonly CountedValue[]): NonNullable<PlanProvenance['users']> =>
  Object.fromEntries(counted.map((one) => [one.ref, { products: one.users, published: null }]));

/** One note for all extra values. */
export function extrasNote(counted: readonly CountedValue[], { options }: Plan): readonly Diagnostic[] {
  if (counted.length === 0 || options.prune_values) return [];
  const used = counted.filter(({ users }) => users > 0);
  const data = {
    values: counted.length,
    used: used.length,
    products: used.reduce((sum, { users }) => sum + users, 0),
  };
  return [{ severity: 'note', code: 'extra_values_counted', ref: ref.shop, data }];
}
