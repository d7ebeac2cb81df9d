import type { Desired, Snippet } from '../core/desired-state.ts';
import type { Export } from './generated/desired.js';

/** A consistent read of a site: the state, how it was proved, and where it came from. */
export interface Reading {
  readonly desired: Desired;
  readonly proof: Readonly<Record<string, CollectionProof>>;
  readonly provenance: SourceProvenance;
}

/** How a collection was read in full; requests, items and total are those of the last read. */
export interface CollectionProof {
  readonly reads: number;
  readonly requests: number;
  readonly items: number;
  readonly total: number;
}

/**
 * For provenance.json: it changes without any edit and has no effect. Times are as the site sends them, null if it sends none.
 */
export interface SourceProvenance {
  /** Without user info, query and fragment; null for a file. */
  readonly base_url: string | null;
  readonly site: string | null;
  readonly wagtail: string | null;
  readonly content_sha256: string | null;
  readonly first_answer_at: string | null;
  readonly last_answer_at: string | null;
  readonly newest_published_at: string | null;
  readonly requests: number;
  /** `taxonomy.key` → the snippet of this term; empty if the source does not name it. */
  readonly snippets: Snippets;
  /** Taxonomy → description of its rows; empty if the source does not describe them. */
  readonly models: TermModels;
}

type TermModels = NonNullable<Export['source']['models']>;

export type Snippets = Readonly<Record<string, Snippet>>;

/** Progress of a read, for a person who waits. */
export interface ReadProgress {
  readonly read: number;
  readonly collection: string;
  readonly items: number;
  readonly total: number;
}
