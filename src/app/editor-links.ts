import type { Snippet } from '../core/desired-state.ts';
import { own } from '../core/json/records.ts';
import { parseWebAddress } from '../core/web-address.ts';
import type { Change } from '../diff/model.ts';
import type { Snippets } from '../wagtail/read-result.ts';
import type { EditorAddresses } from './options.ts';

/** Where an editor opens a page; null where the admin's address is not known. */
export function editorUrl({ wagtailAdmin: base }: EditorAddresses, pageId: number): string | null {
  return addressBelow(base, `pages/${pageId}/edit/`);
}

/** Address of a snippet's editor, as `register_snippet` defines it. */
function snippetUrl({ wagtailAdmin: base }: EditorAddresses, { id, model }: Snippet): string | null {
  const [app, name] = model?.split('.') ?? [];
  if (base === undefined || app === undefined || name === undefined) return null;
  const path = ['snippets', app, name.toLowerCase(), 'edit', String(id)].map(encodeURIComponent).join('/');
  return addressBelow(base, `${path}/`);
}

/** For provenance.json: the snippets that changes come from. */
export const snippetsOf = (changes: readonly Change[], known: Snippets): Snippets =>
  Object.fromEntries(
    changes.flatMap(({ provenance }) => {
      const name = 'key' in provenance ? `${provenance.taxonomy}.${provenance.key}` : '';
      const snippet = own(known, name);
      return snippet === undefined ? [] : [[name, snippet] as const];
    }),
  );

/** For provenance.json: ref of a page or of a changed resource → its address in the admin or dashboard. */
export function editorLinks(
  changes: readonly Change[],
  addresses: EditorAddresses,
  snippets: Snippets,
): Readonly<Record<string, string>> {
  const { saleorDashboard: dashboard } = addresses;
  return Object.fromEntries(
    changes.flatMap(({ ref, ids, provenance }) => {
      const page = 'page_id' in provenance ? editorUrl(addresses, provenance.page_id) : null;
      const path = dashboardPath(ids);
      const inDashboard = path === null ? null : addressBelow(dashboard, path);
      const term = 'key' in provenance ? `${provenance.taxonomy}.${provenance.key}` : '';
      const snippet = own(snippets, term);
      const editor = snippet === undefined ? null : snippetUrl(addresses, snippet);
      return [
        ...(page === null || !('page_id' in provenance)
          ? []
          : [[`page.${provenance.page_id}`, page] as const]),
        ...(editor === null ? [] : [[`term.${term}`, editor] as const]),
        ...(inDashboard === null ? [] : [[ref, inDashboard] as const]),
      ];
    }),
  );
}

function dashboardPath(ids: Change['ids']): string | null {
  if (ids['product'] !== undefined) return `products/${encodeURIComponent(ids['product'])}`;
  return ids['attribute'] === undefined ? null : `attributes/${encodeURIComponent(ids['attribute'])}`;
}

/** null if there is no base or it is not an http(s) address; a config from a branch may contain anything. */
function addressBelow(base: string | undefined, path: string): string | null {
  const url = parseWebAddress(base ?? '');
  if (url === null) return null;
  return new URL(path, url.pathname.endsWith('/') ? url : `${url.origin}${url.pathname}/`).href;
}
