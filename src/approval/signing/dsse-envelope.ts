import { Failure } from '../../core/failure.ts';
import { type Json, sha256 } from '../../core/json/canonical-json.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import validate from '../generated/approval.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const BYTES_MAX = 131_072;

/** keyid: fingerprint of the SSH key · sig: base64 of the SSHSIG armour over the envelope's PAE */
export type Signature = {
  readonly keyid: string;
  readonly sig: string;
};

/** A DSSE envelope that is in its printed form; nothing has been said yet about its signature. */
export interface Envelope {
  readonly payload: Uint8Array;
  /** What is signed. */
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

/** The one printed form of an envelope. */
export function printEnvelope(payload: Uint8Array, signature: Signature | null): string {
  const signatures =
    signature === null
      ? '[]'
      : `[\n    {"keyid": ${JSON.stringify(signature.keyid)}, "sig": ${JSON.stringify(signature.sig)}}\n  ]`;
  return `{
  "payloadType": "${PAYLOAD_TYPE}",
  "payload": "${encodeEnvelope(payload)}",
  "checksum": "${sha256(signedBytes(payload))}",
  "signatures": ${signatures}
}
`;
}

/**
 * Reads an envelope without looking into its payload. Its bytes must equal our own printing of what they hold: no
 * duplicate members, no other base64 of the same bytes, nothing after the end. Throws a Failure (approval_invalid).
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > BYTES_MAX) throw invalid(`it is longer than ${BYTES_MAX / 1024} KiB`);
  const value = parse(bytes);
  const payload = decodeEnvelope(value.payload);
  const [signature = null] = value.signatures;
  if (!Buffer.from(printEnvelope(payload, signature)).equals(bytes)) {
    throw invalid('it is not in the printed form that sailplan writes, or its checksum is wrong');
  }
  return { payload, pae: signedBytes(payload), signature };
}

export const encodeEnvelope = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Base64, strictly: only what `encode` gives for the same bytes. Throws a Failure (approval_invalid). */
export function decodeEnvelope(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (encodeEnvelope(bytes) !== text) throw invalid('its base64 is not canonical');
  return bytes;
}

interface Parsed {
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

function parse(bytes: Uint8Array): Parsed {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch {
    throw invalid('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'payload')) {
    throw invalid('it has no payload');
  }
  const faults = faultsOf(validate, value);
  if (faults.length > 0) throw invalid(faults.slice(0, 3).join('; '));
  return value as unknown as Parsed;
}

const invalid = (because: string): Failure =>
  new Failure(
    'approval_invalid',
    `not an envelope: ${because}`,
    'Restore the file as sailplan wrote it, or approve again.',
  );
