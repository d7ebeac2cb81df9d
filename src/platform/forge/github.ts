import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { createForgeApi, type ForgeAccess } from './forge-api.ts';
import type { CommitStatus, IssueChange, NewRequest, RequestQuery } from './forge-calls.ts';
import { numberIn, once, recordIn, shortened, textIn } from './members.ts';

/** A repository on GitHub or GitHub Enterprise, as owner/name. */
interface GithubRepository {
  readonly repository: string;
}

const PULLS = 'the permission "pull-requests: write"';
const ISSUES = 'the permission "issues: write"';
const STATUSES = 'the permission "statuses: write"';

/** GitHub by its REST API (version 2022-11-28). Throws Failures as ForgeApi does. */
export function createGithub(access: ForgeAccess, { repository }: GithubRepository) {
  const api = createForgeApi(access);
  const owner = repository.split('/')[0] ?? '';
  const at = (path: string) => `/repos/${repository.split('/').map(encodeURIComponent).join('/')}${path}`;
  const me = once(() => loginOf(api.call, access.address));

  const requestOf = async (pull: JsonObject) => {
    const head = recordIn(pull, 'head');
    const isMerged = typeof pull['merged_at'] === 'string';
    return {
      number: numberIn(pull, 'number'),
      url: textIn(pull, 'html_url'),
      branch: textIn(head, 'ref'),
      isFromFork:
        !isRecord(head['repo']) ||
        textIn(head['repo'], 'full_name').toLowerCase() !== repository.toLowerCase(),
      state: isMerged
        ? ('merged' as const)
        : textIn(pull, 'state') === 'open'
          ? ('open' as const)
          : ('closed' as const),
      isOwn: isBy(pull['user'], await me()),
    };
  };

  return {
    name: access.name,
    requests: {
      async list({ branch, state }: RequestQuery) {
        const query = { state, ...(branch === undefined ? {} : { head: `${owner}:${branch}` }) };
        const pulls = await api.list({ path: at('/pulls'), query, needs: PULLS });
        return Promise.all(pulls.map(requestOf));
      },
      async open({ branch, base, title, body }: NewRequest) {
        const given = { title, head: branch, base, body };
        const needs = `${PULLS}, and the repository the setting "Allow GitHub Actions to create and approve pull requests"`;
        return requestOf(await api.call({ method: 'POST', path: at('/pulls'), body: given, needs }));
      },
      async close(number: number) {
        const path = at(`/pulls/${number}`);
        await api.call({ method: 'PATCH', path, body: { state: 'closed' }, needs: PULLS });
      },
    },
    /** The requests that brought a commit to the protected branch. */
    async requestsOf(commit: string) {
      const path = at(`/commits/${encodeURIComponent(commit)}/pulls`);
      return Promise.all(
        (await api.list({ path, needs: 'the permission "pull-requests: read"' })).map(requestOf),
      );
    },
    comments: {
      async own({ number }: { readonly number: number }) {
        const path = at(`/issues/${number}/comments`);
        const login = await me();
        const all = await api.list({ path, needs: PULLS });
        return all
          .filter(({ user }) => isBy(user, login))
          .map((one) => ({ id: numberIn(one, 'id'), body: textIn(one, 'body') }));
      },
      async add({ number }: { readonly number: number }, body: string) {
        await api.call({
          method: 'POST',
          path: at(`/issues/${number}/comments`),
          body: { body },
          needs: PULLS,
        });
      },
      async edit(_: { readonly number: number }, id: number, body: string) {
        await api.call({ method: 'PATCH', path: at(`/issues/comments/${id}`), body: { body }, needs: PULLS });
      },
    },
    issues: {
      async own() {
        const login = await me();
        const all = await api.list({ path: at('/issues'), query: { state: 'open' }, needs: ISSUES });
        return all.filter((one) => !('pull_request' in one) && isBy(one['user'], login)).map(issueOf);
      },
      async open(title: string, body: string) {
        return issueOf(
          await api.call({ method: 'POST', path: at('/issues'), body: { title, body }, needs: ISSUES }),
        );
      },
      async edit(number: number, { body, isClosed }: IssueChange) {
        const given = { ...(body === undefined ? {} : { body }), ...(isClosed ? { state: 'closed' } : {}) };
        await api.call({ method: 'PATCH', path: at(`/issues/${number}`), body: given, needs: ISSUES });
      },
    },
    async setStatus(commit: string, status: CommitStatus) {
      const body = {
        state: status.isOk ? 'success' : 'failure',
        context: status.name,
        description: shortened(status.text, 140),
        ...(status.url === null ? {} : { target_url: status.url }),
      };
      await api.call({
        method: 'POST',
        path: at(`/statuses/${encodeURIComponent(commit)}`),
        body,
        needs: STATUSES,
      });
    },
  };
}

const issueOf = (issue: JsonObject) => ({
  number: numberIn(issue, 'number'),
  url: textIn(issue, 'html_url'),
  body: textIn(issue, 'body'),
});

/** Whether this login wrote it. An app's login is `name[bot]`, which only GitHub assigns. */
const isBy = (user: unknown, login: string): boolean => isRecord(user) && user['login'] === login;

/**
 * The login under which the token writes. An app's own token, such as that of a job, may not ask for /user, but for the viewer
 * of GraphQL.
 */
async function loginOf(call: ReturnType<typeof createForgeApi>['call'], address: string): Promise<string> {
  const path = address.endsWith('/v3') ? '/../graphql' : '/graphql';
  const answer = await call({
    method: 'POST',
    path,
    body: { query: 'query { viewer { login } }' },
    needs: 'no permission',
  });
  const data = answer['data'];
  const viewer = isRecord(data) ? data['viewer'] : null;
  if (isRecord(viewer) && typeof viewer['login'] === 'string') return viewer['login'];
  throw new Failure(
    'answer_invalid',
    'GitHub did not say whose token this is',
    'Run the same command again.',
  );
}
