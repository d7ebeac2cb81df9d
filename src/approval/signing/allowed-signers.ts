import { Failure } from '../../core/failure.ts';
import { withoutByteOrderMark } from '../../core/text/utf8.ts';
import { personOf } from '../approver-name.ts';

/** An allowed_signers file (ssh-keygen(1), "ALLOWED SIGNERS") without any line that could not be parsed. */
export interface Signers {
  readonly text: string;
  readonly lines: readonly SignerLine[];
}

interface SignerLine {
  readonly text: string;
  readonly principals: readonly string[];
  /** Every principal is a full name, without a wildcard. */
  readonly isLiteral: boolean;
  /** Base64 of the public key. */
  readonly key: string;
}

const LINE =
  /^([^\s",]+(?:,[^\s",]+)*)[ \t]+(?:((?:namespaces|valid-after|valid-before)="[^"]*"(?:,(?:namespaces|valid-after|valid-before)="[^"]*")*)[ \t]+)?((?:ssh|ecdsa|sk|webauthn)-[a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t].*)?$/;

/**
 * Reads the signers file that a policy pins. ssh-keygen alone decides who signed; this reader finds out which names are
 * given in full. Throws a Failure (policy_refused) for each line that ssh-keygen could read differently (certificate
 * authorities, quoted names).
 */
export function readSigners(bytes: Uint8Array): Signers {
  const text = withoutByteOrderMark(Buffer.from(bytes).toString('utf8'));
  const lines = text.split('\n').flatMap((line, index) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    return [readLine(content, index + 1)];
  });
  return { text, lines };
}

function readLine(content: string, number: number): SignerLine {
  const found = LINE.exec(content);
  if (found === null || content.includes('\r')) {
    throw new Failure(
      'policy_refused',
      `allowed_signers, line ${number}: not understood (${JSON.stringify(content.slice(0, 60))})`,
      'A line is: names [namespaces="sailplan"] [valid-before="20270101"] key-type key. Certificate authorities are not supported.',
    );
  }
  const principals = (found[1] ?? '').split(',');
  return {
    text: content,
    principals,
    isLiteral: principals.every((name) => !/[*?!]/.test(name)),
    key: found[4] ?? '',
  };
}

/** The lines that name this person in full, as an allowed_signers file: a signature valid under them needs no wildcard. */
export const literalLinesFor = ({ lines }: Signers, who: string): string =>
  lines
    .filter(({ isLiteral, principals }) => isLiteral && principals.includes(who))
    .map(({ text }) => `${text}\n`)
    .join('');

/** The most approvals that can count without wildcards: one per person, and one per key. */
export function maxCountableApprovals({ lines }: Signers): number {
  const literal = lines.filter(({ isLiteral }) => isLiteral);
  const people = new Set(literal.flatMap(({ principals }) => principals.map(personOf)));
  return Math.min(people.size, new Set(literal.map(({ key }) => key)).size);
}

export const listsKey = ({ lines }: Signers, key: string): boolean => lines.some((line) => line.key === key);
