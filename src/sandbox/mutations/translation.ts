import type { Context, Resolvers } from '../graphql/context.ts';
import { crash, InputError, invalidInput, notInSandbox } from '../graphql/errors.ts';
import { requirePermission, TRANSLATIONS } from '../graphql/permissions.ts';
import { inputPk } from '../store/global-ids.ts';
import type { ValueRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { findValueRow } from './attribute-value.ts';
import { mutationResolver, refuseUnknownMembers } from './payload.ts';

interface TranslationInput {
  readonly name?: string | null;
}

/** Saleor cannot remove a translation: null crashes, "" is stored (docs/saleor.md#value-translations). */
function write(store: Store, row: ValueRecord, language: string, input: TranslationInput): void {
  refuseUnknownMembers('attributeValueTranslate', input, ['name']);
  if (input.name === undefined) throw notInSandbox('a translation without a name');
  if (input.name === null) throw crash('IntegrityError');
  const known = row.translations.get(language);
  if (known) known.name = input.name;
  else row.translations.set(language, { pk: store.next.translation++, name: input.name });
}

function translate(
  { id, languageCode, input }: { id: string; languageCode: string; input: TranslationInput },
  { store, caller }: Context,
) {
  requirePermission(caller, [TRANSLATIONS]);
  const row = store.values.get(inputPk('AttributeValue', id));
  if (!row) throw invalidInput('id', 'NOT_FOUND', `Couldn't resolve to a node: ${id}`);
  write(store, row, languageCode, input);
  return { attributeValue: row };
}

interface BulkItem {
  readonly id?: string | null;
  readonly externalReference?: string | null;
  readonly languageCode: string;
  readonly translationFields: TranslationInput;
}

function bulkTranslate(
  { translations, errorPolicy }: { translations: readonly BulkItem[]; errorPolicy?: string | null },
  { store, caller }: Context,
) {
  requirePermission(caller, [TRANSLATIONS]);
  if (errorPolicy && errorPolicy !== 'REJECT_EVERYTHING')
    throw notInSandbox('attributeValueBulkTranslate(errorPolicy:)');
  const rows = translations.map((item) => ({ item, row: find(store, item) }));
  const results = rows.map(({ item, row }) => {
    write(store, row, item.languageCode, item.translationFields);
    const stored = row.translations.get(item.languageCode);
    return { translation: { kind: 'AttributeValueTranslation', ...stored }, errors: [] };
  });
  return { count: results.length, results };
}

function find(store: Store, item: BulkItem): ValueRecord {
  try {
    return findValueRow(store, item);
  } catch (error) {
    if (error instanceof InputError) throw notInSandbox('attributeValueBulkTranslate of an unknown value');
    throw error;
  }
}

export const translationMutations: Resolvers = {
  attributeValueTranslate: mutationResolver(translate),
  attributeValueBulkTranslate: mutationResolver(bulkTranslate),
};
