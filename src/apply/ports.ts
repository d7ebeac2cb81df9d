import type { Actual, InputType } from '../core/actual-state.ts';
import type { RetryBudget } from '../core/retry-policy.ts';

/** One mutation. A step may serve several changes (`refs`). Ids are the shop's own, looked up right before sending. */
export type Step =
  | {
      readonly kind: 'create_attribute';
      readonly refs: readonly [string];
      readonly name: string;
      readonly slug: string;
      readonly input_type: InputType;
    }
  /** productAttributeAssign: all or nothing. `refs[i]` belongs to `attributes[i]`. */
  | {
      readonly kind: 'assign';
      readonly refs: readonly string[];
      readonly product_type: string;
      readonly attributes: readonly string[];
    }
  /** productAttributeUnassign. Products get their values back if it is assigned again (docs/saleor.md#assigning-attributes). */
  | {
      readonly kind: 'unassign';
      readonly refs: readonly string[];
      readonly product_type: string;
      readonly attributes: readonly string[];
    }
  /** attributeBulkUpdate, REJECT_EVERYTHING. `refs[i]` belongs to `values[i]`. */
  | { readonly kind: 'create_values'; readonly refs: readonly string[]; readonly values: readonly NewValue[] }
  /** attributeValueUpdate. With a name, Saleor derives the slug again (docs/saleor.md#value-slugs). */
  | {
      readonly kind: 'update_value';
      readonly refs: readonly [string];
      readonly id: string;
      readonly name: string | null;
      readonly reference: string | null;
    }
  /** attributeValueUpdate without a name: the slug stays (docs/saleor.md#value-slugs). */
  | { readonly kind: 'clear_reference'; readonly refs: readonly [string]; readonly id: string }
  | {
      readonly kind: 'translate';
      readonly refs: readonly [string];
      readonly id: string;
      readonly locale: string;
      readonly name: string;
    }
  /** productUpdate with the changed attributes, and with metadata, because it rewrites the whole row anyway. */
  | {
      readonly kind: 'update_product';
      readonly refs: readonly [string];
      readonly id: string;
      readonly attributes: readonly Assignment[];
      readonly metadata: Readonly<Record<string, string>>;
    }
  /** updateMetadata: one SQL merge. */
  | {
      readonly kind: 'update_metadata';
      readonly refs: readonly [string];
      readonly id: string;
      readonly metadata: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'delete_metadata';
      readonly refs: readonly [string];
      readonly id: string;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'delete_value'; readonly refs: readonly [string]; readonly id: string };

export interface NewValue {
  /** Id of the attribute. */
  readonly attribute: string;
  readonly name: string;
  /** externalReference: unique in the shop, so Saleor refuses a create that is sent twice. */
  readonly reference: string;
}

/** The value ids to write to one attribute of a product, in the field of its input type (docs/saleor.md#product-attributes). */
export type Assignment =
  | { readonly attribute: string; readonly input_type: 'DROPDOWN'; readonly value: string | null }
  | { readonly attribute: string; readonly input_type: 'MULTISELECT'; readonly values: readonly string[] }
  | { readonly attribute: string; readonly input_type: 'BOOLEAN'; readonly value: boolean | null };

/**
 * done: Saleor confirmed it without errors · refused: Saleor's errors, the step wrote nothing · not_sent: certainly never
 * reached Saleor · unclear: may have been executed (timeout, reset, 5xx, cut-off reply, crash within a 200)
 */
export type StepReply =
  | { readonly state: 'done'; readonly made: readonly CreatedResource[] }
  | { readonly state: 'refused' | 'not_sent' | 'unclear'; readonly code: string; readonly message: string };

/** What a create returned, in the order of the step's refs. `slug` is '' for an attribute's assignment. */
export interface CreatedResource {
  readonly ref: string;
  readonly id: string;
  readonly slug: string;
}

/** What to read. */
export interface Scope {
  /** Slugs of attributes, each with all its values; also reads the product types. */
  readonly attributes: readonly string[];
  /** Locales of the translations to read with the values. */
  readonly locales: readonly string[];
  /** Ids of products. */
  readonly products: readonly string[];
}

/** The name and the unmanaged attributes of a product: field → value as text. */
export type ProductDetails = ReadonlyMap<string, string>;

/** The result of a read. */
export interface ScopeReading extends Actual {
  /** Id of a product → its unmanaged fields; missing where the shop's adapter does not read them. */
  readonly unmanaged?: ReadonlyMap<string, ProductDetails>;
}

export interface Shop {
  /** Reads the whole scope from the shop; a deleted product is absent. Throws a Failure when the read is incomplete. */
  read(scope: Scope): Promise<ScopeReading>;
  /**
   * Sends steps once, executed in this order; one reply per step. Notes in `budget` whether and when steps without a clear
   * reply may be sent again. Never throws.
   */
  send(batch: readonly Step[], budget: RetryBudget): Promise<readonly StepReply[]>;
  /** The number of products, variants and pages that use each value, counted by the shop now; null: not countable. */
  countUsers(
    values: readonly { readonly attribute: string; readonly slug: string; readonly name: string }[],
  ): Promise<readonly (number | null)[]>;
}

/** An append-only file. Entries are durable (fsync) when the promise resolves. Throws a Failure when it cannot write. */
export interface Journal {
  write(entries: readonly JournalEntry[]): Promise<void>;
}

export interface JournalEntry {
  readonly at: string;
  readonly event: 'started' | 'intent' | 'outcome' | 'finished';
  readonly step?: number;
  readonly refs?: readonly string[];
  readonly [member: string]: unknown;
}
