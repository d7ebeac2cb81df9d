import { isImage, type SourceValue } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isLocalAddress, isTemporary } from '../core/image-address.ts';
import type { Json } from '../core/json/json-value.ts';
import { byCodeUnit } from '../core/json/records.ts';

/** Concerns the whole site and not one page, so it is reported once, with the setting to change. */
const OF_THE_SITE = [
  'image_address_signed',
  'image_address_relative',
  'image_address_local',
  'image_not_made',
];

/** Errors of an export that could not make an image, though nothing is wrong with it. */
const NOT_MADE = ['media_unreachable', 'media_not_writable', 'database_not_writable'];

/** An error of an image leaves its metadata key as it is, and the offering is compared. */
export const isOfImage = (code: string): boolean => code === 'image_broken' || OF_THE_SITE.includes(code);

/** Why an image cannot be written; null: it can, or there is none. `shopUrl`: a shop on this machine may show local images. */
export function imageFault(
  value: SourceValue | undefined,
  shopUrl: string | null,
): { readonly code: string; readonly error: string } | null {
  if (value === undefined || !isImage(value)) return null;
  if ('url' in value) {
    const isUnreachable = isLocalAddress(value.url) && (shopUrl === null || !isLocalAddress(shopUrl));
    return isUnreachable ? { code: 'image_address_local', error: new URL(value.url).host } : null;
  }
  const { error } = value;
  if (NOT_MADE.includes(error)) return { code: 'image_not_made', error };
  if (isTemporary(error)) return { code: 'image_address_signed', error };
  return { code: error === 'relative' ? 'image_address_relative' : 'image_broken', error };
}

/** Pages that a problem of the site names. */
const NAMED = 3;

/** Combines problems of the site's image addresses into one per field and reason, instead of one per page. */
export function mergeImageProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  if (!problems.some(({ code }) => OF_THE_SITE.includes(code))) return problems;
  const others = problems.filter(({ code }) => !OF_THE_SITE.includes(code));
  const groups = new Map<string, Diagnostic[]>();
  for (const problem of problems) {
    if (!OF_THE_SITE.includes(problem.code)) continue;
    const { field, error } = problem.data;
    const name = JSON.stringify([problem.code, field, error]);
    groups.set(name, [...(groups.get(name) ?? []), problem]);
  }
  const merged = [...groups].sort(([a], [b]) => byCodeUnit(a, b)).map(([, group]) => mergedFrom(group));
  return [...others, ...merged];
}

function mergedFrom(group: readonly Diagnostic[]): Diagnostic {
  const [{ severity, code, data }] = group as readonly [Diagnostic, ...Diagnostic[]];
  const { field = '', key = '', error = '' } = data;
  const named = group
    .slice(0, NAMED)
    .map(({ data: { page_id = null, title = null } }): Json => ({ page_id, title }));
  return { severity, code, ref: 'source', data: { field, key, error, pages: group.length, named } };
}
