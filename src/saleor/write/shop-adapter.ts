import type { ProductDetails, Scope, ScopeReading, Shop, Step, StepReply } from '../../apply/ports.ts';
import type { Contract } from '../../contract/contract.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { openBudget, type RetryBudget } from '../../core/retry-policy.ts';
import { MoreChoices } from '../generated/operations.ts';
import { batchOperations, type Composed } from '../graphql/batch-operations.ts';
import type { Writer } from '../graphql/client.ts';
import { readAll } from '../graphql/pagination.ts';
import { mutationLimit, type TransportReply } from '../graphql/response-errors.ts';
import { languageOf } from '../language-codes.ts';
import { readStructure } from '../read/attributes-and-types.ts';
import { readOpening } from '../read/first-request.ts';
import { metadataKeys, type ProductNode, unmanagedIn } from '../read/product-document.ts';
import { readProducts } from '../read/products.ts';
import { firstPageCall } from '../read/products-by-id.ts';
import { countUsers } from '../read/value-usage.ts';
import { createIdNames } from './id-names.ts';
import { createdValues, type FoundValue, type MutationOutcome, outcomesOf } from './mutation-results.ts';
import { mutationOf } from './step-mutations.ts';

export interface ShopAdapterOptions {
  readonly target: Target;
  /** As greet found them; they do not change during a run. */
  readonly permissions: readonly string[];
  /** Of Saleor. */
  readonly version: string;
}

/** The request for a batch of steps. */
export const requestOf = (batch: readonly Step[]): Composed => batchOperations(batch.map(mutationOf));

/** The Shop port of apply over GraphQL. Its send never throws a Failure; its read throws those of the reader. */
export function createShop(client: Writer, contract: Contract, options: ShopAdapterOptions): Shop {
  let limit = Number.POSITIVE_INFINITY;
  const names = createIdNames();

  /** Sends one request, or smaller ones when the server takes fewer mutations at a time; remembers that limit. */
  async function send(batch: readonly Step[], budget: RetryBudget): Promise<readonly StepReply[]> {
    const replies: StepReply[] = [];
    let size = limit;
    while (replies.length < batch.length) {
      const steps = batch.slice(replies.length, replies.length + size);
      const own = openBudget(budget.attempt);
      const result = await client.mutate(steps.map(mutationOf), { isRepeatable: false, budget: own });
      const smaller = result.kind === 'failed' ? smallerSize(result.reply, steps.length) : null;
      if (smaller !== null) {
        size = smaller.size;
        if (smaller.isLasting) limit = size;
        continue;
      }
      const outcomes = outcomesOf(steps, result);
      if (outcomes.some(({ state }) => state === 'unclear' || state === 'not_sent'))
        Object.assign(budget, own);
      for (const [index, step] of steps.entries()) {
        const reply = await replyOf(client, step, outcomes[index]);
        if (reply.state === 'done') names.learnCreated(reply.made);
        replies.push(reply.state === 'done' ? reply : { ...reply, message: names.inWords(reply.message) });
      }
      if (result.kind === 'failed' && outcomes.some(({ state }) => state !== 'refused')) break;
    }
    return [...replies, ...batch.slice(replies.length).map(() => HELD_BACK)];
  }

  return {
    send,
    read: async (scope) => {
      const found = await readScope(client, contract, options, scope);
      names.learn(found);
      return found;
    },
    countUsers: (values) => countUsers(client, options.version, values),
  };
}

/**
 * Number of mutations to send instead; null: not fewer. After 400 and 413 nothing was executed. The message of the limit
 * contains the number that the server accepts, which is kept; after any other refusal each mutation is sent alone, so that a
 * wrong one does not stop the others.
 */
function smallerSize(
  reply: TransportReply | null,
  sent: number,
): { readonly size: number; readonly isLasting: boolean } | null {
  if (reply === null || sent === 1) return null;
  const allowed = mutationLimit(reply);
  if (allowed !== null) return { size: Math.max(1, Math.min(allowed, sent - 1)), isLasting: true };
  return reply.status === 400 || reply.status === 413 ? { size: 1, isLasting: false } : null;
}

/** For the rest of a batch whose first part got no answer: order matters, so it is not sent. */
const HELD_BACK: StepReply = {
  state: 'not_sent',
  code: 'excluded',
  message: 'an earlier mutation of the request got no answer',
};

async function replyOf(client: Writer, step: Step, outcome: MutationOutcome | undefined): Promise<StepReply> {
  if (outcome === undefined) throw new TypeError('a step without an outcome');
  if (outcome.state !== 'done') return outcome;
  if (step.kind !== 'create_values') return { state: 'done', made: outcome.made };
  try {
    const made =
      createdValues(step, outcome.found) ?? createdValues(step, await findValues(client, step.values));
    if (made !== null) return { state: 'done', made };
    return {
      state: 'unclear',
      code: 'shop_incomplete',
      message: 'Saleor created the values but does not show them',
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { state: 'unclear', code: error.code, message: error.message };
  }
}

/** Reads all values of the attributes, for a create whose answer could not show every new value. */
async function findValues(
  client: Writer,
  values: readonly { readonly attribute: string }[],
): Promise<readonly FoundValue[]> {
  const ids = [...new Set(values.map(({ attribute }) => attribute))];
  const collections = await Promise.all(
    ids.map((id) =>
      readAll<FoundValue>(`values of ${id}`, async (after) => {
        const { attribute } = await client.query(MoreChoices, { id, after });
        return attribute?.choices ?? null;
      }),
    ),
  );
  return collections.flatMap(({ items }) => items);
}

async function readScope(
  client: Writer,
  contract: Contract,
  options: ShopAdapterOptions,
  scope: Scope,
): Promise<ScopeReading> {
  const { target, permissions } = options;
  const mayTranslate = permissions.includes('MANAGE_TRANSLATIONS');
  const locales = mayTranslate ? scope.locales.filter((locale) => languageOf(locale) !== null) : [];
  const names = { ids: scope.products, slugs: [] };
  const question = { reader: client, contract, slugs: scope.attributes, locales, listsNearTypes: false };
  const first = firstPageCall(metadataKeys(contract), names);
  const hasAttributes = scope.attributes.length > 0;
  // The other pages of products do not wait for it.
  const together = hasAttributes && first !== null ? readOpening(question, [first]) : null;
  const structureOf = async () => readStructure(question, (await together)?.opening);
  const managed = new Set(contract.attributes.map(({ slug }) => slug));
  const unmanaged = new Map<string, ProductDetails>();
  const [structure, { products }] = await Promise.all([
    hasAttributes ? structureOf() : NO_STRUCTURE,
    readProducts(client, contract, names, {
      first: async () => (await together)?.further[0],
      visit: (node: ProductNode) => unmanaged.set(node.id, unmanagedIn(node, managed)),
    }),
  ]);
  const { attributes, product_types } = structure;
  return { target, permissions, locales, attributes, product_types, products, unmanaged };
}

const NO_STRUCTURE = { attributes: {}, product_types: {} };
