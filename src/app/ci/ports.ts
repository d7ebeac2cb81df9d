import type {
  CommitStatus,
  IssueChange,
  NewRequest,
  RequestQuery,
} from '../../platform/forge/forge-calls.ts';

/** A pull request on GitHub or a merge request on GitLab. */
export interface ChangeRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  /** Whether its branch is in another repository, whose owner chooses the branch's name. */
  readonly isFromFork: boolean;
  readonly state: 'open' | 'merged' | 'closed';
  /** Whether the token in use opened it. */
  readonly isOwn: boolean;
}

export interface ChangeRequests {
  list(query: RequestQuery): Promise<readonly ChangeRequest[]>;
  open(given: NewRequest): Promise<ChangeRequest>;
  close(number: number): Promise<void>;
}

/** The request or issue of a comment. */
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
  edit(number: number, change: IssueChange): Promise<void>;
}

/** The calls of a job to GitHub or GitLab. */
export interface ForgeClient {
  readonly name: string;
  readonly requests: ChangeRequests;
  readonly comments: Comments;
  readonly issues: Issues;
  /** The requests that brought a commit to the protected branch. */
  requestsOf(commit: string): Promise<readonly ChangeRequest[]>;
  setStatus(commit: string, status: CommitStatus): Promise<void>;
}
