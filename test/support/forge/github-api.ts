import {
  type Answer,
  addComment,
  addIssue,
  addRequest,
  type Endpoint,
  type ForgeCallReceived,
  type ForgeRequest,
  type ForgeState,
  hasBranch,
  isOpenFor,
  pageOf,
  undocumented,
} from './forge-state.ts';

/**
 * The part of GitHub's REST API that sailplan calls, with method, path, parameters, body and permission of each call as
 * https://docs.github.com/en/rest (API version 2022-11-28) has them. What is not documented is refused.
 */
interface GithubEndpoint extends Endpoint {
  /** Any of these permissions will do. */
  readonly needs: readonly (readonly [string, 'read' | 'write'])[];
}

const REPO = 'repos/example/shop';
const PAGED = ['per_page', 'page'];

const user = (login: string) => ({ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });

const pull = (one: ForgeRequest) => ({
  number: one.number,
  html_url: `https://github.example.com/example/shop/pull/${one.number}`,
  state: one.state === 'open' ? 'open' : 'closed',
  title: one.title,
  body: one.body === '' ? null : one.body,
  user: user(one.author),
  merged_at: one.state === 'merged' ? '2026-11-29T20:00:00Z' : null,
  merge_commit_sha: one.mergedAs,
  head: {
    ref: one.head,
    repo: one.isFromFork ? { full_name: 'stranger/shop' } : { full_name: 'example/shop' },
  },
  base: { ref: one.base },
});

const issueOf = ({ number, title, body, state, author }: ForgeState['issues'][number]) => ({
  number,
  html_url: `https://github.example.com/example/shop/issues/${number}`,
  title,
  body: body === '' ? null : body,
  state,
  user: user(author),
});

const ENDPOINTS: readonly GithubEndpoint[] = [
  {
    page: 'pulls/pulls#list-pull-requests',
    call: new RegExp(`^GET ${REPO}/pulls$`),
    needs: [['pull-requests', 'read']],
    query: ['state', 'head', 'base', 'sort', 'direction', ...PAGED],
    answer: ({ state, query }) => {
      const wanted = query.get('state') ?? 'open';
      const head = query.get('head');
      const found = state.requests.filter(
        (one) =>
          (wanted === 'all' || (wanted === 'open') === (one.state === 'open')) &&
          (head === null || head === `${one.isFromFork ? 'stranger' : 'example'}:${one.head}`),
      );
      return { status: 200, body: pageOf(found.toReversed(), query).map(pull) };
    },
  },
  {
    page: 'pulls/pulls#create-a-pull-request',
    call: new RegExp(`^POST ${REPO}/pulls$`),
    needs: [['pull-requests', 'write']],
    body: ['title', 'head', 'head_repo', 'base', 'body', 'maintainer_can_modify', 'draft', 'issue'],
    required: ['head', 'base'],
    answer: ({ state, body, token }) => {
      const head = String(body['head']);
      if (!hasBranch(state, head)) return invalid('Validation Failed', { field: 'head', code: 'invalid' });
      if (isOpenFor(state, head))
        return invalid('Validation Failed', {
          message: `A pull request already exists for example:${head}.`,
        });
      const made = addRequest(state, {
        head,
        base: String(body['base']),
        title: String(body['title']),
        body: String(body['body'] ?? ''),
        author: token.login,
      });
      return { status: 201, body: pull(made) };
    },
  },
  {
    page: 'pulls/pulls#update-a-pull-request',
    call: new RegExp(`^PATCH ${REPO}/pulls/(\\d+)$`),
    needs: [['pull-requests', 'write']],
    body: ['title', 'body', 'state', 'base', 'maintainer_can_modify'],
    answer: ({ state, body, words }) => {
      const one = state.requests.find(({ number }) => number === Number(words[1]));
      if (one === undefined) return MISSING;
      if (body['state'] === 'closed') one.state = 'closed';
      return { status: 200, body: pull(one) };
    },
  },
  {
    page: 'commits/commits#list-pull-requests-associated-with-a-commit',
    call: new RegExp(`^GET ${REPO}/commits/([0-9a-f]{40})/pulls$`),
    needs: [['pull-requests', 'read']],
    query: PAGED,
    answer: ({ state, words, query }) => ({
      status: 200,
      body: pageOf(
        state.requests.filter(({ mergedAs }) => mergedAs === words[1]),
        query,
      ).map(pull),
    }),
  },
  {
    page: 'issues/comments#list-issue-comments',
    call: new RegExp(`^GET ${REPO}/issues/(\\d+)/comments$`),
    needs: [
      ['issues', 'read'],
      ['pull-requests', 'read'],
    ],
    query: ['since', ...PAGED],
    answer: ({ state, words, query }) => ({
      status: 200,
      body: pageOf(
        state.comments.filter(({ number }) => number === Number(words[1])),
        query,
      ).map(({ id, body, author }) => ({ id, body, user: user(author) })),
    }),
  },
  {
    page: 'issues/comments#create-an-issue-comment',
    call: new RegExp(`^POST ${REPO}/issues/(\\d+)/comments$`),
    needs: [
      ['issues', 'write'],
      ['pull-requests', 'write'],
    ],
    body: ['body'],
    required: ['body'],
    answer: ({ state, words, body, token }) => {
      const number = Number(words[1]);
      const on = state.issues.some((one) => one.number === number)
        ? ('issue' as const)
        : ('request' as const);
      if (on === 'issue' && token.permissions['issues'] !== 'write') return FORBIDDEN;
      const made = addComment(state, { on, number, author: token.login, body: String(body['body']) });
      return { status: 201, body: { id: made.id, body: made.body, user: user(made.author) } };
    },
  },
  {
    page: 'issues/comments#update-an-issue-comment',
    call: new RegExp(`^PATCH ${REPO}/issues/comments/(\\d+)$`),
    needs: [
      ['issues', 'write'],
      ['pull-requests', 'write'],
    ],
    body: ['body'],
    required: ['body'],
    answer: ({ state, words, body }) => {
      const one = state.comments.find(({ id }) => id === Number(words[1]));
      if (one === undefined) return MISSING;
      one.body = String(body['body']);
      return { status: 200, body: { id: one.id, body: one.body, user: user(one.author) } };
    },
  },
  {
    page: 'issues/issues#list-repository-issues',
    call: new RegExp(`^GET ${REPO}/issues$`),
    needs: [
      ['issues', 'read'],
      ['pull-requests', 'read'],
    ],
    query: [
      'milestone',
      'state',
      'assignee',
      'creator',
      'mentioned',
      'labels',
      'sort',
      'direction',
      'since',
      ...PAGED,
    ],
    answer: ({ state, query }) => {
      const isOpen = (one: { readonly state: string }) =>
        (query.get('state') ?? 'open') === 'all' || one.state === 'open';
      // GitHub lists pull requests as issues, with a member that says so.
      const all = [
        ...state.issues.filter(isOpen).map(issueOf),
        ...state.requests.filter(isOpen).map((one) => ({ ...pull(one), pull_request: { url: 'x' } })),
      ];
      return { status: 200, body: pageOf(all, query) };
    },
  },
  {
    page: 'issues/issues#create-an-issue',
    call: new RegExp(`^POST ${REPO}/issues$`),
    needs: [['issues', 'write']],
    body: ['title', 'body', 'assignee', 'milestone', 'labels', 'assignees', 'type'],
    required: ['title'],
    answer: ({ state, body, token }) => {
      const made = addIssue(state, {
        title: String(body['title']),
        body: String(body['body'] ?? ''),
        author: token.login,
      });
      return { status: 201, body: issueOf(made) };
    },
  },
  {
    page: 'issues/issues#update-an-issue',
    call: new RegExp(`^PATCH ${REPO}/issues/(\\d+)$`),
    needs: [['issues', 'write']],
    body: ['title', 'body', 'assignee', 'state', 'state_reason', 'milestone', 'labels', 'assignees', 'type'],
    answer: ({ state, words, body }) => {
      const one = state.issues.find(({ number }) => number === Number(words[1]));
      if (one === undefined) return MISSING;
      if (body['body'] !== undefined) one.body = String(body['body']);
      if (body['state'] === 'closed') one.state = 'closed';
      return { status: 200, body: issueOf(one) };
    },
  },
  {
    page: 'commits/statuses#create-a-commit-status',
    call: new RegExp(`^POST ${REPO}/statuses/([0-9a-f]{40})$`),
    needs: [['statuses', 'write']],
    body: ['state', 'target_url', 'description', 'context'],
    required: ['state'],
    answer: ({ state, words, body }) => {
      if (!['error', 'failure', 'pending', 'success'].includes(String(body['state'])))
        return invalid('state');
      const made = {
        commit: words[1] ?? '',
        name: String(body['context']),
        state: String(body['state']),
        description: String(body['description']),
      };
      if (made.description.length > 140) return invalid('description');
      state.statuses.push(made);
      return { status: 201, body: { id: state.statuses.length, ...body } };
    },
  },
  {
    page: 'graphql: the viewer of a token',
    call: /^POST graphql$/,
    needs: [],
    body: ['query', 'variables'],
    required: ['query'],
    answer: ({ token }) => ({ status: 200, body: { data: { viewer: { login: token.login } } } }),
  },
];

const MISSING: Answer = { status: 404, body: { message: 'Not Found' } };
const FORBIDDEN: Answer = { status: 403, body: { message: 'Resource not accessible by integration' } };
const invalid = (message: string, ...errors: readonly object[]): Answer => ({
  status: 422,
  body: { message, errors },
});

export function answerAsGithub(state: ForgeState, received: ForgeCallReceived): Answer {
  const { method, path, query, headers, body } = received;
  const given = /^Bearer (\S+)$/.exec(String(headers['authorization'] ?? ''))?.[1];
  const token = given === undefined ? undefined : state.tokens.get(given);
  if (token === undefined) return { status: 401, body: { message: 'Bad credentials' } };
  if (!headers['user-agent'])
    return { status: 403, body: { message: 'Request forbidden by administrative rules' } };
  const endpoint = ENDPOINTS.find(({ call }) => call.test(`${method} ${path}`));
  if (endpoint === undefined) return MISSING;
  const holds = ([name, level]: readonly [string, 'read' | 'write']) =>
    token.permissions[name] === 'write' || token.permissions[name] === level;
  if (endpoint.needs.length > 0 && !endpoint.needs.some(holds)) return FORBIDDEN;
  const wrong = undocumented(endpoint, received);
  if (wrong !== null) return invalid(wrong);
  return endpoint.answer({ state, token, query, body, words: endpoint.call.exec(`${method} ${path}`) ?? [] });
}
