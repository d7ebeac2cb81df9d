import type { DesiredSnapshot, Source, SourceValue } from './generated/desired-state.js';
import type { Json } from './json/json-value.ts';

/** Wagtail's side; schemas/plan.schema.json describes each member. Offerings are in rising order of page id. */
export type {
  Offering,
  ResourceDocument,
  Reverts,
  Source,
  SourceValue,
  Term,
} from './generated/desired-state.js';

/**
 * One consistent read of Wagtail. Terms and pages may still be wrong: `diff` judges them. `problems` is what the reader
 * already knows to be wrong and what is in no document (a draft term that it dropped).
 */
export type Desired = DesiredSnapshot & { readonly source: Source };

/** A term as Wagtail's editors find it; ids are those of one database, so it is kept beside the state. */
export type Snippet = {
  readonly id: number | string;
  /** `app.Model`; null if the source does not name it. */
  readonly model: string | null;
};

export type Image = Extract<SourceValue, { readonly url: string } | { readonly error: string }>;

export const isImage = (value: SourceValue | Json): value is Image =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
