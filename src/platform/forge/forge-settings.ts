import { Failure } from '../../core/failure.ts';
import { isRecord } from '../../core/json/records.ts';
import { createForgeApi, type ForgeAccess } from './forge-api.ts';

/**
 * Settings of a repository, for doctor: only GET requests. null: it does not exist, or the token cannot see it; forges answer
 * the same for both.
 */

/** GitHub by its REST API (version 2022-11-28): "Get a branch", "List environments". */
export function githubSettings(access: ForgeAccess, repository: string) {
  const api = createForgeApi(access);
  const at = (path: string) => `/repos/${repository.split('/').map(encodeURIComponent).join('/')}${path}`;
  const read = (path: string, needs: string) =>
    orHidden(api.call({ method: 'GET', path: at(path), needs: `the permission "${needs}: read"` }));
  return {
    forge: 'github' as const,
    name: access.name,
    async isProtected(branch: string): Promise<boolean | null> {
      const found = await read(`/branches/${encodeURIComponent(branch)}`, 'contents');
      return typeof found?.['protected'] === 'boolean' ? found['protected'] : null;
    },
    async environments(): Promise<Readonly<Record<string, boolean>> | null> {
      const found = await read('/environments?per_page=100', 'actions');
      // Of more than one page only a part is known, and a missing name would prove nothing.
      if (!Array.isArray(found?.['environments']) || found['total_count'] !== found['environments'].length)
        return null;
      return Object.fromEntries(
        found['environments']
          .filter(isRecord)
          .map((one) => [String(one['name']), isRecord(one['deployment_branch_policy'])]),
      );
    },
  };
}

/**
 * GitLab by its REST API (v4): "Get single repository branch", "List environments". Which branches may use an environment is
 * decided by its variables there, which only maintainers see.
 */
export function gitlabSettings(access: ForgeAccess, project: string) {
  const api = createForgeApi(access);
  const at = (path: string) => `/projects/${encodeURIComponent(project)}${path}`;
  const needs = 'the scope "api" and the role Developer';
  return {
    forge: 'gitlab' as const,
    name: access.name,
    async isProtected(branch: string): Promise<boolean | null> {
      const path = at(`/repository/branches/${encodeURIComponent(branch)}`);
      const found = await orHidden(api.call({ method: 'GET', path, needs }));
      return typeof found?.['protected'] === 'boolean' ? found['protected'] : null;
    },
    async environments(): Promise<Readonly<Record<string, boolean>> | null> {
      const found = await orHidden(api.list({ path: at('/environments'), needs }));
      return found === null ? null : Object.fromEntries(found.map((one) => [String(one['name']), true]));
    },
  };
}

async function orHidden<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && error.code === 'permission_missing') return null;
    throw error;
  }
}
