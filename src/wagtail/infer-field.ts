import type { SiteField, SiteTerm } from '../contract/inventory.ts';
import { similarity } from '../contract/name-similarity.ts';
import type { Json } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import { isBlank } from '../core/text/invisible-characters.ts';

type Taxonomies = Readonly<Record<string, readonly SiteTerm[]>>;

/** Members of a page that sailplan itself reads, and those that Wagtail gives every page: no rule reads them. */
const OWN = new Set([
  ...[
    'page_id',
    'id',
    'title',
    'locale',
    'alias_of',
    'saleor_product_id',
    'saleor_product_slug',
    'draft_terms',
  ],
  ...['meta', 'slug', 'url', 'url_path', 'html_url', 'detail_url', 'type', 'seo_title', 'search_description'],
  ...[
    'show_in_menus',
    'first_published_at',
    'last_published_at',
    'latest_revision_created_at',
    'parent',
    'owner',
  ],
  ...[
    'live_revision_id',
    'has_unpublished_changes',
    'translation_key',
    'go_live_at',
    'expire_at',
    'depth',
    'path',
  ],
]);

export const isOwnMember = (name: string): boolean => OWN.has(name);

/** Text of more characters, of several lines, or with tags is prose, and no card or filter shows it. */
const MOST_CHARACTERS = 300;
const isProse = (text: string): boolean => text.length > MOST_CHARACTERS || /\n|<\w+[ />]/.test(text.trim());

/** Type of a field, inferred from the values of all pages. */
export function inferField(name: string, values: readonly Json[], taxonomies: Taxonomies): SiteField {
  const filled = values.filter((value) => !isEmpty(value));
  const distinct = new Set(filled.map((value) => JSON.stringify(value)));
  const field = (shape: SiteField['shape'], more: Partial<SiteField> = {}): SiteField => ({
    name,
    shape,
    filled: filled.length,
    taxonomy: null,
    isUnique: filled.length > 0 && distinct.size === filled.length,
    note: '',
    ...more,
  });
  const isAll = (test: (value: Json) => boolean) => filled.every(test);
  if (filled.length === 0) return emptyField(name, values, taxonomies, field);
  if (isAll((value) => typeof value === 'boolean')) return field('boolean');
  if (isAll((value) => typeof value === 'number' && Number.isSafeInteger(value))) return field('number');
  if (
    isAll((value) => isRecord(value) && ['url', 'error'].some((member) => typeof value[member] === 'string'))
  )
    return field('image');
  if (isAll((value) => Array.isArray(value) && value.every((key) => typeof key === 'string')))
    return field('terms', { taxonomy: taxonomyOf(name, filled.flat() as string[], taxonomies, SOME_KEYS) });
  if (!isAll((value) => typeof value === 'string'))
    return field('unknown', {
      note: `no rule can read its values, such as ${sample(filled[0])}`,
    });
  const texts = filled as readonly string[];
  if (texts.every((text) => /^-?\d+\.\d+$/.test(text))) return field('number');
  const taxonomy = taxonomyOf(name, texts, taxonomies, ALL_KEYS);
  if (taxonomy !== null) return field('term', { taxonomy });
  return field('text', texts.some(isProse) ? { note: 'long or formatted text' } : {});
}

const isEmpty = (value: Json): boolean =>
  value === null ||
  (typeof value === 'string' && isBlank(value)) ||
  (Array.isArray(value) && value.length === 0);

/** If no page has a value, the kind of empty value and the name give a hint. */
function emptyField(
  name: string,
  values: readonly Json[],
  taxonomies: Taxonomies,
  field: (shape: SiteField['shape'], more?: Partial<SiteField>) => SiteField,
): SiteField {
  const note = 'every page leaves it empty';
  const named = Object.keys(taxonomies).find((taxonomy) => similarity(name, taxonomy) === 1) ?? null;
  if (values.some(Array.isArray))
    return named === null ? field('unknown', { note }) : field('terms', { taxonomy: named });
  if (values.some((value) => typeof value === 'string')) return field('text');
  return field('unknown', { note });
}

/** The share of a field's keys that its taxonomy must list: a set may have a draft or a deleted term, a text must not be taken for a term. */
const SOME_KEYS = 0.5;
const ALL_KEYS = 1;

/** The taxonomy that lists most of the keys; of equals the one whose name is most like the field's. */
function taxonomyOf(
  name: string,
  used: readonly string[],
  taxonomies: Taxonomies,
  least: number,
): string | null {
  const keys = new Set(used);
  const [best] = Object.entries(taxonomies)
    .map(([taxonomy, terms]) => {
      const known = new Set(terms.map(({ key }) => key));
      const share = [...keys].filter((key) => known.has(key)).length / keys.size;
      return { taxonomy, share, likeness: similarity(name, taxonomy) };
    })
    .filter(({ share }) => share >= least)
    .sort((a, b) => b.share - a.share || b.likeness - a.likeness);
  return best?.taxonomy ?? null;
}

function sample(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
