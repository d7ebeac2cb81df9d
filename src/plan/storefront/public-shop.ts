import type { Assigned, Value } from '../../core/actual-state.ts';

/** What Saleor's public API showed an anonymous shopper in one channel. */
export interface PublicShop {
  readonly channel: string;
  /** false: the shop has no channel of that slug. */
  readonly isChannelKnown: boolean;
  /** By slug; absent: the shop has no such attribute. */
  readonly attributes: Readonly<Record<string, PublicAttribute>>;
  /** The pages' products that the channel lists, by slug. */
  readonly products: Readonly<Record<string, PublicProduct>>;
  /** Names (id or slug) of the pages' products that open by their address, although the channel does not list them. */
  readonly unlisted: ReadonlySet<string>;
  /** What every filter value finds. */
  readonly filters: readonly FilterAnswer[];
  /** Slugs of listed products that a search for their own name does not find; null: not searched. */
  readonly notSearchable: ReadonlySet<string> | null;
}

export interface PublicAttribute {
  readonly inputType: string;
  /** The list of attributes shows it, and so do products (`visibleInStorefront`). */
  readonly isListed: boolean;
  /** `filterableInStorefront`: deprecated, filters work without it. null: not known, because the attribute is not listed. */
  readonly isFilterable: boolean | null;
  /** By slug. */
  readonly choices: Readonly<Record<string, Value>>;
}

export interface PublicProduct {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Slugs of the attributes that the product shows. */
  readonly shows: ReadonlySet<string>;
  readonly attributes: Readonly<Record<string, Assigned>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FilterAnswer {
  readonly attribute: string;
  /** Slug of a choice, or true or false. */
  readonly value: string | boolean;
  /** Slugs of all products that it finds, also of products without a page. */
  readonly products: readonly string[];
}
