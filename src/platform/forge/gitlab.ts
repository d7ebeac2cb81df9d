import type { JsonObject } from '../../core/json/json-value.ts';
import { isRecord } from '../../core/json/records.ts';
import { createForgeApi, type ForgeAccess } from './forge-api.ts';
import type { CommitStatus, IssueChange, NewRequest, RequestQuery } from './forge-calls.ts';
import { numberIn, once, shortened, textIn } from './members.ts';

interface GitlabProject {
  /** Number or path. */
  readonly project: string;
}

/** A comment's place. GitLab numbers merge requests and issues apart. */
interface Place {
  readonly kind: 'request' | 'issue';
  readonly number: number;
}

const NEEDS = 'the scope "api" and the role Developer';

/** GitLab by its REST API (v4). Throws Failures as ForgeApi does. */
export function createGitlab(access: ForgeAccess, { project }: GitlabProject) {
  const api = createForgeApi(access);
  const at = (path: string) => `/projects/${encodeURIComponent(project)}${path}`;
  const notes = ({ kind, number }: Place) =>
    at(`/${kind === 'request' ? 'merge_requests' : 'issues'}/${number}/notes`);
  const me = once(async () =>
    numberIn(await api.call({ method: 'GET', path: '/user', needs: 'the scope "api"' }), 'id'),
  );

  const requestOf = async (request: JsonObject) => {
    const state = textIn(request, 'state');
    return {
      number: numberIn(request, 'iid'),
      url: textIn(request, 'web_url'),
      branch: textIn(request, 'source_branch'),
      isFromFork: request['source_project_id'] !== request['target_project_id'],
      // `locked` is a merge under way.
      state:
        state === 'merged'
          ? ('merged' as const)
          : state === 'closed'
            ? ('closed' as const)
            : ('open' as const),
      isOwn: isBy(request['author'], await me()),
    };
  };

  return {
    name: access.name,
    requests: {
      async list({ branch, state }: RequestQuery) {
        const query = {
          state: state === 'open' ? 'opened' : 'all',
          scope: 'all',
          ...(branch === undefined ? {} : { source_branch: branch }),
        };
        const found = await api.list({ path: at('/merge_requests'), query, needs: NEEDS });
        return Promise.all(found.map(requestOf));
      },
      async open({ branch, base, title, body }: NewRequest) {
        const given = { source_branch: branch, target_branch: base, title, description: body };
        return requestOf(
          await api.call({ method: 'POST', path: at('/merge_requests'), body: given, needs: NEEDS }),
        );
      },
      async close(number: number) {
        const path = at(`/merge_requests/${number}`);
        await api.call({ method: 'PUT', path, body: { state_event: 'close' }, needs: NEEDS });
      },
    },
    /** How a commit got onto the protected branch. */
    async requestsOf(commit: string) {
      const path = at(`/repository/commits/${encodeURIComponent(commit)}/merge_requests`);
      return Promise.all((await api.list({ path, needs: NEEDS })).map(requestOf));
    },
    comments: {
      async own(place: Place) {
        const id = await me();
        const all = await api.list({ path: notes(place), needs: NEEDS });
        return all
          .filter(({ author, system }) => system !== true && isBy(author, id))
          .map((one) => ({ id: numberIn(one, 'id'), body: textIn(one, 'body') }));
      },
      async add(place: Place, body: string) {
        await api.call({ method: 'POST', path: notes(place), body: { body }, needs: NEEDS });
      },
      async edit(place: Place, id: number, body: string) {
        await api.call({ method: 'PUT', path: `${notes(place)}/${id}`, body: { body }, needs: NEEDS });
      },
    },
    issues: {
      async own() {
        const id = await me();
        const query = { state: 'opened', scope: 'all', author_id: String(id) };
        const all = await api.list({ path: at('/issues'), query, needs: NEEDS });
        return all.filter((one) => isBy(one['author'], id)).map(issueOf);
      },
      async open(title: string, body: string) {
        const given = { title, description: body };
        return issueOf(await api.call({ method: 'POST', path: at('/issues'), body: given, needs: NEEDS }));
      },
      async edit(number: number, { body, isClosed }: IssueChange) {
        const given = {
          ...(body === undefined ? {} : { description: body }),
          ...(isClosed ? { state_event: 'close' } : {}),
        };
        await api.call({ method: 'PUT', path: at(`/issues/${number}`), body: given, needs: NEEDS });
      },
    },
    async setStatus(commit: string, status: CommitStatus) {
      const body = {
        state: status.isOk ? 'success' : 'failed',
        name: status.name,
        description: shortened(status.text, 140),
        ...(status.url === null ? {} : { target_url: status.url }),
      };
      await api.call({
        method: 'POST',
        path: at(`/statuses/${encodeURIComponent(commit)}`),
        body,
        needs: NEEDS,
      });
    },
  };
}

const issueOf = (issue: JsonObject) => ({
  number: numberIn(issue, 'iid'),
  url: textIn(issue, 'web_url'),
  body: textIn(issue, 'description'),
});

const isBy = (author: unknown, id: number): boolean => isRecord(author) && author['id'] === id;
