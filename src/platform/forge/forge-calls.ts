/** What is sent to a forge, whichever one it is. */

export interface NewRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export interface RequestQuery {
  readonly branch?: string;
  readonly state: 'open' | 'all';
}

export interface IssueChange {
  readonly body?: string;
  readonly isClosed?: boolean;
}

/** The result of a check, on one commit. */
export interface CommitStatus {
  readonly name: string;
  readonly isOk: boolean;
  readonly text: string;
  /** Address of the job's page; null: unknown. */
  readonly url: string | null;
}
