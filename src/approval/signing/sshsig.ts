import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { decodeBase64, encodeBase64, type Signature } from './dsse-envelope.ts';
import { NAMESPACE } from './signature-ports.ts';

const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';

/** A signature in its canonical armour. `fingerprint`: of its key, `SHA256:…` as ssh-keygen -l prints it. */
export interface Sshsig {
  readonly armour: string;
  readonly fingerprint: string;
  /** Base64 of the public key, as in an allowed_signers file. */
  readonly key: string;
}

/** The envelope's entry for a signer's armour, whose lines may have any length. Throws a Failure (approval_invalid). */
export function signatureOf(armour: string): Signature {
  const isArmour = new RegExp(`^${BEGIN}[A-Za-z0-9+/=\\s]+${END}\\s*$`).test(armour);
  if (!isArmour) throw invalid('it is not an SSH signature');
  const body = armour.trimEnd().slice(BEGIN.length, -END.length);
  const canonical = wrap(decodeBase64(body.replace(/\s+/g, '')));
  const sig = encodeBase64(Buffer.from(canonical));
  const { fingerprint } = parseArmour(canonical);
  return { keyid: fingerprint, sig };
}

/**
 * Parses the signature of an envelope, before it is verified. Accepts only the armour that ssh-keygen writes for these
 * bytes: version 1, namespace `sailplan`, an empty reserved field, nothing after the end, and `keyid` of the key inside;
 * ssh-keygen itself also accepts other versions and line lengths. Throws a Failure (approval_invalid).
 */
export function readSshsig({ keyid, sig }: Signature): Sshsig {
  const parsed = parseArmour(Buffer.from(decodeBase64(sig)).toString('latin1'));
  if (parsed.fingerprint !== keyid)
    throw invalid(`keyid is ${keyid}, but the key inside is ${parsed.fingerprint}`);
  return parsed;
}

function parseArmour(armour: string): Sshsig {
  const body = armour.slice(BEGIN.length, -END.length - 1).replace(/\n/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw invalid('its armour is malformed');
  const blob = decodeBase64(body);
  if (wrap(blob) !== armour) throw invalid('its armour is not in the form that ssh-keygen writes');
  const key = publicKeyIn(Buffer.from(blob));
  const fingerprint = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
  return { armour, key: encodeBase64(key), fingerprint: `SHA256:${fingerprint}` };
}

/** ssh-keygen breaks lines after 70 characters. */
function wrap(blob: Uint8Array): string {
  const lines = encodeBase64(blob).match(/.{1,70}/g) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
}

/** PROTOCOL.sshsig, "Blob format": magic, version, key, namespace, reserved, hash algorithm, signature. */
function publicKeyIn(blob: Buffer): Buffer {
  if (blob.subarray(0, 6).toString('latin1') !== 'SSHSIG' || blob.length < 10)
    throw invalid('it is not an SSHSIG signature');
  if (blob.readUInt32BE(6) !== 1) throw invalid(`its version is ${blob.readUInt32BE(6)}, not 1`);
  const [key, namespace, reserved, hash, signature, ...rest] = strings(blob.subarray(10));
  if (!key || !namespace || !reserved || !hash || !signature || rest.length > 0)
    throw invalid('it is truncated or followed by other data');
  if (namespace.toString() !== NAMESPACE) {
    throw invalid(
      `it was signed for the namespace ${JSON.stringify(namespace.toString())}, not ${NAMESPACE}`,
    );
  }
  if (reserved.length > 0) throw invalid('its reserved field is not empty');
  if (!['sha256', 'sha512'].includes(hash.toString()))
    throw invalid('its hash algorithm is not sha256 or sha512');
  const [type] = strings(key);
  if (type?.toString().includes('-cert-')) throw invalid('it was signed with a certificate, not a plain key');
  return key;
}

/** Strings of RFC 4251, section 5: each after its length. Empty when the bytes are cut off or have a remainder. */
function strings(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return [];
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) return [];
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

const invalid = (because: string): Failure =>
  new Failure(
    'approval_invalid',
    `the signature is not valid: ${because}`,
    'Sign again: sailplan approve --sign KEY.',
  );
