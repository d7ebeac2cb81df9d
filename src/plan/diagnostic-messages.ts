import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
import { EXTENT_MESSAGES } from './snapshots/extent-messages.ts';

interface DiagnosticText {
  readonly message: (data: JsonObject, ref: string) => string;
  readonly hint: string;
}

const q = (value: unknown): string => `"${String(value)}"`;
const page = (data: JsonObject): string => `page ${data['page_id']} (${data['title']})`;
/** The file may come from anybody: a value that is not a list counts as an empty one. */
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const nearest = ({ near }: JsonObject): string =>
  list(near).length === 0 ? '' : ` (did you mean ${list(near).join(' or ')}?)`;
const others = (data: JsonObject): string =>
  list(data['others'])
    .map((other) => page((other ?? {}) as JsonObject))
    .join(', ') + (data['more'] === undefined ? '' : ` and ${data['more']} more`);
/** `value "Sales" (slug sales, external reference ERP-1)` */
const valueWords = ({ name, slug, reference }: JsonObject): string =>
  `value ${q(name)} (slug ${String(slug)}${typeof reference === 'string' ? `, external reference ${reference}` : ''})`;
/** `1 page: 7 (Lead scout)`, `120 pages, for example 7 (Lead scout), …` */
const pagesNamed = (data: JsonObject): string => {
  const named = list(data['named']).map((one) => {
    const { page_id, title } = (one ?? {}) as JsonObject;
    return `${page_id} (${title})`;
  });
  return `${many(data['pages'], 'page')} (${data['pages'] === named.length ? '' : 'for example '}${named.join(', ')})`;
};
const labels = (data: JsonObject): string => list(data['labels']).join(', ');
const holders = (data: JsonObject): string => {
  const known = list(data['products']);
  if (known.length === 0) return ' (no compared product)';
  const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
  return ` (compared products: ${known.slice(0, 10).join(', ')}${more})`;
};
/** Products, or fields of one, that a message names. */
const NAMED_MAX = 3;
/** `gsv_roles, gsv_badges and 3 more` */
const firstOf = (names: readonly string[]): string =>
  `${names.slice(0, NAMED_MAX).join(', ')}${names.length > NAMED_MAX ? ` and ${names.length - NAMED_MAX} more` : ''}`;
/** Counts products of any type, variants and pages. */
const having = (users: unknown): string =>
  users === 1 ? '1 product or variant uses it' : `${users} products or variants use it`;
const many = (count: unknown, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);
const KEPT: Readonly<Record<string, string>> = {
  taxonomy_empty: 'its taxonomy has no terms, so none of its values are deleted',
  taxonomy_unread: 'the label of a term in its taxonomy cannot be read, so none of its values are deleted',
  not_counted: 'the number of products and variants that use it is unknown, so it is not deleted',
};
const kept = (data: JsonObject): string => {
  if (data['kept'] === undefined) return '';
  if (data['kept'] === 'stands_for_term') {
    const term = data['term'] === undefined ? 'a term under another spelling' : `the term ${q(data['term'])}`;
    return `; it matches ${term}, so it is not deleted`;
  }
  const because = KEPT[String(data['kept'])] ?? `${having(data['users'])}, so it is not deleted`;
  return `; ${because}`;
};
const KINDS_OF_ATTRIBUTE: Readonly<Record<string, string>> = {
  PAGE_TYPE: 'pages',
  CUSTOMER_TYPE: 'customers',
};
const NOT_REVERTIBLE: Readonly<Record<string, (data: JsonObject) => string>> = {
  attribute: () => 'revert does not delete attributes',
  deleted: () => 'a deleted value cannot be restored',
  translation: () => 'Saleor cannot remove a translation',
  slug: (d) => `its old name ${q(d['name'])} would get another slug now`,
  in_use: (d) => `${having(d['users'])}, which this plan does not change`,
  not_counted: () => 'the number of products and variants that use it is unknown',
  not_assigned: () => 'the attribute is no longer assigned to the product type',
  required: () => 'Saleor requires a value of the attribute, and it had none before',
  value_gone: () => 'a value that it had no longer exists',
  gone: () => 'it no longer exists',
  kind: () => 'revert does not support this kind of resource',
};
const named = (ref: string): string => ref.split('.').slice(1).join('.');

/** Message and next step for every code of a diagnostic; a code's meaning never changes, its texts may. */
export const MESSAGES: Readonly<Record<string, DiagnosticText>> = {
  ...EXTENT_MESSAGES,
  key_malformed: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} (${labels(d)}) is not lowercase snake_case`,
    hint: 'Give the term a key such as data_analyst in Wagtail. Choose it well: a key never changes.',
  },
  key_too_long: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} is longer than ${d['max']} characters`,
    hint: 'Shorten the key in Wagtail.',
  },
  key_duplicate: {
    message: (d, ref) =>
      `${named(ref)}: the key ${q(d['key'])} occurs ${list(d['labels']).length} times (${labels(d)})`,
    hint: 'Merge the terms in Wagtail so that each key occurs once.',
  },
  label_empty: {
    message: (d, ref) => `${named(ref)}: the term ${q(d['key'])} has no label`,
    hint: 'Give the term a label in Wagtail.',
  },
  term_malformed: {
    message: (d, ref) =>
      `${named(ref)}: ${d['member']} of the term ${q(d['key'])} is ${d['found']}, not text`,
    hint: 'Correct the term in Wagtail, or the site’s code that writes it. The other terms are used.',
  },
  label_shared: {
    message: (d, ref) =>
      `${named(ref)}: the terms ${list(d['keys']).map(q).join(' and ')} have the same label (${labels(d)})`,
    hint: 'Each term gets its own value, and shoppers cannot tell them apart: change a label in Wagtail, or merge the terms.',
  },
  registry_unknown: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} is not in the Capability Registry`,
    hint: 'Register the capability, or correct the key in Wagtail.',
  },
  registry_retired: {
    message: (d, ref) => `${named(ref)}: the Capability Registry has retired the key ${q(d['key'])}`,
    hint: 'Use another capability on the pages that have it, then remove the term in Wagtail.',
  },
  term_draft: {
    message: (d, ref) =>
      `${page(d)} uses the draft term ${q(d['key'])} of ${named(ref)}: the term is skipped`,
    hint: 'Publish the term in Wagtail, or remove it from the page.',
  },
  value_missing: {
    message: (d, ref) => `${named(ref)}: Saleor has no value for this term (${d['label']})`,
    hint: 'Plan with --create-missing.',
  },
  value_adoptable: {
    message: (d, ref) => `${named(ref)}: Saleor has this term under another spelling: ${valueWords(d)}`,
    hint: 'Plan with --adopt to take that value over: it is renamed (or gets an external reference) and keeps its id and products.',
  },
  value_ambiguous: {
    message: (d, ref) => {
      const found = list(d['values']).map((one) => valueWords((one ?? {}) as JsonObject));
      const terms = list(d['terms']).map(q);
      const rivals =
        terms.length === 0
          ? ''
          : `, which also ${found.length === 1 ? 'matches' : 'match'} ${terms.join(' and ')}`;
      return `${named(ref)}: ${many(found.length, 'value')} in Saleor ${found.length === 1 ? 'matches' : 'match'} this term: ${found.join(' and ')}${rivals}`;
    },
    hint: 'Keep one of them: rename or delete the other values in Saleor, or give the terms different labels in Wagtail. Then plan again.',
  },
  label_in_use: {
    message: (d, ref) =>
      `${named(ref)}: the new value would get the same name as ${valueWords(d)}, which belongs to another term`,
    hint: 'Rename that value in Saleor, or change the label of one of the terms in Wagtail.',
  },
  reference_taken: {
    message: (d, ref) =>
      `${named(ref)}: the external reference ${q(d['reference'])} is in use by ${named(String(d['holder']))}`,
    hint: 'Clear or correct that reference in Saleor: a reference is unique in the whole shop.',
  },
  label_in_translation: {
    message: (d, ref) => {
      const why = `Saleor would change the slug${d['slug'] === null ? '' : ` to ${q(d['slug'])}`}`;
      return d['stored'] === false
        ? `${named(ref)}: label ${q(d['label'])} is not stored: as a name, ${why}, and no translation is written`
        : `${named(ref)}: label ${q(d['label'])} is stored as a translation, because ${why}`;
    },
    hint: 'Storefronts read it with `translation(languageCode: EN) { name }`; EN is Saleor’s code of the language (pt-br is PT_BR).',
  },
  label_too_long: {
    message: (d, ref) =>
      `${named(ref)}${d['key'] === undefined ? '' : `.${d['key']}`}: the label has ${d['length']} characters; Saleor allows ${d['max']}`,
    hint: 'Shorten the label in Wagtail.',
  },
  translations_not_permitted: {
    message: (d) => `the token lacks ${d['permission']}, so labels are not written as translations`,
    hint: 'Give the app that permission, or set `"label_languages": []` in the contract.',
  },
  translations_not_read: {
    message: (d) =>
      `labels in ${list(d['locales']).join(', ')} were not read from Saleor, so they are not written`,
    hint: 'Read the shop directly, or take the snapshot with --locale. A language that Saleor does not know cannot be written.',
  },
  extra_value: {
    message: (d, ref) =>
      `${named(ref)}: Saleor has this value (${d['name']}), but Wagtail has no such term${kept(d)}`,
    hint: 'Add the term in Wagtail, or plan with --prune-values (and --prune-used if products use it).',
  },
  permission_missing_to_apply: {
    message: (d) =>
      `applying this plan needs the permission ${d['permission']}; the token used for planning lacks it`,
    hint: 'Give the app that permission before you apply, or apply with another token.',
  },
  extra_values_counted: {
    message: (d) =>
      `${many(d['values'], 'value')} in Saleor ${d['values'] === 1 ? 'belongs' : 'belong'} to no term: ${Number(d['values']) - Number(d['used'])} unused, ${d['used']} used by products (${d['products']} uses in total)`,
    hint: 'Plan with --prune-values to delete the unused ones.',
  },
  used_value_deleted: {
    message: (d, ref) =>
      `${named(ref)} (${d['name']}) is deleted although ${having(d['users'])}${holders(d)}`,
    hint: 'They lose the value: check each of them, or plan without --prune-used.',
  },
  attribute_missing: {
    message: (_, ref) => `Saleor has no attribute ${q(named(ref))}, or hides it from this token`,
    hint: 'Create it with --create-attributes. If it exists and is hidden in the storefront, give the token MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES.',
  },
  input_type_differs: {
    message: (d, ref) =>
      `the attribute ${q(named(ref))} has the input type ${d['found']}; the contract requires ${d['wanted']}`,
    hint: 'Saleor cannot change an input type: create a new attribute, or correct the contract. Find the line: sailplan contract check',
  },
  assignment_missing: {
    message: (_, ref) =>
      `the product type ${q(ref.split('.')[1])} lacks the attribute ${q(ref.split('.')[2])}`,
    hint: 'Plan with --sync-attributes --sync-products (without --strict) to assign it.',
  },
  product_type_missing: {
    message: (d, ref) => `Saleor has no product type ${q(named(ref))}${nearest(d)}`,
    hint: 'Name the type by its slug in the contract, create it in Saleor, or remove it from the contract. Find the line: sailplan contract check',
  },
  label_without_slug: {
    message: (d, ref) =>
      `${named(ref)}: the label ${labels(d)} of the key ${q(d['key'])} has no letter or digit, so Saleor would derive an empty slug`,
    hint: 'Give the term a label with a letter or a digit in Wagtail.',
  },
  offering_id_used_twice: {
    message: (d) => `${page(d)} and ${others(d)} have the same cp_offering_id ${q(d['offering_id'])}`,
    hint: 'Give each page its own id; these pages are skipped until then.',
  },
  offering_id_unknown: {
    message: (d) =>
      `${page(d)}: the Control Plane has no offering ${q(d['offering_id'])} (cp_offering_id)${nearest(d)}`,
    hint: 'Correct the id on the page, or register the offering; the page is skipped until then.',
  },
  offering_id_retired: {
    message: (d) => `${page(d)}: the Control Plane has retired the offering ${q(d['offering_id'])}`,
    hint: 'Give the page the id of the offering that replaces it, or unpublish the page.',
  },
  offering_version_unknown: {
    message: (d) =>
      `${page(d)}: the Control Plane has no version ${q(d['version'])} of the offering ${q(d['offering_id'])}`,
    hint: 'Correct cp_offering_version_id on the page.',
  },
  offering_version_retired: {
    message: (d) =>
      `${page(d)}: the Control Plane has retired version ${q(d['version'])} of the offering ${q(d['offering_id'])}`,
    hint: 'Give the page a version that is in use, or leave cp_offering_version_id empty.',
  },
  products_without_page: {
    message: (d) => {
      const listed = list(d['listed']).map((one) => {
        const { slug, holds } = (one ?? {}) as JsonObject;
        return { slug: String(slug), held: list(holds).map(String) };
      });
      // Products with managed content matter, because sailplan does not update them.
      const first = listed.toSorted((one, other) => other.held.length - one.held.length).slice(0, NAMED_MAX);
      const names = first.map(({ slug, held }) => (held.length === 0 ? slug : `${slug} (${firstOf(held)})`));
      const more = Number(d['products']) - names.length;
      const rest = more > 0 && names.length > 0 ? ` and ${more} more` : '';
      return `${many(d['products'], 'product')} of the contract’s product types ${d['products'] === 1 ? 'has' : 'have'} no page${names.length === 0 ? '' : `: ${names.join(', ')}${rest}`}`;
    },
    hint: 'Name each product on its page in Wagtail, or clear its fields in Saleor: sailplan changes only products that a page names.',
  },
  product_type_ambiguous: {
    message: (d, ref) =>
      `Saleor has ${list(d['slugs']).length} product types named ${q(named(ref))}, with the slugs ${list(d['slugs']).join(', ')}`,
    hint: 'Name the type by its slug in the contract; only slugs are unique.',
  },
  product_type_named_twice: {
    message: (d, ref) =>
      `the contract names the product type ${q(named(ref))} ${list(d['names']).length} times: ${list(d['names']).join(', ')}`,
    hint: 'Keep one of these names in the contract, preferably the slug. Find the line: sailplan contract check',
  },
  product_type_unclear: {
    message: (d) =>
      `${page(d)}: its product is of type ${q(d['product_type'])}, one of ${list(d['slugs']).length} types named ${q(d['name'])} (${list(d['slugs']).join(', ')})`,
    hint: 'Name the type by its slug in the contract; only slugs are unique.',
  },
  attribute_assigned_to_variants: {
    message: (d, ref) =>
      d['page_id'] === undefined
        ? `the product type ${q(ref.split('.')[1])} has ${q(ref.split('.')[2])} as a variant attribute, so Saleor refuses to assign it to products`
        : `${page(d)}: its product type ${q(d['product_type'])} has ${q(d['attribute'])} as a variant attribute, so the product cannot have it`,
    hint: 'Remove the product type from the attribute’s product_types in the contract. Or unassign the attribute from the variants in Saleor (they lose its values permanently) and plan with --sync-attributes.',
  },
  required_attribute_emptied: {
    message: (d) =>
      `${page(d)}: ${d['field']} is empty, but Saleor requires a value for the attribute ${q(d['attribute'])}`,
    hint: 'Fill in the field on the page, or switch off "Value required" of the attribute in Saleor.',
  },
  product_unnamed: {
    message: (d) => `${page(d)} names no Saleor product`,
    hint: 'Fill in saleor_product_id (or saleor_product_slug) on the page.',
  },
  product_id_malformed: {
    message: (d) =>
      `${page(d)}: saleor_product_id ${q(d['saleor_product_id'])} is not a product id${nearest(d)}`,
    hint: 'Use Saleor’s global id, for example UHJvZHVjdDox (base64 of "Product:1"); the dashboard shows it in the address of the product.',
  },
  product_missing: {
    message: (d) =>
      `${page(d)}: Saleor has no product ${d['saleor_product_id'] === null ? `with slug ${q(d['saleor_product_slug'])}` : `with id ${d['saleor_product_id']}`}`,
    hint: 'Correct the page’s product id or slug, or create the product in Saleor.',
  },
  product_ids_disagree: {
    message: (d) =>
      `${page(d)}: saleor_product_id ${d['saleor_product_id']} is the product ${q(d['slug'])}, but saleor_product_slug ${q(d['saleor_product_slug'])} is another product`,
    hint: 'Correct one of the two on the page.',
  },
  product_slug_stale: {
    message: (d) =>
      `${page(d)}: saleor_product_slug ${q(d['saleor_product_slug'])} matches no product; sailplan uses the product ${q(d['slug'])}, found by its id`,
    hint: 'Correct or clear saleor_product_slug on the page.',
  },
  product_claimed_twice: {
    message: (d) => `${page(d)} and ${others(d)} name the same product`,
    hint: 'Keep the product on one of these pages; all of them are skipped until then.',
  },
  product_type_unexpected: {
    message: (d) =>
      `${page(d)}: its product is of type ${q(d['product_type'])}, which the contract does not name`,
    hint: 'Correct the page’s product, or add the type to product_types in the contract. Find the line: sailplan contract check',
  },
  attribute_not_assigned: {
    message: (d) =>
      `${page(d)}: its product type ${q(d['product_type'])} lacks the attribute ${q(d['attribute'])}`,
    hint: 'Plan with --sync-attributes --sync-products to assign it.',
  },
  attribute_unavailable: {
    message: (d) =>
      `${page(d)} needs the attribute ${q(d['attribute'])}, which is missing in Saleor or has another kind or input type`,
    hint: 'Fix the attribute first; the plan lists its error.',
  },
  value_unavailable: {
    message: (d) =>
      `${page(d)} needs ${d['attribute']}.${d['key']}, which cannot be assigned (${d['because']})`,
    hint: 'Fix the value first; the plan lists its error.',
  },
  field_missing: {
    message: (d) => `${page(d)} has no field ${q(d['field'])}`,
    hint: 'Add the field to the export (or to api_fields). A missing field never counts as an empty one.',
  },
  required_field_empty: {
    message: (d) => `${page(d)}: the required field ${d['field']} is empty`,
    hint: 'Fill it in on the page. An empty required field never deletes the key in Saleor.',
  },
  term_unknown: {
    message: (d) =>
      `${page(d)}: ${d['field']} has the key ${q(d['key'])}, which is not in ${d['taxonomy']}${nearest(d)}`,
    hint: 'Correct the page, or add the term in Wagtail.',
  },
  term_not_usable: {
    message: (d) =>
      `${page(d)}: ${d['field']} has the key ${q(d['key'])}, which cannot be used (${d['because']})`,
    hint: 'Fix the term in Wagtail first.',
  },
  estimate_reversed: {
    message: (d) => `${page(d)}: its credit estimate runs from ${d['min']} down to ${d['max']}`,
    hint: 'Swap the two on the page.',
  },
  estimate_negative: {
    message: (d) => `${page(d)}: ${d['field']} is negative (${d['value']})`,
    hint: 'Correct the estimate on the page.',
  },
  field_malformed: {
    message: (d) => `${page(d)}: ${d['field']} ${d['error']}`,
    hint: 'Correct the field on the page. If the page is right, correct the code that writes the field to the export or API v2.',
  },
  image_broken: {
    message: (d) => `${page(d)}: ${d['field']} is broken (${d['error']}); ${d['key']} is not changed`,
    hint: 'Upload the image again on the page. For not_http and not_a_url, correct MEDIA_URL or the storage’s settings instead.',
  },
  image_address_signed: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} expire or contain credentials (${d['error']}); ${d['key']} is not changed`,
    hint: 'Serve public images without a signature: `AWS_QUERYSTRING_AUTH = False` (S3), `GS_QUERYSTRING_AUTH = False` (Google), a public container (Azure), a public distribution (CloudFront).',
  },
  image_not_made: {
    message: (d) =>
      `${d['field']}: the export could not create the images of ${pagesNamed(d)} (${d['error']}); ${d['key']} is not changed`,
    hint: 'Run the export on a machine with the media volume. Run it once where media and database are writable: it then creates every rendition, and later exports only read.',
  },
  image_address_relative: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} are relative; ${d['key']} is not changed`,
    hint: 'Set WAGTAILADMIN_BASE_URL (or an absolute MEDIA_URL) on the site, or give --media-base-url (media_base_url in the config).',
  },
  image_address_local: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} point to ${d['error']}, which shoppers cannot reach; ${d['key']} is not changed`,
    hint: 'Set WAGTAILADMIN_BASE_URL (or MEDIA_URL) on the site to its public address, and write the export again.',
  },
  primary_not_among: {
    message: (d) => `${page(d)}: ${d['field']} is ${q(d['key'])}, which is not among its ${d['among']}`,
    hint: 'Add it to the set, or choose another primary one.',
  },
  shop_version_newer: {
    message: (d) => `Saleor ${d['version'] ?? ''} is newer than the tested versions (3.21 to 3.24)`,
    hint: 'Review the plan with extra care, or look for a newer version of sailplan.',
  },
  report_unproved: {
    message: (d) =>
      `${d['path']} was not written by an apply with this app's token, and the archive does not list it`,
    hint: 'Review the plan as if somebody else had proposed it. Reports from before a token change cannot be checked.',
  },
  attribute_of_another_kind: {
    message: (d, ref) =>
      `Saleor has ${q(named(ref))} as an attribute of ${KINDS_OF_ATTRIBUTE[String(d['type'])] ?? `the kind ${d['type']}`}, which products cannot have`,
    hint: 'Name another slug in the contract, or delete that attribute in Saleor: attribute slugs are unique over the whole shop. Find the line: sailplan contract check',
  },
  attribute_maybe_hidden: {
    message: (d, ref) =>
      `the attribute ${q(named(ref))} may exist but be hidden: the token lacks ${d['permission']}`,
    hint: 'Give the app that permission, or make the attribute visible in the storefront.',
  },
  locale_unknown_to_saleor: {
    message: (d) => `Saleor has no language ${q(d['locale'])}, so labels in it are not written`,
    hint: 'Use Saleor’s name of the language (for example pt-br), or remove it from label_languages in the contract.',
  },
  digest_unchecked: {
    message: () =>
      'content_sha256 of the export could not be checked: its numbers are not formatted as Python formats them',
    hint: 'Use the file as the export wrote it, not a copy that another program reformatted.',
  },
  excluded: {
    message: (d, ref) => `${ref}${d['field'] === null ? '' : `, ${d['field']}`} is excluded: ${d['reason']}`,
    hint: 'Remove it from --exclude, or from ignore in the config, to plan it.',
  },
  reverts: {
    message: (d) => `this plan reverts plan ${d['plan']}; Wagtail still has the newer content`,
    hint: 'The next plan proposes those changes again: correct Wagtail too, or exclude them.',
  },
  reverted_before: {
    message: (d) => `plan ${d['plan']} was reverted by plan ${d['by']}, applied at ${d['at']}`,
    hint: '',
  },
  changed_since: {
    message: (d, ref) =>
      `${ref}${d['field'] === '' ? '' : `, ${d['field']}`} changed after the plan was applied`,
    hint: 'It is not reverted. Change it by hand in Saleor if needed.',
  },
  not_revertible: {
    message: (d, ref) =>
      `${ref}${d['field'] === undefined ? '' : `, ${d['field']}`} cannot be reverted: ${NOT_REVERTIBLE[String(d['because'])]?.(d) ?? d['because']}`,
    hint: 'Change it by hand in Saleor if needed.',
  },
  revert_uncertain: {
    message: (d, ref) =>
      `${ref} has the outcome ${d['outcome']}: what was written is not known, so it is not reverted`,
    hint: 'Check it in Saleor, or apply that plan again first.',
  },
  nothing_to_exclude: {
    message: (d, ref) =>
      `${ref}${d['field'] === null ? '' : `, ${d['field']}`}: there is no change to exclude (${d['reason']})${nearest(d)}`,
    hint: 'Correct the ref, or remove it from --exclude or from ignore in the config.',
  },
  excluded_with: {
    message: (d, ref) => `${ref} is excluded because it needs ${d['needs']}, which is excluded`,
    hint: '',
  },
};

/** One line without a full stop; may have text from outside. */
export const messageOf = ({ code, data, ref }: Diagnostic): string =>
  own(MESSAGES, code)?.message(data, ref) ?? `${code} (${ref})`;

/** The next step. */
export const hintOf = ({ code }: Diagnostic): string => own(MESSAGES, code)?.hint ?? '';
