import type { Actual, InputType } from '../core/actual-state.ts';

/** One mutation. A step may serve several changes (`refs`); ids are those of the shop, resolved anew before sending. */
export type Step =
  | {
      readonly kind: 'create_attribute';
      readonly refs: readonly [string];
      readonly name: string;
      readonly slug: string;
      readonly input_type: InputType;
    }
  /** productAttributeAssign: all or nothing. `refs[i]` goes with `attributes[i]`. */
  | {
      readonly kind: 'assign';
      readonly refs: readonly string[];
      readonly product_type: string;
      readonly attributes: readonly string[];
    }
  /** productAttributeUnassign; the products' values come back if it is assigned again (docs/saleor.md#assigning-attributes). */
  | {
      readonly kind: 'unassign';
      readonly refs: readonly string[];
      readonly product_type: string;
      readonly attributes: readonly string[];
    }
  /** attributeBulkUpdate, REJECT_EVERYTHING. `refs[i]` goes with `values[i]`. */
  | { readonly kind: 'create_values'; readonly refs: readonly string[]; readonly values: readonly NewValue[] }
  /** attributeValueUpdate; a name that is sent makes Saleor derive the slug again (docs/saleor.md#value-slugs). */
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
  /** productUpdate: only the attributes that change; metadata rides along, since the whole row is rewritten anyway. */
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
  /** externalReference: unique over the shop, so a create that is sent twice is refused. */
  readonly reference: string;
}

/** What one attribute of a product shall hold: value ids, by the field that its input type needs (docs/saleor.md#product-attributes). */
export type Assignment =
  | { readonly attribute: string; readonly input_type: 'DROPDOWN'; readonly value: string | null }
  | { readonly attribute: string; readonly input_type: 'MULTISELECT'; readonly values: readonly string[] }
  | { readonly attribute: string; readonly input_type: 'BOOLEAN'; readonly value: boolean | null };

/**
 * done: Saleor's payload says so, without errors · refused: Saleor's own words, nothing was written by this step ·
 * not_sent: it certainly never reached Saleor · unclear: it may have been executed (timeout, reset, 5xx, torn reply, crash in 200)
 */
export type StepReply =
  | { readonly state: 'done'; readonly made: readonly CreatedResource[] }
  | { readonly state: 'refused' | 'not_sent' | 'unclear'; readonly code: string; readonly message: string };

/** What a create returned, in the order of the step's refs; empty for other steps. `slug` is '' for an attribute's assignment. */
export interface CreatedResource {
  readonly ref: string;
  readonly id: string;
  readonly slug: string;
}

/** What to look at again: nothing else is read. */
export interface Scope {
  /** Slugs of attributes, each with all its values; also reads the product types. */
  readonly attributes: readonly string[];
  /** Locales of the translations to read with the values. */
  readonly locales: readonly string[];
  /** Ids of products. */
  readonly products: readonly string[];
}

/** What a look found. */
export interface Look extends Actual {
  /** Id of a product → what else the look showed of it, in one text; left out where the shop's adapter cannot tell. */
  readonly unmanaged?: ReadonlyMap<string, string>;
}

export interface Shop {
  /** A complete read of the scope, from the shop itself; a product that is gone is absent. Throws a Failure when it cannot be complete. */
  look(scope: Scope): Promise<Look>;
  /** One request with at most `batchSize` mutations, executed in this order; one reply a step. Never throws. */
  send(batch: readonly Step[]): Promise<readonly StepReply[]>;
  /** How many products use each value, by id: counted by the shop at this moment. */
  countUsers(
    values: readonly { readonly attribute: string; readonly slug: string }[],
  ): Promise<readonly number[]>;
}

/** An append-only file; a line is durable (fsync) when the promise resolves. */
export interface Journal {
  write(entries: readonly JournalEntry[]): Promise<void>;
}

export interface JournalEntry {
  readonly at: string;
  readonly event: 'started' | 'intent' | 'outcome' | 'looked' | 'finished';
  readonly step?: number;
  readonly refs?: readonly string[];
  readonly [member: string]: unknown;
}
