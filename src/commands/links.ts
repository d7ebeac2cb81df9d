import type { Change } from '../diff/inputs.ts';
import type { Settings } from './config.ts';

/** Where an editor opens a page: under the config's wagtail.admin_url; null where none is named. */
export function editorUrl({ config }: Settings, pageId: number): string | null {
  const base = config?.wagtail?.admin_url;
  return base === undefined ? null : new URL(`pages/${pageId}/edit/`, slashed(base)).href;
}

/** For made.json: ref of a page or of what changes in the shop → where a person can look at it. */
export function linksOf(changes: readonly Change[], settings: Settings): Readonly<Record<string, string>> {
  const dashboard = settings.config?.saleor_dashboard_url;
  return Object.fromEntries(
    changes.flatMap(({ ref, ids, provenance }) => {
      const page = 'page_id' in provenance ? editorUrl(settings, provenance.page_id) : null;
      const path = dashboardPath(ids);
      return [
        ...(page === null || !('page_id' in provenance)
          ? []
          : [[`page.${provenance.page_id}`, page] as const]),
        ...(dashboard === undefined || path === null
          ? []
          : [[ref, new URL(path, slashed(dashboard)).href] as const]),
      ];
    }),
  );
}

function dashboardPath(ids: Change['ids']): string | null {
  if (ids['product'] !== undefined) return `products/${encodeURIComponent(ids['product'])}`;
  return ids['attribute'] === undefined ? null : `attributes/${encodeURIComponent(ids['attribute'])}`;
}

const slashed = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
