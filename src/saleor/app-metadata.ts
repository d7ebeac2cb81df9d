import { Failure } from '../core/failure.ts';
import { Mark, UpdatePrivateMetadata } from './generated/operations.ts';
import { call } from './graphql/batch-operations.ts';
import type { Reader, Writer } from './graphql/client.ts';
import { failureOf, shopError } from './graphql/response-errors.ts';
import { metadataInput } from './write/step-mutations.ts';

/**
 * Reads what the app keeps in its own private metadata, for which it needs no permission (docs/saleor.md#app-metadata).
 * null: the token is a person's and belongs to no app. Keys that are not set are absent.
 */
export async function readMark(
  reader: Reader,
  keys: readonly string[],
): Promise<{ readonly app: string; readonly values: Readonly<Record<string, string>> } | null> {
  const { app } = await reader.query(Mark, { keys });
  return app === null ? null : { app: app.id, values: app.privateMetafields ?? {} };
}

/** Merges these keys into the metadata of the app with this id. Throws a Failure when it is not certain that they were written. */
export async function writeMark(
  writer: Writer,
  app: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  // The same values again do no harm, so it is retried like a read.
  const result = await writer.mutate(
    [call(UpdatePrivateMetadata, { id: app, input: metadataInput(values) })],
    { isRepeatable: true },
  );
  if (result.kind === 'failed') throw result.failure;
  if (result.errors.length > 0) throw failureOf(writer.url, result.errors);
  const payload = result.data['m0'] as { errors?: readonly { message?: string | null }[] } | null | undefined;
  const errors: unknown = payload?.errors;
  if (!Array.isArray(errors) || errors.length > 0) {
    const reason = Array.isArray(errors) ? shopError(errors[0]).message : 'no reason given';
    throw new Failure('shop_error', `${writer.url}: the mark was not written: ${reason}`);
  }
}
