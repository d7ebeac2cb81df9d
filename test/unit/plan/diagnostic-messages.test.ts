import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Severity } from '../../../src/core/diagnostic.ts';
import { hintOf, MESSAGES } from '../../../src/plan/diagnostic-messages.ts';
import { HAZARDS } from '../../../src/plan/hazards.ts';
import { prose } from '../../../src/review/markdown/escape.ts';

type Row = readonly [
  code: string,
  severity: Severity | 'error or warning' | 'note or warning',
  when: string,
  reach: string,
];

const OFFERING = 'the page is skipped';
const NOTHING = 'nothing';
const KEY = 'that metadata key is not changed';
const TERM = 'the term, and the pages that use it';
const VALUE = 'the value, and the pages that use it';

/** Every code with what it is about and how far it reaches without --strict; docs/problems.md is made of it. */
const ROWS: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  [
    'Terms (step A)',
    [
      ['key_malformed', 'error', 'a key is not lowercase snake_case', TERM],
      ['key_too_long', 'error', 'a key has more than 250 characters', TERM],
      ['key_duplicate', 'error', 'a key occurs more than once in its taxonomy', TERM],
      ['label_empty', 'error', 'a term has no label', TERM],
      ['term_malformed', 'error', 'a label or a translation of a term is not text', TERM],
      ['label_shared', 'warning', 'two terms of a taxonomy have the same label', NOTHING],
      [
        'label_without_slug',
        'error',
        'naming external_reference: a label has no letter or digit, so its slug would be empty',
        TERM,
      ],
      ['registry_unknown', 'error', 'a capability is not in the Capability Registry', TERM],
      ['registry_retired', 'error', 'the Capability Registry has retired a capability', TERM],
      ['term_draft', 'warning', 'a page uses a term that is a draft', 'the term, in that set'],
    ],
  ],
  [
    'Attributes (step B)',
    [
      ['attribute_missing', 'error', 'Saleor has no such attribute', 'the pages that need it'],
      ['input_type_differs', 'error', 'the attribute has another input type', 'the pages that need it'],
      [
        'assignment_missing',
        'error or warning',
        'a product type lacks the attribute; an error with --strict',
        'the pages of that type that need it',
      ],
      [
        'product_type_missing',
        'error or warning',
        'Saleor has no such product type; an error with --strict',
        'its assignments',
      ],
      [
        'product_type_ambiguous',
        'error',
        'several product types have the name that the contract gives',
        'their assignments and the pages of these types',
      ],
      ['product_type_named_twice', 'error', 'the contract names one product type twice', NOTHING],
      [
        'attribute_of_another_kind',
        'error',
        'the slug belongs to an attribute of pages',
        'the pages that need it',
      ],
      [
        'attribute_assigned_to_variants',
        'error',
        'the product type has the attribute for its variants',
        'the pages of that type that need it',
      ],
      ['attribute_maybe_hidden', 'warning', 'the attribute is missing, or hidden from this token', NOTHING],
    ],
  ],
  [
    'Values and labels (step C)',
    [
      ['value_missing', 'error', 'a term has no value, and --create-missing is not given', VALUE],
      [
        'value_adoptable',
        'error',
        'its value has another slug, reference or spelling, and --adopt is not given',
        VALUE,
      ],
      [
        'value_ambiguous',
        'error',
        'several values match the term, or one value matches several terms',
        VALUE,
      ],
      ['label_in_use', 'error', 'the value of another term has the name that the new value would get', VALUE],
      ['reference_taken', 'error', 'another value has the external reference that the new one needs', VALUE],
      [
        'label_in_translation',
        'note or warning',
        'Saleor would derive another slug from the label; a warning where no translation can be written',
        NOTHING,
      ],
      ['label_too_long', 'warning', 'a label has more than 250 characters', 'that translation'],
      ['translations_not_permitted', 'warning', 'the token lacks MANAGE_TRANSLATIONS', 'all translations'],
      ['translations_not_read', 'warning', 'the snapshot lacks these languages', 'translations in them'],
      ['locale_unknown_to_saleor', 'warning', 'Saleor has no such language', 'translations in it'],
      [
        'extra_value',
        'warning',
        'Saleor has a value without a term; with --prune-values: why it is kept',
        NOTHING,
      ],
      [
        'used_value_deleted',
        'warning',
        '--prune-used deletes a value that products or variants use',
        NOTHING,
      ],
      ['extra_values_counted', 'note', 'how many products use values without a term', NOTHING],
    ],
  ],
  [
    'Pages and products (steps D and E)',
    [
      [
        'rest_not_rebuilt',
        'warning',
        '--snapshots changed: resources without changes are one digest in the plan',
        NOTHING,
      ],
      ['product_unnamed', 'error', 'a page names no product', OFFERING],
      ['product_id_malformed', 'error', 'saleor_product_id is not the global id of a product', OFFERING],
      ['product_missing', 'error', 'Saleor has no such product', OFFERING],
      ['product_ids_disagree', 'error', 'id and slug of a page name two different products', OFFERING],
      ['product_slug_stale', 'warning', 'the slug names no product; the id is used', NOTHING],
      [
        'product_claimed_twice',
        'error',
        'two pages name one product, by id or by slug',
        'both pages are skipped',
      ],
      [
        'product_type_unexpected',
        'error',
        'the product is of a type that the contract does not name',
        OFFERING,
      ],
      [
        'product_type_unclear',
        'error',
        'the product is of one of several types with the name that the contract gives',
        OFFERING,
      ],
      ['products_without_page', 'warning', 'products of the contract’s types that no page names', NOTHING],
      [
        'required_attribute_emptied',
        'error',
        'the page empties an attribute that requires a value',
        OFFERING,
      ],
      ['offering_id_unknown', 'error', 'the Control Plane has no such offering', OFFERING],
      ['offering_id_retired', 'error', 'the Control Plane has retired the offering', OFFERING],
      [
        'offering_version_unknown',
        'error',
        'the Control Plane has no such version of the offering',
        OFFERING,
      ],
      ['offering_version_retired', 'error', 'the Control Plane has retired the version', OFFERING],
      ['offering_id_used_twice', 'error', 'two pages have the same cp_offering_id', 'both pages are skipped'],
      [
        'attribute_not_assigned',
        'error',
        'its product type lacks an attribute that the page fills',
        OFFERING,
      ],
      [
        'attribute_unavailable',
        'error',
        'it needs an attribute that is missing, of another kind or of another input type',
        OFFERING,
      ],
      ['value_unavailable', 'error', 'it needs a value that cannot be assigned', OFFERING],
      ['field_missing', 'error', 'the source lacks a field of the contract', OFFERING],
      ['field_malformed', 'error', 'a field has the wrong type, or a boolean is not set', OFFERING],
      ['required_field_empty', 'error', 'a required field is empty', OFFERING],
      ['term_unknown', 'error', 'a page uses a key that its taxonomy lacks', OFFERING],
      ['term_not_usable', 'error', 'a page uses a term that has an error itself', OFFERING],
      ['estimate_reversed', 'error', 'the minimum of the credit estimate is above its maximum', OFFERING],
      ['estimate_negative', 'error', 'a credit estimate is below zero', OFFERING],
      ['image_broken', 'error', 'the image of a page has no address', KEY],
      ['image_address_signed', 'error', 'image addresses expire or contain credentials', KEY],
      ['image_not_made', 'error', 'the export could not read the media or write a missing rendition', KEY],
      ['image_address_relative', 'error', 'image addresses are relative', KEY],
      [
        'image_address_local',
        'error',
        'image addresses are of one machine or a private network, and the shop is public',
        KEY,
      ],
      ['primary_not_among', 'warning', 'the primary role or outcome is not in its set', NOTHING],
    ],
  ],
  [
    'The read and the plan',
    [
      ['shop_version_newer', 'warning', 'Saleor is newer than 3.24', NOTHING],
      ['digest_unchecked', 'note', 'the export’s digest could not be checked', NOTHING],
      ['permission_missing_to_apply', 'note', 'the token that planned could not apply', NOTHING],
      ['excluded', 'note', '--exclude or ignore excludes it', 'that change or field'],
      ['nothing_to_exclude', 'note', '--exclude or ignore names something that does not change', NOTHING],
      ['excluded_with', 'note', 'it needs an excluded change', 'that change'],
      ['reverts', 'warning', 'the plan reverts an earlier one', NOTHING],
      ['reverted_before', 'note', 'nothing is left to revert: an archived apply reverted the plan', NOTHING],
      ['report_unproved', 'warning', 'nothing proves that an apply wrote the report', NOTHING],
      [
        'changed_since',
        'warning',
        'the field changed after the plan to revert was applied',
        'that field is not reverted',
      ],
      ['not_revertible', 'warning', 'it cannot be reverted', 'that change is not reverted'],
      ['revert_uncertain', 'warning', 'it is not known what was written', 'that change is not reverted'],
    ],
  ],
];

const cell = (text: string): string => text.replace(/\|/g, '\\|');

function table(): string {
  const parts = ROWS.map(([title, rows]) =>
    [
      `## ${title}\n`,
      '| code | severity | when | skipped without `--strict` | next step |',
      '|---|---|---|---|---|',
      ...rows.map(([code, severity, when, reach]) => {
        const hint = hintOf({ code, severity: 'note', ref: 'shop', data: {} });
        return `| \`${code}\` | ${severity} | ${cell(when)} | ${reach} | ${prose(hint)} |`;
      }),
      '',
    ].join('\n'),
  );
  const hazards = Object.entries(HAZARDS).map(
    ([code, { severity, meaning }]) => `| \`${code}\` | ${severity} | ${prose(meaning)} |`,
  );
  return [
    '# Problems and hazards\n',
    'Generated by `test/unit/plan/diagnostic-messages.test.ts` (`make golden`). The meaning of a code never changes; its',
    'texts may. An error skips its resource and everything that needs it; the rest is planned.',
    'With `--strict` any error makes the plan unappliable and ends in exit 1. A warning or a note blocks nothing.\n',
    ...parts,
    '## Hazards\n',
    'What could hurt, by code. `danger` loses something for good, `warning` needs a reviewer’s look, `note` is a fact that does',
    'not count in the verdict. A policy can require that each is accepted by name (docs/approval.md).\n',
    '| code | severity | meaning |',
    '|---|---|---|',
    ...hazards,
    '',
  ].join('\n');
}

test('every code of a problem is in the table, and no other', () => {
  const told = ROWS.flatMap(([, rows]) => rows.map(([code]) => code));
  expect([...told].sort()).toEqual(Object.keys(MESSAGES).sort());
});

test('docs/problems.md matches the program', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync('docs/problems.md', table());
  expect(readFileSync('docs/problems.md', 'utf8')).toBe(table());
});
