import { Failure } from '../core/failure.ts';
import { Mark, UpdatePrivateMetadata } from './generated/operations.ts';
import { call } from './graphql/batch-operations.ts';
import type { Reader, Writer } from './graphql/client.ts';
import { failureOf } from './graphql/response-errors.ts';
import { pairs } from './write/step-mutations.ts';

/**
 * The note that the app keeps about itself in the shop, in its own private metadata: needs no permission
 * (docs/saleor.md#app-metadata). Null for a person's token, which belongs to no app. Keys that are not set are absent.
 */
export async function readMark(
  reader: Reader,
  keys: readonly string[],
): Promise<{ readonly app: string; readonly values: Readonly<Record<string, string>> } | null> {
  const { app } = await reader.query(Mark, { keys });
  return app === null ? null : { app: app.id, values: app.privateMetafields ?? {} };
}

/** Merges these keys into the note; `app` is readMark's. Throws a Failure when it is not certain that they were written. */
export async function writeMark(
  writer: Writer,
  app: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const sent = await writer.mutate([call(UpdatePrivateMetadata, { id: app, input: pairs(values) })]);
  if (sent.kind === 'failed') throw sent.failure;
  if (sent.errors.length > 0) throw failureOf(writer.url, sent.errors);
  const payload = sent.data['m0'] as { errors?: readonly { message?: string | null }[] } | null | undefined;
  if (payload?.errors?.length !== 0) {
    const said = payload?.errors?.[0]?.message ?? 'no reason given';
    throw new Failure('shop_error', `${writer.url}: the mark was not written: ${said}`);
  }
}
