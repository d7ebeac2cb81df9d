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
 * The part of GitLab's REST API (v4) that sailplan calls, with method, path and attributes of each call as
 * https://docs.gitlab.com/api/ has them. What is not documented is refused.
 */
interface GitlabEndpoint extends Endpoint {
  readonly level: 'read' | 'write';
}

const PROJECT = 'projects/7';
const PAGED = ['per_page', 'page'];

const idOf = (login: string): number =>
  [...login].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100_003, 7);
const author = (login: string) => ({ id: idOf(login), username: login });

const request = (one: ForgeRequest) => ({
  iid: one.number,
  web_url: `https://gitlab.example.com/example/shop/-/merge_requests/${one.number}`,
  state: one.state === 'open' ? 'opened' : one.state,
  title: one.title,
  description: one.body === '' ? null : one.body,
  author: author(one.author),
  source_branch: one.head,
  target_branch: one.base,
  source_project_id: one.isFromFork ? 8 : 7,
  target_project_id: 7,
  merge_commit_sha: one.mergedAs,
});

const issueOf = ({ number, title, body, state, author: login }: ForgeState['issues'][number]) => ({
  iid: number,
  web_url: `https://gitlab.example.com/example/shop/-/issues/${number}`,
  title,
  description: body === '' ? null : body,
  state: state === 'open' ? 'opened' : 'closed',
  author: author(login),
});

const ENDPOINTS: readonly GitlabEndpoint[] = [
  {
    page: 'users#get-the-current-user',
    call: /^GET user$/,
    level: 'read',
    answer: ({ token }) => ({ status: 200, body: author(token.login) }),
  },
  {
    page: 'merge_requests#list-project-merge-requests',
    call: new RegExp(`^GET ${PROJECT}/merge_requests$`),
    level: 'read',
    query: ['state', 'source_branch', 'target_branch', 'author_id', 'scope', 'order_by', 'sort', ...PAGED],
    answer: ({ state, query }) => {
      const wanted = query.get('state') ?? 'all';
      const branch = query.get('source_branch');
      const found = state.requests.filter(
        (one) =>
          (wanted === 'all' || (wanted === 'opened' && one.state === 'open')) &&
          (branch === null || branch === one.head),
      );
      return { status: 200, body: pageOf(found.toReversed(), query).map(request) };
    },
  },
  {
    page: 'merge_requests#create-mr',
    call: new RegExp(`^POST ${PROJECT}/merge_requests$`),
    level: 'write',
    body: [
      'source_branch',
      'target_branch',
      'title',
      'description',
      'assignee_id',
      'labels',
      'remove_source_branch',
      'squash',
    ],
    required: ['source_branch', 'target_branch', 'title'],
    answer: ({ state, body, token }) => {
      const head = String(body['source_branch']);
      if (!hasBranch(state, head))
        return { status: 400, body: { message: { source_branch: ['does not exist'] } } };
      if (isOpenFor(state, head))
        return {
          status: 409,
          body: { message: ['Another open merge request already exists for this source branch'] },
        };
      const made = addRequest(state, {
        head,
        base: String(body['target_branch']),
        title: String(body['title']),
        body: String(body['description'] ?? ''),
        author: token.login,
      });
      return { status: 201, body: request(made) };
    },
  },
  {
    page: 'merge_requests#update-mr',
    call: new RegExp(`^PUT ${PROJECT}/merge_requests/(\\d+)$`),
    level: 'write',
    body: ['title', 'description', 'state_event', 'target_branch', 'labels'],
    answer: ({ state, words, body }) => {
      const one = state.requests.find(({ number }) => number === Number(words[1]));
      if (one === undefined) return MISSING;
      if (body['state_event'] === 'close') one.state = 'closed';
      return { status: 200, body: request(one) };
    },
  },
  {
    page: 'commits#list-merge-requests-associated-with-a-commit',
    call: new RegExp(`^GET ${PROJECT}/repository/commits/([0-9a-f]{40})/merge_requests$`),
    level: 'read',
    query: ['state', ...PAGED],
    answer: ({ state, words, query }) => ({
      status: 200,
      body: pageOf(
        state.requests.filter(({ mergedAs }) => mergedAs === words[1]),
        query,
      ).map(request),
    }),
  },
  ...(['merge_requests', 'issues'] as const).flatMap((kind): readonly GitlabEndpoint[] => {
    const on = kind === 'issues' ? ('issue' as const) : ('request' as const);
    return [
      {
        page: 'notes#list',
        call: new RegExp(`^GET ${PROJECT}/${kind}/(\\d+)/notes$`),
        level: 'read',
        query: ['sort', 'order_by', 'activity_filter', ...PAGED],
        answer: ({ state, words, query }) => ({
          status: 200,
          body: pageOf(
            state.comments.filter((one) => one.on === on && one.number === Number(words[1])),
            query,
          ).map(({ id, body, author: login }) => ({ id, body, author: author(login), system: false })),
        }),
      },
      {
        page: 'notes#create',
        call: new RegExp(`^POST ${PROJECT}/${kind}/(\\d+)/notes$`),
        level: 'write',
        body: ['body', 'internal', 'created_at'],
        required: ['body'],
        answer: ({ state, words, body, token }) => {
          const number = Number(words[1]);
          const made = addComment(state, { on, number, author: token.login, body: String(body['body']) });
          return {
            status: 201,
            body: { id: made.id, body: made.body, author: author(token.login), system: false },
          };
        },
      },
      {
        page: 'notes#update',
        call: new RegExp(`^PUT ${PROJECT}/${kind}/(\\d+)/notes/(\\d+)$`),
        level: 'write',
        body: ['body'],
        required: ['body'],
        answer: ({ state, words, body }) => {
          const one = state.comments.find(({ id }) => id === Number(words[2]));
          if (one === undefined) return MISSING;
          one.body = String(body['body']);
          return { status: 200, body: { id: one.id, body: one.body } };
        },
      },
    ];
  }),
  {
    page: 'issues#list-project-issues',
    call: new RegExp(`^GET ${PROJECT}/issues$`),
    level: 'read',
    query: [
      'state',
      'author_id',
      'author_username',
      'labels',
      'scope',
      'search',
      'order_by',
      'sort',
      ...PAGED,
    ],
    answer: ({ state, query }) => ({
      status: 200,
      body: pageOf(
        state.issues.filter(
          (one) =>
            one.state === 'open' &&
            (query.get('author_id') === null || query.get('author_id') === String(idOf(one.author))),
        ),
        query,
      ).map(issueOf),
    }),
  },
  {
    page: 'issues#new-issue',
    call: new RegExp(`^POST ${PROJECT}/issues$`),
    level: 'write',
    body: ['title', 'description', 'labels', 'confidential', 'assignee_ids'],
    required: ['title'],
    answer: ({ state, body, token }) => {
      const made = addIssue(state, {
        title: String(body['title']),
        body: String(body['description'] ?? ''),
        author: token.login,
      });
      return { status: 201, body: issueOf(made) };
    },
  },
  {
    page: 'issues#edit-an-issue',
    call: new RegExp(`^PUT ${PROJECT}/issues/(\\d+)$`),
    level: 'write',
    body: ['title', 'description', 'state_event', 'labels'],
    answer: ({ state, words, body }) => {
      const one = state.issues.find(({ number }) => number === Number(words[1]));
      if (one === undefined) return MISSING;
      if (body['description'] !== undefined) one.body = String(body['description']);
      if (body['state_event'] === 'close') one.state = 'closed';
      return { status: 200, body: issueOf(one) };
    },
  },
  {
    page: 'commits#set-commit-pipeline-status',
    call: new RegExp(`^POST ${PROJECT}/statuses/([0-9a-f]{40})$`),
    level: 'write',
    body: ['state', 'ref', 'name', 'context', 'target_url', 'description', 'coverage', 'pipeline_id'],
    required: ['state'],
    answer: ({ state, words, body }) => {
      state.statuses.push({
        commit: words[1] ?? '',
        name: String(body['name']),
        state: String(body['state']),
        description: String(body['description']),
      });
      return { status: 201, body: { id: state.statuses.length, ...body } };
    },
  },
];

const MISSING: Answer = { status: 404, body: { message: '404 Not found' } };

export function answerAsGitlab(state: ForgeState, received: ForgeCallReceived): Answer {
  const { method, path, query, headers, body } = received;
  const token = state.tokens.get(String(headers['private-token'] ?? ''));
  if (token === undefined) return { status: 401, body: { message: '401 Unauthorized' } };
  const endpoint = ENDPOINTS.find(({ call }) => call.test(`${method} ${path}`));
  if (endpoint === undefined) return MISSING;
  if (token.permissions['api'] !== 'write' && token.permissions['api'] !== endpoint.level)
    return { status: 403, body: { error: 'insufficient_scope' } };
  const wrong = undocumented(endpoint, received);
  if (wrong !== null) return { status: 400, body: { error: wrong } };
  return endpoint.answer({ state, token, query, body, words: endpoint.call.exec(`${method} ${path}`) ?? [] });
}
