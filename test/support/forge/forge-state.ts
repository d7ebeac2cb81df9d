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

const nextNumber = ({ requests, issues }: ForgeState): number => requests.length + issues.length + 1;

/** One page of a list, by the query's page and per_page. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams, most = 100): readonly T[] {
  const size = Math.min(most, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

/** Members that the documentation names; others are refused, so that a wrong spelling is not taken for one that works. */
function oddMember(given: object, allowed: readonly string[]): string | null {
  return Object.keys(given).find((name) => !allowed.includes(name)) ?? null;
}

export interface ForgeCallReceived {
  readonly method: string;
  /** Without a slash at its start. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

/** An allowed call; `words`: the groups of the endpoint's pattern. */
export interface EndpointCall {
  readonly state: ForgeState;
  readonly token: ForgeToken;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly words: readonly string[];
}

/** A documented endpoint of a forge's API. */
export interface Endpoint {
  /** Chapter of the documentation. */
  readonly page: string;
  readonly call: RegExp;
  readonly query?: readonly string[];
  readonly body?: readonly string[];
  readonly required?: readonly string[];
  answer(call: EndpointCall): Answer;
}

/** Chapter and member of a call that the documentation does not allow: one that is odd or missing; null: it is allowed. */
export function undocumented(
  { page, query: queries, body: members, required }: Endpoint,
  { query, body }: ForgeCallReceived,
): string | null {
  const odd = oddMember(Object.fromEntries(query), queries ?? []) ?? oddMember(body, members ?? []);
  const wrong = odd ?? required?.find((name) => body[name] === undefined);
  return wrong === undefined ? null : `${page}: ${wrong}`;
}

export const isOpenFor = ({ requests }: ForgeState, head: string): boolean =>
  requests.some((one) => one.head === head && one.state === 'open' && !one.isFromFork);

export function addRequest(
  state: ForgeState,
  given: Pick<ForgeRequest, 'head' | 'base' | 'title' | 'body' | 'author'>,
): ForgeRequest {
  const made = {
    ...given,
    number: nextNumber(state),
    isFromFork: false,
    state: 'open' as const,
    mergedAs: null,
  };
  state.requests.push(made);
  return made;
}

export function addComment(state: ForgeState, given: Omit<ForgeComment, 'id'>): ForgeComment {
  const made = { ...given, id: 1000 + state.comments.length };
  state.comments.push(made);
  return made;
}

export function addIssue(
  state: ForgeState,
  given: Pick<ForgeIssue, 'title' | 'body' | 'author'>,
): ForgeIssue {
  const made = { ...given, number: nextNumber(state), state: 'open' as const };
  state.issues.push(made);
  return made;
}
