import type { Contract } from '../contract/contract.ts';
import type { Desired } from '../core/desired-state.ts';
import { Failure } from '../core/failure.ts';
import { ref } from '../core/resource-ref.ts';
import { selectOfferings } from '../diff/diff.ts';
import { type Exclusion, type IdLists, idListsOf } from '../diff/model.ts';
import { localesOf } from '../diff/translation-changes.ts';
import { inputsOf, type Plan } from '../plan/plan.ts';
import { compareStorefront, type StorefrontProof } from '../plan/storefront/compare-storefront.ts';
import type { StorefrontFinding } from '../plan/storefront/finding.ts';
import type { Http } from '../platform/http/client.ts';
import { readPublicShop } from '../saleor/storefront/read-public-shop.ts';
import { openShopper, targetOf } from './open-shop.ts';
import type { SaleorConnection, WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';
import { type IdListSources, readIdLists } from './read-id-lists.ts';
import { namedBy } from './read-shop.ts';

/** What a shopper shall see, and where. */
export interface StorefrontRequest extends IdLists {
  readonly contract: Contract;
  readonly desired: Desired;
  readonly saleor: SaleorConnection;
  readonly exclusions: readonly Exclusion[];
  /** Also looks each product up by its name. */
  readonly isSearched: boolean;
  /** Products that are not published or not listed are notes, not errors. */
  readonly mayBeUnpublished: boolean;
}

export interface VerifiedStorefront extends StorefrontProof {
  readonly channel: string;
  /** As it may be shown. */
  readonly api_url: string;
  /** HTTP requests to the shop, with those that were sent again. */
  readonly requests: number;
}

/** A channel is required: without one Saleor shows an anonymous caller nothing, or the content of its only channel. */
function channelOf({ channel }: SaleorConnection): string {
  if (channel !== undefined) return channel;
  throw new Failure(
    'usage',
    'no channel is named',
    'Give --channel SLUG, or set SALEOR_CHANNEL_SLUG, or "saleor_channel_slug" in the config.',
  );
}

/**
 * Reads the channel as an anonymous shopper, with queries only and without a token, and compares it with pages and terms. A
 * shop that refuses requests without a token is a finding. Throws a Failure if an answer is incomplete.
 */
async function verifyStorefront(request: StorefrontRequest, http: Http): Promise<VerifiedStorefront> {
  const { contract, desired, saleor } = request;
  const channel = channelOf(saleor);
  const { api_url } = targetOf(saleor);
  const sentBefore = http.counts.requests;
  const sent = () => http.counts.requests - sentBefore;
  const reader = openShopper(saleor, http);
  const question = {
    channel,
    contract,
    names: namedBy(desired),
    languages: localesOf({ contract, desired }),
    isSearched: request.isSearched,
  };
  const inputs = { contract, desired, ...idListsOf(request), shopUrl: api_url };
  try {
    const shop = await readPublicShop(reader, question);
    const proof = compareStorefront(inputs, shop, request);
    return { channel, api_url, requests: sent(), ...proof };
  } catch (error) {
    if (!(error instanceof Failure) || !CLOSED.has(error.code)) throw error;
    return { channel, api_url, requests: sent(), ...closedTo(error, desired.offerings.length) };
  }
}

/** Errors of a shop, or of a proxy before it, that refuses anonymous requests (docs/saleor.md#authentication). */
const CLOSED: ReadonlySet<string> = new Set(['token_invalid', 'permission_missing', 'access_refused']);

function closedTo({ code, message }: Failure, pages: number): StorefrontProof {
  const finding: StorefrontFinding = {
    severity: 'error',
    code: 'storefront_closed',
    ref: ref.shop,
    field: null,
    cause: code === 'access_refused' ? 'proxy' : 'permission',
    data: { error: code === 'token_invalid' ? 'it wants a token' : message },
  };
  const counts = { pages, listed: 0, unlisted: 0, not_published: 0 };
  return { findings: [finding], filters: [], skipped: [], excluded: [], unmatched: [], counts };
}

/**
 * The same, compared with an applied plan: its pages and its exclusions. Throws a Failure (usage) for a plan that reverts
 * runs, because it has no pages.
 */
export function verifyPlanStorefront(
  plan: Plan,
  saleor: SaleorConnection,
  http: Http,
): Promise<VerifiedStorefront> {
  assertProvable(plan, saleor);
  const desired = { ...plan.desired, source: plan.source };
  const compared = plan.options.sync_products ? selectOfferings({ ...inputsOf(plan), desired }) : [];
  return verifyStorefront(
    {
      contract: plan.contract,
      desired: { ...desired, offerings: compared.map(({ offering }) => offering) },
      ...idListsOf(plan),
      saleor,
      exclusions: plan.options.exclude,
      isSearched: false,
      mayBeUnpublished: false,
    },
    http,
  );
}

/** Throws a Failure (usage) where the storefront could not be compared with this plan: before anything is written. */
export function assertProvable({ source }: Plan, saleor: SaleorConnection): void {
  channelOf(saleor);
  if (source.kind !== 'report') return;
  throw new Failure(
    'usage',
    '--verify-storefront compares with pages, but a plan that reverts an apply has no pages',
    'Apply it without --verify-storefront.',
  );
}

export interface SourceStorefrontRequest extends Omit<StorefrontRequest, 'desired' | keyof IdLists> {
  readonly source: WagtailSource;
  readonly lists: IdListSources;
}

/** The same, compared with Wagtail's current state. */
export async function verifySourceStorefront(
  request: SourceStorefrontRequest,
  http: Http,
  notes: Notes,
): Promise<VerifiedStorefront> {
  channelOf(request.saleor);
  const lists = await readIdLists(request.lists, http);
  const { desired } = await readDesiredState(request.source, request.contract, http, progressTo(notes));
  return verifyStorefront({ ...request, ...lists, desired }, http);
}
