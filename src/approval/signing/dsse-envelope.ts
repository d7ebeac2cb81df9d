import { Failure } from '../../core/failure.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { parseJson } from '../../core/json/untrusted-json.ts';
import { byteFaultOf } from '../../core/text/line-ends.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import validate, { type Envelope as EnvelopeFile, type Signature } from '../generated/approval.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const BYTES_MAX = 131_072;

export type { Signature } from '../generated/approval.js';

/** A DSSE envelope in its printed form. Its signature is not verified yet. */
export interface Envelope {
  readonly payload: Uint8Array;
  /** The signed bytes. */
  readonly pae: Uint8Array;
  /** null: unsigned. */
  readonly signature: Signature | null;
}

/**
 * DSSE's pre-authentication encoding (github.com/secure-systems-lab/dsse, protocol.md):
 * "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body; lengths in bytes, decimal.
 */
export function pae(type: string, body: Uint8Array): Uint8Array {
  const name = Buffer.from(type, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${name.length} `), name, Buffer.from(` ${body.length} `), body]);
}

/** The bytes to sign for a payload. */
export const signedBytes = (payload: Uint8Array): Uint8Array => pae(PAYLOAD_TYPE, payload);

/** Prints an envelope in its only form. */
export function printEnvelope(payload: Uint8Array, signature: Signature | null): string {
  const signatures =
    signature === null
      ? '[]'
      : `[\n    {"keyid": ${JSON.stringify(signature.keyid)}, "sig": ${JSON.stringify(signature.sig)}}\n  ]`;
  return `{
  "payloadType": "${PAYLOAD_TYPE}",
  "payload": "${encodeBase64(payload)}",
  "checksum": "${sha256(signedBytes(payload))}",
  "signatures": ${signatures}
}
`;
}

/**
 * Reads an envelope, but not its payload. Its bytes must equal `printEnvelope` of its content: no duplicate members, no
 * other base64 of the same bytes, nothing after the end. Throws a Failure (approval_invalid).
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > BYTES_MAX) throw invalid(`it is longer than ${BYTES_MAX / 1024} KiB`);
  const value = parseEnvelope(bytes);
  const payload = decodeBase64(value.payload);
  const [signature = null] = value.signatures;
  const printed = printEnvelope(payload, signature);
  if (!Buffer.from(printed).equals(bytes)) {
    const fault = byteFaultOf(Buffer.from(bytes).toString('utf8'), (text) => text === printed);
    if (fault !== null) throw invalid(fault.because, fault.hint);
    throw invalid('it is not formatted as sailplan writes it, or its checksum is wrong');
  }
  return { payload, pae: signedBytes(payload), signature };
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * Decodes canonical base64: accepts only the output of `encodeBase64` for the same bytes. Throws a Failure (approval_invalid).
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (encodeBase64(bytes) !== text) throw invalid('its base64 is not canonical');
  return bytes;
}

function parseEnvelope(bytes: Uint8Array): EnvelopeFile {
  let value: unknown;
  try {
    value = parseJson(decodeUtf8(bytes));
  } catch {
    throw invalid('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'payload')) {
    throw invalid('it has no payload');
  }
  const faults = faultsOf(validate, value);
  if (faults.length > 0) throw invalid(faults.slice(0, 3).join('; '));
  return value as EnvelopeFile;
}

const invalid = (
  because: string,
  hint = 'Restore the file as sailplan wrote it, or approve again.',
): Failure => new Failure('approval_invalid', `not an envelope: ${because}`, hint);
