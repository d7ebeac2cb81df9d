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
/** The file may come from anybody: a value that is no list counts as an empty one. */
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
  if (known.length === 0) return ' (none of those compared)';
  const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
  return ` (of those compared: ${known.slice(0, 10).join(', ')}${more})`;
};
/** A user is a product of any type, a variant or a page. */
const having = (users: unknown): string =>
  users === 1 ? '1 product or variant has it' : `${users} products or variants have it`;
const many = (count: unknown, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);
const KEPT: Readonly<Record<string, string>> = {
  taxonomy_empty: 'the taxonomy has no term at all, so nothing of it is deleted',
  taxonomy_unread: 'a term of the taxonomy has no label that can be read, so nothing of it is deleted',
  not_counted: 'nobody counted the products and variants that have it, so it is not deleted',
};
const kept = (data: JsonObject): string => {
  if (data['kept'] === undefined) return '';
  if (data['kept'] === 'stands_for_term') {
    const term = data['term'] === undefined ? 'a term under another spelling' : `the term ${q(data['term'])}`;
    return `; it looks like ${term}, so it is not deleted`;
  }
  const because = KEPT[String(data['kept'])] ?? `${having(data['users'])}, so it is not deleted`;
  return `; ${because}`;
};
const KINDS_OF_ATTRIBUTE: Readonly<Record<string, string>> = {
  PAGE_TYPE: 'pages',
  CUSTOMER_TYPE: 'customers',
};
const NOT_REVERTIBLE: Readonly<Record<string, (data: JsonObject) => string>> = {
  attribute: () => 'an attribute that was created is not deleted again',
  deleted: () => 'a value that was deleted cannot be brought back',
  translation: () => 'Saleor cannot remove a translation',
  slug: (d) => `its old name ${q(d['name'])} would get another slug now`,
  in_use: (d) => `${having(d['users'])} that this plan does not take it from`,
  not_counted: () => 'nobody counted the products and variants that have it',
  not_assigned: () => 'the attribute is not assigned to the product type any more',
  required: () => 'Saleor requires a value of the attribute, and it had none before',
  value_gone: () => 'a value that it had is gone',
  gone: () => 'it is gone',
  kind: () => 'a resource of this kind is never put back',
};
const named = (ref: string): string => ref.split('.').slice(1).join('.');

/** Message and next step for every code of a diagnostic; a code's meaning never changes, its texts may. */
export const MESSAGES: Readonly<Record<string, DiagnosticText>> = {
  ...EXTENT_MESSAGES,
  key_malformed: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} (${labels(d)}) is not lowercase snake_case`,
    hint: 'Give the term a key like data_analyst in Wagtail; keys are for ever, so choose it well.',
  },
  key_too_long: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} is longer than ${d['max']} characters`,
    hint: 'Shorten the key in Wagtail.',
  },
  key_duplicate: {
    message: (d, ref) =>
      `${named(ref)}: the key ${q(d['key'])} stands ${list(d['labels']).length} times (${labels(d)})`,
    hint: 'Merge the terms in Wagtail, so that each key stands once.',
  },
  label_empty: {
    message: (d, ref) => `${named(ref)}: the term ${q(d['key'])} has no label`,
    hint: 'Give the term a label in Wagtail.',
  },
  term_malformed: {
    message: (d, ref) =>
      `${named(ref)}: ${d['member']} of the term ${q(d['key'])} is ${d['found']}, not text`,
    hint: 'Correct the term in Wagtail, or what the site’s own code puts there; the other terms are used.',
  },
  label_shared: {
    message: (d, ref) =>
      `${named(ref)}: the terms ${list(d['keys']).map(q).join(' and ')} have one label (${labels(d)})`,
    hint: 'Each gets a value of its own, and people cannot tell the two apart: change a label in Wagtail, or merge the terms.',
  },
  registry_unknown: {
    message: (d, ref) => `${named(ref)}: the key ${q(d['key'])} is not in the Capability Registry`,
    hint: 'Register the capability, or correct the key in Wagtail.',
  },
  term_draft: {
    message: (d, ref) => `${page(d)} uses ${q(d['key'])} of ${named(ref)}, which is a draft: it is skipped`,
    hint: 'Publish the term in Wagtail, or take it off the page.',
  },
  value_missing: {
    message: (d, ref) => `${named(ref)}: Saleor has no such value (${d['label']})`,
    hint: 'Plan with --create-missing.',
  },
  value_adoptable: {
    message: (d, ref) => `${named(ref)}: Saleor has it as ${valueWords(d)}`,
    hint: 'Plan with --adopt to take that value over (one rename, or one new external reference); it keeps its id and its products.',
  },
  value_ambiguous: {
    message: (d, ref) => {
      const found = list(d['values']).map((one) => valueWords((one ?? {}) as JsonObject));
      const terms = list(d['terms']).map(q);
      const rivals =
        terms.length === 0
          ? ''
          : `, which also ${found.length === 1 ? 'looks' : 'look'} like ${terms.join(' and ')}`;
      return `${named(ref)}: ${many(found.length, 'value')} of Saleor ${found.length === 1 ? 'looks' : 'look'} like it: ${found.join(' and ')}${rivals}`;
    },
    hint: 'Only one may stay: rename or delete the other values in Saleor, or give the terms different labels in Wagtail. Then plan again.',
  },
  label_in_use: {
    message: (d, ref) =>
      `${named(ref)}: the new value would be named like ${valueWords(d)}, which is another term’s`,
    hint: 'Rename that value in Saleor, or change the label of one of the terms in Wagtail.',
  },
  reference_taken: {
    message: (d, ref) =>
      `${named(ref)}: the external reference ${q(d['reference'])} is in use by ${named(String(d['holder']))}`,
    hint: 'Clear or correct that reference in Saleor; references are unique over the whole shop.',
  },
  label_in_translation: {
    message: (d, ref) =>
      `${named(ref)}: the name cannot carry the label ${q(d['label'])}, whose slug would be ${d['slug'] === null ? 'another one' : q(d['slug'])}`,
    hint: 'The label goes into the value’s translation; read it with translation(languageCode: EN){name}, where EN is Saleor’s code (pt-br is PT_BR).',
  },
  label_too_long: {
    message: (d, ref) =>
      `${named(ref)}${d['key'] === undefined ? '' : `.${d['key']}`}: the label has ${d['length']} characters, Saleor takes ${d['max']}`,
    hint: 'Shorten the label in Wagtail.',
  },
  translations_not_permitted: {
    message: (d) => `the token lacks ${d['permission']}, so no label is written as a translation`,
    hint: 'Give the app that permission, or set "label_languages": [] in the contract.',
  },
  translations_not_read: {
    message: (d) =>
      `labels in ${list(d['locales']).join(', ')} were not read from Saleor, so none is written`,
    hint: 'Read the shop itself, or make the snapshot with --locale; a language that Saleor does not know cannot be written.',
  },
  extra_value: {
    message: (d, ref) =>
      `${named(ref)}: Saleor has this value (${d['name']}), Wagtail has no such term${kept(d)}`,
    hint: 'Add the term in Wagtail, or plan with --prune-values (and --prune-used, where products have it).',
  },
  permission_missing_to_apply: {
    message: (d) => `applying this plan needs ${d['permission']}, which the token it was made with lacks`,
    hint: 'Give the app that permission before apply, or apply with another token.',
  },
  extra_values_counted: {
    message: (d) =>
      `${many(d['values'], 'value')} of the shop ${d['values'] === 1 ? 'is' : 'are'} in no taxonomy: ${Number(d['values']) - Number(d['used'])} without a product, ${d['used']} ${d['used'] === 1 ? 'is' : 'are'} on products (each counted by itself: ${d['products']} in all)`,
    hint: 'Plan with --prune-values to delete those that no product has.',
  },
  used_value_deleted: {
    message: (d, ref) => `${named(ref)} (${d['name']}) is deleted, and ${having(d['users'])}${holders(d)}`,
    hint: 'They lose it without a word: check each of them, or plan without --prune-used.',
  },
  attribute_missing: {
    message: (_, ref) => `Saleor shows no attribute ${q(named(ref))}`,
    hint: 'Create it (--create-attributes), or give the token MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES if it is hidden from the storefront.',
  },
  input_type_differs: {
    message: (d, ref) =>
      `the attribute ${q(named(ref))} is a ${d['found']}, the contract says ${d['wanted']}`,
    hint: 'An input type cannot be changed: make a new attribute, or correct the contract.',
  },
  assignment_missing: {
    message: (_, ref) =>
      `the product type ${q(ref.split('.')[1])} lacks the attribute ${q(ref.split('.')[2])}`,
    hint: 'Plan with --sync-attributes --sync-products (without --strict) to assign it.',
  },
  product_type_missing: {
    message: (d, ref) => `Saleor has no product type ${q(named(ref))}${nearest(d)}`,
    hint: 'Name the type by its slug in the contract, create it in Saleor, or take it out of the contract.',
  },
  label_without_slug: {
    message: (d, ref) =>
      `${named(ref)}: the label ${labels(d)} of the key ${q(d['key'])} has no letter or digit, so Saleor would derive an empty slug`,
    hint: 'Give the term a label with a letter or a digit in Wagtail.',
  },
  offering_id_used_twice: {
    message: (d) => `${page(d)} and ${others(d)} have the same cp_offering_id ${q(d['offering_id'])}`,
    hint: 'Give each page its own id; until then none of these pages is compared.',
  },
  products_without_page: {
    message: (d) => {
      const listed = list(d['listed']).map((one) => {
        const { slug, holds } = (one ?? {}) as JsonObject;
        const held = list(holds).map(String).join(', ');
        return `${slug} (${held === '' ? 'holds nothing managed' : `holds ${held}`})`;
      });
      const more = Number(d['products']) - listed.length;
      const names = `${listed.join('; ')}${more > 0 && listed.length > 0 ? `; and ${more} more` : ''}`;
      return `${many(d['products'], 'product')} of the contract’s product types ${d['products'] === 1 ? 'has' : 'have'} no page${names === '' ? '' : `: ${names}`}`;
    },
    hint: 'Name each on its page in Wagtail, or empty it in Saleor: sailplan changes only products that a page names.',
  },
  product_type_ambiguous: {
    message: (d, ref) =>
      `Saleor has ${list(d['slugs']).length} product types named ${q(named(ref))}, with the slugs ${list(d['slugs']).join(', ')}`,
    hint: 'Name the type by its slug in the contract; only slugs are unique.',
  },
  product_type_named_twice: {
    message: (d, ref) =>
      `the contract names the product type ${q(named(ref))} ${list(d['names']).length} times: ${list(d['names']).join(', ')}`,
    hint: 'Keep one of these names in the contract, best the slug.',
  },
  product_type_unclear: {
    message: (d) =>
      `${page(d)}: its product is of type ${q(d['product_type'])}, one of ${list(d['slugs']).length} types named ${q(d['name'])} (${list(d['slugs']).join(', ')})`,
    hint: 'Name the type by its slug in the contract; only slugs are unique.',
  },
  attribute_assigned_to_variants: {
    message: (d, ref) =>
      d['page_id'] === undefined
        ? `the product type ${q(ref.split('.')[1])} has ${q(ref.split('.')[2])} as an attribute of its variants, so Saleor refuses to assign it to its products`
        : `${page(d)}: its product type ${q(d['product_type'])} has ${q(d['attribute'])} as an attribute of variants, so its product cannot have it`,
    hint: 'Take the product type out of the attribute’s product_types in the contract; or unassign the attribute from the variants in Saleor (they lose its values for good) and plan with --sync-attributes.',
  },
  required_attribute_emptied: {
    message: (d) =>
      `${page(d)}: ${d['field']} is empty, and Saleor requires a value of the attribute ${q(d['attribute'])}`,
    hint: 'Fill in the field on the page, or switch off “Value required” of the attribute in Saleor.',
  },
  product_unnamed: {
    message: (d) => `${page(d)} names no Saleor product`,
    hint: 'Fill in saleor_product_id (or saleor_product_slug) on the page.',
  },
  product_id_malformed: {
    message: (d) => `${page(d)}: saleor_product_id ${q(d['saleor_product_id'])} is not the id of a product`,
    hint: 'Use Saleor’s global id, e.g. UHJvZHVjdDox (it is "Product:1" in base64), as the dashboard’s address shows it.',
  },
  product_missing: {
    message: (d) =>
      `${page(d)}: Saleor has no product ${d['saleor_product_id'] === null ? `with slug ${q(d['saleor_product_slug'])}` : `with id ${d['saleor_product_id']}`}`,
    hint: 'Correct the page’s product id or slug, or create the product in Saleor.',
  },
  product_ids_disagree: {
    message: (d) =>
      `${page(d)}: its id ${d['saleor_product_id']} is the product ${q(d['slug'])}, its slug ${q(d['saleor_product_slug'])} is another product`,
    hint: 'Correct one of the two on the page.',
  },
  product_slug_stale: {
    message: (d) =>
      `${page(d)}: its slug ${q(d['saleor_product_slug'])} names no product; the id names ${q(d['slug'])}, which is used`,
    hint: 'Correct or empty saleor_product_slug on the page.',
  },
  product_claimed_twice: {
    message: (d) => `${page(d)} and ${others(d)} name the same product`,
    hint: 'Leave the product on one of these pages; until then none of them is compared.',
  },
  product_type_unexpected: {
    message: (d) =>
      `${page(d)}: its product is of type ${q(d['product_type'])}, which the contract does not name`,
    hint: 'Correct the page’s product, or add the type to product_types in the contract.',
  },
  attribute_not_assigned: {
    message: (d) =>
      `${page(d)}: its product type ${q(d['product_type'])} lacks the attribute ${q(d['attribute'])}`,
    hint: 'Plan with --sync-attributes --sync-products to assign it.',
  },
  attribute_unavailable: {
    message: (d) =>
      `${page(d)} needs the attribute ${q(d['attribute'])}, which Saleor lacks, or has as another kind or with another input type`,
    hint: 'Mend the attribute first; the plan names what is wrong with it.',
  },
  value_unavailable: {
    message: (d) =>
      `${page(d)} needs ${d['attribute']}.${d['key']}, which cannot be assigned (${d['because']})`,
    hint: 'Mend the value first; the plan names what is wrong with it.',
  },
  field_missing: {
    message: (d) => `${page(d)} has no field ${q(d['field'])}`,
    hint: 'Add the field to the export (or to api_fields); an absent field is never taken for an empty one.',
  },
  required_field_empty: {
    message: (d) => `${page(d)} has no ${d['field']}`,
    hint: 'Fill it in on the page; an empty one never deletes the key.',
  },
  term_unknown: {
    message: (d) =>
      `${page(d)}: ${d['field']} has the key ${q(d['key'])}, which is not in ${d['taxonomy']}${nearest(d)}`,
    hint: 'Correct the page, or add the term in Wagtail.',
  },
  term_not_usable: {
    message: (d) =>
      `${page(d)}: ${d['field']} has the key ${q(d['key'])}, which cannot be used (${d['because']})`,
    hint: 'Mend the term in Wagtail first.',
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
    hint: 'Correct the field on the page; if it is right there, correct what the export or API v2 writes for it.',
  },
  image_broken: {
    message: (d) => `${page(d)}: ${d['field']} is broken (${d['error']}); ${d['key']} is left as it is`,
    hint: 'Upload the image again on the page. For not_http and not_a_url, correct MEDIA_URL or the storage’s settings instead.',
  },
  image_address_signed: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} are valid for a limited time or hold credentials (${d['error']}); ${d['key']} is left as it is`,
    hint: 'Serve public images without a signature: AWS_QUERYSTRING_AUTH = False (S3), GS_QUERYSTRING_AUTH = False (Google), a public container (Azure), a public distribution (CloudFront).',
  },
  image_not_made: {
    message: (d) =>
      `${d['field']}: the export could not make the images of ${pagesNamed(d)} (${d['error']}); ${d['key']} is left as it is`,
    hint: 'Write the export where the media volume is mounted, and once where media and database can be written: after that every rendition exists, and the export only reads.',
  },
  image_address_relative: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} are relative; ${d['key']} is left as it is`,
    hint: 'Set WAGTAILADMIN_BASE_URL (or an absolute MEDIA_URL) on the site, or give --media-base-url (media_base_url in the config).',
  },
  image_address_local: {
    message: (d) =>
      `${d['field']}: the image addresses of ${pagesNamed(d)} point to ${d['error']}, which shoppers cannot reach; ${d['key']} is left as it is`,
    hint: 'Set WAGTAILADMIN_BASE_URL (or MEDIA_URL) on the site to its public address, and write the export again.',
  },
  primary_not_among: {
    message: (d) => `${page(d)}: ${d['field']} is ${q(d['key'])}, which is not among its ${d['among']}`,
    hint: 'Add it to the set, or choose another primary one.',
  },
  shop_version_newer: {
    message: (d) =>
      `Saleor ${d['version'] ?? ''} is newer than the versions this tool was tried on (3.21 to 3.24)`,
    hint: 'Read the plan with more care than usual, or look for a newer sailplan.',
  },
  report_unproved: {
    message: (d) =>
      `${d['path']} was not written by an apply with this app's token, and the archive does not know it`,
    hint: 'Read the plan as one that somebody else proposed; after a new token a report is not known any more.',
  },
  attribute_of_another_kind: {
    message: (d, ref) =>
      `Saleor has ${q(named(ref))} as an attribute of ${KINDS_OF_ATTRIBUTE[String(d['type'])] ?? `the kind ${d['type']}`}, which products cannot have`,
    hint: 'Name another slug in the contract, or delete that attribute in Saleor: attribute slugs are unique over the whole shop.',
  },
  attribute_maybe_hidden: {
    message: (d, ref) =>
      `the attribute ${q(named(ref))} may be there but hidden: the token lacks ${d['permission']}`,
    hint: 'Give the app that permission, or make the attribute visible in the storefront.',
  },
  locale_unknown_to_saleor: {
    message: (d) => `Saleor has no language ${q(d['locale'])}, so no label is written in it`,
    hint: 'Name the locale as Saleor does (e.g. pt-br), or take it out of label_languages.',
  },
  digest_unchecked: {
    message: () =>
      'the export’s content_sha256 could not be checked: its numbers are not written as Python writes them',
    hint: 'Give the export as the app wrote it, and not as another program printed it.',
  },
  excluded: {
    message: (d, ref) => `${ref}${d['field'] === null ? '' : `, ${d['field']}`} is excluded: ${d['reason']}`,
    hint: 'Take it out of --exclude or ignore[] to plan it.',
  },
  reverts: {
    message: (d) => `this takes back what plan ${d['plan']} did; Wagtail still says otherwise`,
    hint: 'The next plan will propose those changes again: correct the source too, or exclude them.',
  },
  changed_since: {
    message: (d, ref) =>
      `${ref}${d['field'] === '' ? '' : `, ${d['field']}`} is not as the plan left it: somebody changed it since`,
    hint: 'It stays as it is now; change it by hand if it is to be as it was.',
  },
  not_revertible: {
    message: (d, ref) =>
      `${ref}${d['field'] === undefined ? '' : `, ${d['field']}`} stays: ${NOT_REVERTIBLE[String(d['because'])]?.(d) ?? d['because']}`,
    hint: 'What is left to do can be done by hand in Saleor.',
  },
  revert_uncertain: {
    message: (d, ref) => `${ref} was ${d['outcome']}: it is not known what of it was written, so it stays`,
    hint: 'Look at it in Saleor, or apply that plan again first.',
  },
  nothing_to_exclude: {
    message: (d, ref) =>
      `${ref}${d['field'] === null ? '' : `, ${d['field']}`}: nothing here changes, so nothing is excluded (${d['reason']})${nearest(d)}`,
    hint: 'Correct the ref, or take it out of --exclude or ignore[] if it is no longer needed.',
  },
  excluded_with: { message: (d, ref) => `${ref} is excluded with ${d['needs']}, which it needs`, hint: '' },
};

/** One line without a full stop; may have text from outside. */
export const messageOf = ({ code, data, ref }: Diagnostic): string =>
  own(MESSAGES, code)?.message(data, ref) ?? `${code} (${ref})`;

/** The next step. */
export const hintOf = ({ code }: Diagnostic): string => own(MESSAGES, code)?.hint ?? '';
