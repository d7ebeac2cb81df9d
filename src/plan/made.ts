import type { Proof } from '../state/actual.ts';

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
  /** Ref of a value that Wagtail lacks → how many products of the whole shop had it when the plan was made. */
  readonly users?: Readonly<Record<string, { readonly products: number; readonly published: number | null }>>;
}
