import { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { kindOf } from '../core/resource-ref.ts';
import { didYouMean } from '../core/text/did-you-mean.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanProvenance } from '../plan/plan-provenance.ts';
import type { Reader } from '../saleor/graphql/client.ts';
import { countProducts, countPublished, listChannels } from '../saleor/read/value-usage.ts';

/** Above this number nobody reviews a plan value by value, so the counts are not requested. */
const MOST_VALUES = 100;

/**
 * For provenance.json: the products of the whole shop with the values that a plan renames, adopts or deletes, and how many of
 * them are published. Empty if the token cannot see every product, because a count that is too low is misleading. `channel`:
 * counts only in this one; null: in every channel.
 */
export async function countTouched(
  { changes, actual }: Plan,
  reader: Reader,
  version: string,
  channel: string | null,
): Promise<NonNullable<PlanProvenance['users']>> {
  const values = changes.flatMap(({ ref, before }) => {
    if (kindOf(ref) !== 'value' || before === null) return [];
    return [{ ref, attribute: ref.split('.')[1] ?? '', slug: String((before as JsonObject)['slug']) }];
  });
  if (values.length === 0 || values.length > MOST_VALUES || !actual.permissions.includes('MANAGE_PRODUCTS'))
    return {};
  const channels = channel === null ? await listChannels(reader) : [channel];
  const users = await countProducts(reader, version, values);
  const published = await countPublished(reader, version, values, channels);
  return Object.fromEntries(
    values.map(({ ref }, index) => [
      ref,
      { products: users[index] ?? 0, published: published[index] ?? null },
    ]),
  );
}

/** Saleor reports no error for an unknown channel and counts 0 (docs/saleor.md#channels). Throws a Failure (usage). */
export async function assertChannel(reader: Reader, channel: string | undefined): Promise<void> {
  if (channel === undefined) return;
  const channels = await listChannels(reader);
  if (channels.includes(channel)) return;
  const near = didYouMean(channel, channels);
  throw new Failure(
    'usage',
    `the shop has no channel "${channel}"`,
    `${near}${near === '' ? '' : ' '}It has ${channels.join(', ')}: set SALEOR_CHANNEL_SLUG to one of them, or leave it empty.`,
  );
}
