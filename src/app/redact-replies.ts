import { Failure } from '../core/failure.ts';
import { isRecord } from '../core/json/records.ts';
import { parseJsonOrNothing } from '../core/json/untrusted-json.ts';
import type { Http } from '../platform/http/client.ts';
import type { SecretGuard } from './ports.ts';

type Redactor = Pick<SecretGuard, 'redact'>;

/**
 * Removes secrets from every reply before anything stores it: journal, report and archive are committed, and a server may echo
 * the token in data, errors, headers or a redirect. Plans are not built from such replies: a plan that contains a secret is
 * refused, not changed.
 */
export const redactHttp = (http: Http, secrets: Redactor): Http => ({
  ...http,
  send: async (request) => {
    try {
      const reply = await http.send(request);
      return {
        ...reply,
        headers: withoutSecrets(reply.headers, secrets),
        text: redactText(reply.text, secrets),
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.code, secrets.redact(error.message), secrets.redact(error.hint));
    }
  },
});

/** JSON may spell printable ASCII otherwise: `\u0061`, `\/`. */
const ODD_SPELLING = /\\(?:u00[0-7]|\/)/i;

function redactText(text: string, secrets: Redactor): string {
  const redacted = secrets.redact(text);
  if (!ODD_SPELLING.test(redacted)) return redacted;
  const parsed = parseJsonOrNothing(redacted);
  // Not JSON, or deeper than any answer: the parser refuses it and quotes nothing of it.
  return parsed === undefined ? redacted : secrets.redact(JSON.stringify(withoutSecrets(parsed, secrets)));
}

/** The same value, with secrets removed from every text and member name. */
export function withoutSecrets<Value>(value: Value, secrets: Redactor): Value {
  // The casts: texts stay texts, lists lists and records records.
  if (typeof value === 'string') return secrets.redact(value) as Value;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets)) as Value;
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [secrets.redact(name), withoutSecrets(member, secrets)]),
  ) as Value;
}
