/**
 * The git history of the files that decide about a merged plan (mode merge). Digests are SHA-256 of the raw bytes; null:
 * the file does not exist there.
 */
export interface MergeFacts {
  /** The protected branch, as a full ref. */
  readonly ref: string;
  /** The branch's newest commit; null: no such branch in this clone. */
  readonly tip: string | null;
  readonly isShallow: boolean;
  /** The newest commit on the branch's first-parent line that changed plan.json; null: the plan is not on the branch. */
  readonly commit: Commit | null;
  readonly files: readonly FileFacts[];
  /** Paths below the folder of the plans, relative to it, that `commit` added or changed. */
  readonly brought: readonly string[];
  /** A later commit that added approvals or a provenance.json of the plan; null if there is none. */
  readonly renewal: Renewal | null;
}

/** The same facts, of the newest commit on the first-parent line that changed the plan's approvals or provenance.json. */
export interface Renewal extends Pick<MergeFacts, 'files' | 'brought'> {
  readonly commit: Commit;
  /** The approval files that it added or changed. */
  readonly approvals: readonly Omit<FileFacts, 'role'>[];
  /** The plan's provenance.json there, changed or not. */
  readonly provenance: Omit<FileFacts, 'role'> | null;
}

export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  /** `Kim Doe <kim@example.com>`; the author of a merge commit is who merged. */
  readonly author: string;
  /** Commit time, milliseconds since the epoch. */
  readonly atMs: number;
}

export type Role = 'plan' | 'accept' | 'policy' | 'signers' | 'revoked' | 'contract' | 'config';

/** Digests of one file in the checkout and in four places of the history. */
export interface FileFacts {
  readonly role: Role;
  readonly path: string;
  readonly checkout: string | null;
  readonly branch: string | null;
  readonly merge: string | null;
  readonly first_parent: string | null;
  /** In the other parents of the merge; empty for a squash, rebase or push. */
  readonly merged: readonly (string | null)[];
}
