import type { Severity } from '../../core/diagnostic.ts';
import type { JsonObject } from '../../core/json/json-value.ts';

/** Why a shopper does not see what is planned. */
export type FindingCause =
  | 'permission'
  | 'proxy'
  | 'channel'
  | 'not_published'
  | 'not_listed'
  | 'attribute_missing'
  | 'attribute_not_visible'
  | 'attribute_not_filterable'
  | 'attribute_not_assigned'
  | 'value_missing'
  | 'value_not_assigned'
  | 'value_assigned'
  | 'value_of_variant'
  | 'value_without_product'
  | 'value_without_term'
  | 'label'
  | 'metadata'
  | 'search_index'
  | 'answers_differ';

/** Something that a shopper sees otherwise than planned. Only errors count: exit 2. */
export interface StorefrontFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly ref: string;
  /** The field of the resource, as in `ignore[]`; null: the whole resource. */
  readonly field: string | null;
  readonly cause: FindingCause;
  readonly data: JsonObject;
}

/** What one filter value finds. */
export type FilterCount = {
  readonly attribute: string;
  /** Slug of the choice, or true or false. */
  readonly value: string | boolean;
  /** The term's label; null: no term. */
  readonly label: string | null;
  /** Listed products whose page has the value. */
  readonly planned: number;
  /** Those of them that the filter finds. */
  readonly found: number;
  /** All products that the filter finds, also those without a page. */
  readonly total: number;
};

/** A finding about a whole resource. */
export const findError = (
  code: string,
  cause: FindingCause,
  address: string,
  data: JsonObject = {},
): StorefrontFinding => ({
  severity: 'error',
  code,
  ref: address,
  field: null,
  cause,
  data,
});
