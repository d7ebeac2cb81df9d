import type { Target } from '../../core/actual-state.ts';
import type { Source } from '../../core/desired-state.ts';
import type { Severity } from '../../core/diagnostic.ts';
import type { Json } from '../../core/json/canonical-json.ts';
import type { Kind } from '../../core/resource-ref.ts';
import type { Action, Reason } from '../../diff/model.ts';
import type { Cause } from '../../plan/drift-causes.ts';
import type { IntegrityWarning } from '../../plan/file/integrity.ts';
import type { HazardCode } from '../../plan/hazards.ts';
import type { Refreshed } from '../../plan/plan-metadata.ts';
import type { Counts, Summary } from '../../plan/summary.ts';

/**
 * A plan as a person reads it: one model for every medium, and itself the document of `show --format json`
 * (schemas/review.schema.json). It holds text from outside as it is; each medium escapes for itself.
 */
export interface Review {
  readonly format: 'sailplan-review';
  readonly format_version: '1.0';
  readonly plan: { readonly id: string; readonly digest: string };
  /** Whether there is a file of this plan, which alone counts; else it is a comparison (drift, a dry run, no changes). */
  readonly stored: boolean;
  readonly verdict: Verdict;
  readonly target: Target & { readonly shop: ShopIdentity | null };
  readonly source: Source & { readonly wagtail: string | null };
  readonly contract: { readonly name: string; readonly naming: string };
  /** The flags that decided what is planned, as one would type them. */
  readonly flags: readonly string[];
  readonly made: Making | null;
  readonly counts: Summary;
  /** How many products were compared; the others of the shop are none of this plan's business. */
  readonly compared: number;
  readonly completeness: readonly Completeness[];
  /** Only of --refresh changed: how the products were read. */
  readonly refreshed?: Refreshed;
  readonly hazards: readonly HazardGroup[];
  readonly left_out: readonly LeftOutView[];
  readonly held_back: readonly DiagnosticView[];
  /** Fields that somebody edited in Saleor since the last converged plan; null: causes are not known. */
  readonly drift: readonly DriftView[] | null;
  readonly groups: readonly ChangeGroup[];
  readonly diagnostics: readonly DiagnosticGroup[];
  readonly remarks: readonly Remark[];
  /** Why the file may not be what it seems; empty where nothing speaks against it. */
  readonly doubts: readonly IntegrityWarning[];
}

/**
 * no_changes · ready · hazards: may be approved, with care · errored: may be read, never applied · altered: the file does not
 * prove itself, so nothing in it is to be believed
 */
export interface Verdict {
  readonly code: 'no_changes' | 'ready' | 'hazards' | 'errored' | 'altered';
  readonly line: string;
}

export interface ShopIdentity {
  readonly name: string;
  readonly domain: string;
  readonly version: string;
}

/** Who made the plan, when and with what; nothing of it is part of the plan. */
interface Making {
  readonly at: string;
  readonly by: string;
  readonly tool: string;
}

/** `items` of `total` were read; null where the figures are not known any more. */
export interface Completeness {
  readonly collection: string;
  readonly state: 'complete';
  readonly items: number | null;
  readonly total: number | null;
}

export interface HazardGroup {
  readonly code: HazardCode;
  readonly meaning: string;
  readonly refs: readonly string[];
}

/** An offering that is not compared, and why. */
export interface LeftOutView {
  readonly ref: string;
  readonly page_id: number;
  readonly title: string;
  readonly link: string | null;
  readonly because: readonly DiagnosticView[];
}

/** A sentence about one resource; `hint` is the next step, or empty. */
export interface DiagnosticView {
  readonly code: string;
  readonly ref: string;
  readonly message: string;
  readonly hint: string;
}

export interface DriftView {
  readonly ref: string;
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly cause: Cause }[];
}

export interface ChangeGroup {
  readonly kind: Kind;
  readonly counts: Counts;
  readonly changes: readonly ChangeView[];
}

export interface ChangeView {
  readonly ref: string;
  readonly kind: Kind;
  readonly action: Action;
  readonly reason: Reason;
  /** What a person calls it: the product's name, the term's label … */
  readonly title: string;
  /** What it is the identity of, in a fixed order: slug, name, page, Saleor id … */
  readonly identity: readonly Fact[];
  readonly fields: readonly FieldView[];
  /** How many managed fields stay as they are. */
  readonly unchanged: number;
  readonly needs: readonly string[];
  readonly hazards: readonly HazardCode[];
  readonly cause: Cause | null;
  readonly links: readonly { readonly what: 'page' | 'term' | 'dashboard'; readonly url: string }[];
  readonly impact: Impact | null;
  /** For filters: attributes and metadata keys, and taxonomies, that it changes or belongs to. */
  readonly touches: { readonly fields: readonly string[]; readonly taxonomies: readonly string[] };
  /** How shoppers would read the product's card; null for other kinds. */
  readonly card: { readonly before: Card; readonly after: Card } | null;
}

export interface Fact {
  readonly name:
    | 'product'
    | 'page'
    | 'page id'
    | 'key'
    | 'label'
    | 'snippet'
    | 'type'
    | 'attribute'
    | 'locale'
    | 'id';
  readonly value: string;
}

/** One field; null: it is not there. Of a set those members are given that go, that come and that stay. */
export type FieldView = {
  readonly name: string;
  /** What people call the attribute; null: it has no name but its own. */
  readonly title: string | null;
  readonly cause: Cause | null;
  readonly hazard: HazardCode | null;
} & (
  | {
      readonly shape: 'set';
      readonly added: readonly Member[];
      readonly removed: readonly Member[];
      readonly kept: readonly Member[];
    }
  | { readonly shape: 'key'; readonly before: Member | null; readonly after: Member | null }
  | { readonly shape: 'value'; readonly before: Json; readonly after: Json }
);

export interface Member {
  readonly key: string;
  /** The term's label in Wagtail; null: there is no such term. */
  readonly label: string | null;
}

/** What a value's change touches. */
export interface Impact {
  /** Compared products that hold the value now. */
  readonly holding: number;
  /** Of the whole shop, where they were counted. */
  readonly products: number | null;
  /** Of these, by channel: Saleor publishes in channels. */
  readonly published: Readonly<Record<string, number>> | null;
  /** Products of this plan that wait for it. */
  readonly needed_by: number;
  /** What happens to the slug that filters use; null where it stays, `after` null where it goes or Saleor makes it. */
  readonly slug: { readonly before: string | null; readonly after: string | null } | null;
}

export interface Card {
  readonly title: string;
  readonly tagline: string | null;
  readonly credits: string | null;
  readonly category: string | null;
  readonly badges: readonly string[];
  /** Names of the boolean attributes that are true. */
  readonly marks: readonly string[];
  /** Shown as text: never loaded. */
  readonly image: string | null;
}

export interface DiagnosticGroup {
  readonly severity: Severity;
  readonly code: string;
  readonly hint: string;
  readonly items: readonly DiagnosticView[];
}

/** Something a reader could overlook: a look-alike letter in a key, an image address that is not http(s). */
export interface Remark {
  readonly code: 'non_ascii' | 'address_not_http';
  readonly ref: string;
  readonly where: string;
  /** With everything beyond printable ASCII spelled out. */
  readonly value: string;
}
