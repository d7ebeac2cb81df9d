import type { Proof } from '../state/actual.ts';
import type { Snippet } from '../state/desired.ts';

/** made.json: what moves by itself and decides nothing; it stands beside plan.json and outside its digest. */
export interface Made {
  readonly format_version: '1.0';
  readonly plan: string;
  readonly digest: string;
  readonly made_at: string;
  readonly made_by: string;
  readonly tool: string;
  readonly shop: { readonly name: string; readonly domain: string; readonly version: string } | null;
  readonly wagtail: string | null;
  /** How each collection was read whole. */
  readonly reads: Readonly<Record<string, Proof>>;
  /** SHA-256 of the files or answers that were read. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Ref of a product that changes → its name in Saleor. */
  readonly names?: Readonly<Record<string, string>>;
  /** Ref of a page, product or value → where a person can look at it. */
  readonly links: Readonly<Record<string, string>>;
  /** `taxonomy.key` of a term that a change comes from → the snippet that it is in Wagtail. */
  readonly snippets?: Readonly<Record<string, Snippet>>;
  /** Ref of a value that changes, goes, or that Wagtail lacks → the products of the whole shop that had it. */
  readonly users?: Readonly<Record<string, Users>>;
}

/** `published`: by channel, since Saleor publishes in channels; null: not counted. */
export interface Users {
  readonly products: number;
  readonly published: Readonly<Record<string, number>> | null;
}
