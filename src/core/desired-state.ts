import type { Diagnostic } from './diagnostic.ts';
import type { Json } from './json/canonical-json.ts';

/** Wagtail's side, as one consistent read of it gave it. Terms and pages may still be wrong: `diff` judges them. */
export interface Desired {
  readonly source: Source;
  readonly taxonomies: Readonly<Record<string, readonly Term[]>>;
  /** In rising order of page id. */
  readonly offerings: readonly Offering[];
  /** What the reader already knows to be wrong and what is inside no document (a draft term it dropped). */
  readonly problems: readonly Diagnostic[];
  /** Only where the source is a report: what an inverse plan puts back. */
  readonly reverts?: Reverts;
}

export interface Reverts {
  /** Digest of the plan whose runs are taken back. */
  readonly plan: string;
  /** Ref → the document that the resource shall have again; null: it shall not be there. */
  readonly documents: Readonly<Record<string, Json>>;
}

/** Where the desired state came from; part of the plan's digest, so it holds nothing that moves by itself. */
export interface Source {
  readonly kind: 'export' | 'api-v2' | 'report';
  readonly locale: string;
  readonly page_type: string | null;
  readonly access: 'anonymous' | 'authenticated' | 'unknown';
}

export interface Term {
  readonly key: string;
  readonly label: string;
  /** Labels of the same key in other locales (Wagtail's translated snippets): locale → label. */
  readonly translations?: Readonly<Record<string, string>>;
}

/** A term as Wagtail's editors find it; ids are those of one database, so it stands beside the state. */
export interface Snippet {
  readonly id: number | string;
  /** `app.Model`; null where the source does not say. */
  readonly model: string | null;
}

export interface Offering {
  readonly page_id: number;
  readonly title: string;
  /** Saleor's global id (`UHJvZHVjdDox`); null when the page has none. */
  readonly saleor_product_id: string | null;
  readonly saleor_product_slug: string | null;
  /** The fields that the contract names, by the source's own names; an absent member is absent in the source. */
  readonly fields: Readonly<Record<string, SourceValue>>;
}

/** text, number or boolean · a term's key · terms' keys, sorted · an image · null: empty */
export type SourceValue = null | boolean | number | string | readonly string[] | Image;
export type Image = { readonly url: string } | { readonly error: string };

export const isImage = (value: SourceValue | Json): value is Image =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
