import { parseRegistry } from '../contract/capability-registry.ts';
import { Failure } from '../core/failure.ts';
import { withoutCredentials } from '../core/web-address.ts';
import { readText, SMALL_FILE } from '../platform/files.ts';
import type { Http } from '../platform/http/client.ts';
import { isUrl, type RegistrySource } from './options.ts';

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** The Capability Registry's ids, or null where none is named. Throws a Failure (unreachable, document_malformed, …). */
export async function readRegistry(source: RegistrySource, http: Http): Promise<readonly string[] | null> {
  if (source === undefined) return null;
  if (!isUrl(source)) return parse(readText(source, SMALL_FILE), source);
  const reply = await http.send({
    method: 'GET',
    url: source,
    headers: { accept: 'application/json, text/plain' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    isRepeatable: true,
  });
  if (reply.status !== 200)
    throw new Failure(
      'unreachable',
      `the Capability Registry at ${withoutCredentials(source)} answered ${reply.status}`,
      'Check --capability-registry.',
    );
  return parse(reply.text, withoutCredentials(source));
}

/** The lines of an HTML page would pass for ids, one a line. */
function parse(content: string, name: string): readonly string[] {
  if (/^\s*</.test(content))
    throw new Failure(
      'document_malformed',
      `${name} is an HTML page, not a Capability Registry`,
      'Give a JSON array of ids, or one id a line.',
    );
  return parseRegistry(content, name);
}
