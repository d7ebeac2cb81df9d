import type { Rules } from '../approval/policy/rules.ts';
import { membersIn, type Product } from '../core/actual-state.ts';
import { chunked } from '../core/collections.ts';
import { Failure } from '../core/failure.ts';
import { own } from '../core/json/records.ts';
import type { Plan } from '../plan/plan.ts';
import { comparedProducts, holderCounts } from '../plan/snapshots/extent.ts';
import {
  CountThere,
  type CountThereQuery,
  CountUsersAmong,
  CountUsersAmong321,
} from '../saleor/generated/operations.ts';
import { type Call, call } from '../saleor/graphql/batch-operations.ts';
import type { Reader } from '../saleor/graphql/client.ts';
import { incomplete } from '../saleor/graphql/pagination.ts';
import { minorOf } from '../saleor/preflight.ts';
import { newestCall, newestOf } from '../saleor/read/first-request.ts';
import { countProducts, type ValueName } from '../saleor/read/value-usage.ts';

/** Hazards that depend on the number of products that the plan claims to have compared. */
const COUNTED = ['bulk_change', 'removes_last_member'];

/** Whether rules depend on numbers that the plan claims. */
export const decideOnCounts = ({ products, must_be_accepted }: Rules): boolean =>
  products !== null || must_be_accepted.some((code) => COUNTED.includes(code));

/**
 * Compares the plan's numbers with the shop. The author of a plan could add unchanged products, or claim that there are some,
 * until the share of changed ones is below the policy's threshold. Every product of the snapshots must exist, the shop must
 * have as many products as the plan compared, and a value that products lose must have the other users that the plan counts.
 * Throws a Failure (policy_refused).
 */
export async function assertPlanCounts(plan: Plan, reader: Reader, version: string): Promise<void> {
  const compared = comparedProducts(plan);
  const ids = Object.values(plan.actual.products).map(({ id }) => id);
  const [found, total] = [await countExisting(reader, ids), await countAllProducts(reader)];
  if (found !== ids.length)
    throw refused(`it shows ${ids.length} products of the shop, and ${found} of them exist`);
  if (total < compared) throw refused(`it compared ${compared} products, and the shop has ${total}`);
  const values = lostValues(plan);
  const holders = holderCounts(plan);
  const counts = await countProducts(reader, version, values);
  for (const [index, value] of values.entries()) {
    const { attribute, slug, losers } = value;
    const claimed = (holders.get(`${attribute} ${slug}`) ?? 0) - losers.length;
    if (claimed === 0) continue;
    // An earlier run may have taken it from some of them already.
    const held = (counts[index] ?? 0) - (await countLosers(reader, version, value));
    if (held < claimed)
      throw refused(
        `it claims that ${claimed} other products have ${attribute}.${slug}, and ${held} have it`,
      );
  }
}

const refused = (because: string): Failure =>
  new Failure(
    'policy_refused',
    `the policy depends on the plan’s numbers, but the shop has other numbers: ${because}`,
    'Plan again: the shop has changed since the plan, or the plan was not built from this shop.',
  );

/** Ids of one condition, and conditions of one request (docs/saleor.md#product-filters). */
const IDS = 1000;
const CONDITIONS = 50;

/** How many different products these ids name. */
async function countExisting(reader: Reader, ids: readonly string[]): Promise<number> {
  let sum = 0;
  for (const groups of chunked(chunked([...new Set(ids)], IDS), CONDITIONS))
    sum += await countAll(
      reader,
      groups.map((group) => call(CountThere, { ids: group })),
    );
  return sum;
}

async function countAll<Variables>(
  reader: Reader,
  calls: readonly Call<CountThereQuery, Variables>[],
): Promise<number> {
  const answers = await reader.queries(calls);
  return answers.reduce((sum, answer) => {
    if (typeof answer?.totalCount !== 'number')
      throw incomplete('products of the plan', 'the shop gave no count');
    return sum + answer.totalCount;
  }, 0);
}

async function countAllProducts(reader: Reader): Promise<number> {
  const [answer] = await reader.queries([newestCall]);
  return newestOf(answer).total;
}

interface LostValue extends ValueName {
  /** Ids of the products that lose it. */
  readonly losers: readonly string[];
}

/** How many of the products that lose a value have it now. */
async function countLosers(
  reader: Reader,
  version: string,
  { attribute, slug: value, losers }: LostValue,
): Promise<number> {
  const operation = minorOf(version) < 22 ? CountUsersAmong321 : CountUsersAmong;
  let sum = 0;
  for (const groups of chunked(chunked(losers, IDS), CONDITIONS))
    sum += await countAll(
      reader,
      groups.map((ids) => call(operation, { ids, attribute, value })),
    );
  return sum;
}

/** Values that changes take from products, each once. */
function lostValues({ changes, actual }: Plan): readonly LostValue[] {
  const lost = new Map<string, LostValue>();
  for (const { ref, after } of changes) {
    const product = ref.startsWith('product.')
      ? own(actual.products, ref.slice('product.'.length))
      : undefined;
    for (const [attribute, assigned] of Object.entries(product?.document.attributes ?? {})) {
      const kept = own((after as Product['document'] | null)?.attributes ?? {}, attribute);
      const members = new Set(kept === undefined ? [] : membersIn(kept));
      for (const slug of membersIn(assigned)) {
        if (members.has(slug)) continue;
        const name = `${attribute} ${slug}`;
        const losers = [...(lost.get(name)?.losers ?? []), product?.id ?? ''];
        lost.set(name, { attribute, slug, losers });
      }
    }
  }
  return [...lost.values()];
}
