/** A pull request of GitHub, a merge request of GitLab. */
export interface ChangeRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  /** Its branch is in another repository, where anybody names branches. */
  readonly isFromFork: boolean;
  readonly state: 'open' | 'merged' | 'closed';
  /** The token in use opened it. */
  readonly isOwn: boolean;
}

export interface ChangeRequests {
  list(query: {
    readonly branch?: string;
    readonly state: 'open' | 'all';
  }): Promise<readonly ChangeRequest[]>;
  open(given: Readonly<Record<'branch' | 'base' | 'title' | 'body', string>>): Promise<ChangeRequest>;
  close(number: number): Promise<void>;
}

/** Where a comment stands. */
export interface CommentPlace {
  readonly kind: 'request' | 'issue';
  readonly number: number;
}

/** Comments that the token in use wrote. */
export interface Comments {
  own(place: CommentPlace): Promise<readonly { readonly id: number; readonly body: string }[]>;
  add(place: CommentPlace, body: string): Promise<void>;
  edit(place: CommentPlace, id: number, body: string): Promise<void>;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
}

/** Open issues that the token in use wrote. */
export interface Issues {
  own(): Promise<readonly Issue[]>;
  open(title: string, body: string): Promise<Issue>;
  edit(number: number, change: { readonly body?: string; readonly isClosed?: boolean }): Promise<void>;
}

/** The result of a check, on one commit. */
export interface CommitStatus {
  readonly name: string;
  readonly isOk: boolean;
  readonly text: string;
  /** Of the job; null: not known. */
  readonly url: string | null;
}

/** What a job asks of GitHub or GitLab. */
export interface ForgeClient {
  readonly name: string;
  readonly requests: ChangeRequests;
  readonly comments: Comments;
  readonly issues: Issues;
  /** What brought a commit to the protected branch. */
  requestsOf(commit: string): Promise<readonly ChangeRequest[]>;
  setStatus(commit: string, status: CommitStatus): Promise<void>;
}
