import { execFileSync } from 'node:child_process';

/** What a forge keeps of one repository, whichever API shows it. */
export interface ForgeRequest {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly author: string;
  readonly isFromFork: boolean;
  body: string;
  state: 'open' | 'closed' | 'merged';
  /** The commit that brought it to the protected branch. */
  mergedAs: string | null;
}

export interface ForgeComment {
  readonly id: number;
  readonly on: 'request' | 'issue';
  readonly number: number;
  readonly author: string;
  body: string;
}

export interface ForgeIssue {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  body: string;
  state: 'open' | 'closed';
}

/** A token: whose it is, and what it may do. */
export interface ForgeToken {
  readonly login: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

export interface ForgeState {
  readonly bare: string;
  readonly requests: ForgeRequest[];
  readonly comments: ForgeComment[];
  readonly issues: ForgeIssue[];
  readonly statuses: {
    readonly commit: string;
    readonly name: string;
    readonly state: string;
    readonly description: string;
  }[];
  readonly tokens: Map<string, ForgeToken>;
  /** Method and path of each call, in order. */
  readonly calls: string[];
  /** Answers given instead of the next ones: for trials. */
  readonly faults: {
    readonly on: RegExp;
    readonly status: number;
    readonly body: string;
    readonly headers?: Record<string, string>;
  }[];
}

export const newState = (bare: string): ForgeState => ({
  bare,
  requests: [],
  comments: [],
  issues: [],
  statuses: [],
  tokens: new Map(),
  calls: [],
  faults: [],
});

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const hasBranch = ({ bare }: ForgeState, branch: string): boolean => {
  try {
    execFileSync('git', ['-C', bare, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
};

export const nextNumber = ({ requests, issues }: ForgeState): number => requests.length + issues.length + 1;

/** One page of a list, by the query's page and per_page. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams, most = 100): readonly T[] {
  const size = Math.min(most, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

/** Members that the documentation names; others are refused, so that a wrong spelling is not taken for one that works. */
export function oddMember(given: object, allowed: readonly string[]): string | null {
  return Object.keys(given).find((name) => !allowed.includes(name)) ?? null;
}
