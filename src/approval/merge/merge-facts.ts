/**
 * What git says about the files that a merged plan rests on (mode merge). Digests are SHA-256 of the raw bytes; null:
 * the file is not there.
 */
export interface MergeFacts {
  /** The protected branch, in full, and the commit it stands at; null: there is no such branch here. */
  readonly ref: string;
  readonly tip: string | null;
  readonly isShallow: boolean;
  /** The newest commit of the branch's first-parent line that changed plan.json; null: the plan is not on it. */
  readonly commit: Commit | null;
  readonly files: readonly FileFacts[];
}

export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  /** `Kim Doe <kim@example.com>`: of a merge commit the one who merged. */
  readonly author: string;
  /** When it was committed, milliseconds since the epoch. */
  readonly atMs: number;
}

export type Role = 'plan' | 'accept' | 'policy' | 'signers' | 'revoked' | 'contract' | 'config';

/** One file in the checkout and in four places of the history. */
export interface FileFacts {
  readonly role: Role;
  readonly path: string;
  readonly checkout: string | null;
  readonly branch: string | null;
  readonly merge: string | null;
  readonly first_parent: string | null;
  /** In the parents that were merged in; empty for a squash, rebase or push. */
  readonly merged: readonly (string | null)[];
}
