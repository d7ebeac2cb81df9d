import { own } from '../../core/json/records.ts';
import { ref } from '../../core/resource-ref.ts';
import type { ListedPage } from './compare-filters.ts';
import { findError, type StorefrontFinding } from './finding.ts';
import type { PlannedPage, PlannedStorefront } from './planned-pages.ts';
import type { PublicShop } from './public-shop.ts';

export interface Publication {
  readonly listed: readonly ListedPage[];
  readonly findings: readonly StorefrontFinding[];
  readonly counts: {
    readonly pages: number;
    /** Products of pages that the channel lists. */
    readonly listed: number;
    /** Products of pages that open by their address only. */
    readonly unlisted: number;
    readonly not_published: number;
  };
}

/** Which of the pages' products a shopper finds at all. */
export function comparePublication({ pages, skipped }: PlannedStorefront, shop: PublicShop): Publication {
  const slugById = new Map(Object.entries(shop.products).map(([slug, { id }]) => [id, slug]));
  const listed: ListedPage[] = [];
  const absent: PlannedPage[] = [];
  for (const page of pages) {
    const { saleor_product_id: id, saleor_product_slug } = page.offering;
    const slug = (id === null ? saleor_product_slug : slugById.get(id)) ?? '';
    const product = own(shop.products, slug);
    if (product === undefined) absent.push(page);
    else listed.push({ page, slug, product });
  }
  const isUnlisted = (page: PlannedPage) => shop.unlisted.has(nameOf(page));
  const unlisted = absent.filter(isUnlisted).length;
  const counts = {
    pages: pages.length + skipped.length,
    listed: listed.length,
    unlisted,
    not_published: absent.length - unlisted,
  };
  const { channel } = shop;
  if (!shop.isChannelKnown)
    return { listed, counts, findings: [findError('channel_unknown', 'channel', ref.shop, { channel })] };
  if (listed.length === 0 && unlisted === 0 && absent.length > 1)
    return {
      listed,
      counts,
      findings: [findError('channel_shows_nothing', 'channel', ref.shop, { channel, pages: absent.length })],
    };
  const findings = absent.map((page) => {
    const { page_id, title } = page.offering;
    const data = { channel, page_id, title, name: nameOf(page) };
    return isUnlisted(page)
      ? findError('product_unlisted', 'not_listed', addressOf(page), data)
      : findError('product_not_published', 'not_published', addressOf(page), data);
  });
  return { listed, counts, findings };
}

/** By what the page names its product: the id, else the slug. */
const nameOf = ({ offering }: Pick<PlannedPage, 'offering'>): string =>
  offering.saleor_product_id ?? offering.saleor_product_slug ?? '';

const addressOf = ({ offering }: PlannedPage): string =>
  offering.saleor_product_slug === null
    ? ref.page(offering.page_id)
    : ref.product(offering.saleor_product_slug);
