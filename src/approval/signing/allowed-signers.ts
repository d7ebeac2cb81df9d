import { Failure } from '../../core/failure.ts';
import { personOf } from '../approver-name.ts';

/** An allowed_signers file (ssh-keygen(1), "ALLOWED SIGNERS") of which every line was understood. */
export interface Signers {
  readonly text: string;
  readonly lines: readonly Line[];
}

interface Line {
  readonly text: string;
  readonly principals: readonly string[];
  /** No pattern: each principal is a name in full. */
  readonly isLiteral: boolean;
  /** Base64. */
  readonly key: string;
}

const LINE =
  /^([^\s",]+(?:,[^\s",]+)*)[ \t]+(?:((?:namespaces|valid-after|valid-before)="[^"]*"(?:,(?:namespaces|valid-after|valid-before)="[^"]*")*)[ \t]+)?((?:ssh|ecdsa|sk|webauthn)-[a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t].*)?$/;

/**
 * Reads the file that a policy pins. Only ssh-keygen decides who signed; this says which names stand in full, and
 * refuses every line whose meaning could differ between the two readers (certificate authorities, quoted names).
 * Throws a Failure (policy_refused).
 */
export function readSigners(bytes: Uint8Array): Signers {
  const text = Buffer.from(bytes).toString('utf8');
  const lines = text.split('\n').flatMap((line, index) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) return [];
    return [readLine(content, index + 1)];
  });
  return { text, lines };
}

function readLine(content: string, number: number): Line {
  const found = LINE.exec(content);
  if (found === null || content.includes('\r')) {
    throw new Failure(
      'policy_refused',
      `allowed_signers, line ${number}: not understood (${JSON.stringify(content.slice(0, 60))})`,
      'A line is: names [namespaces="sailplan"] [valid-before="20270101"] key-type key. Certificate authorities are not taken.',
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

/** The lines that name this person in full, as a file of their own: what holds under them holds without a wildcard. */
export const literalLinesFor = ({ lines }: Signers, who: string): string =>
  lines
    .filter(({ isLiteral, principals }) => isLiteral && principals.includes(who))
    .map(({ text }) => `${text}\n`)
    .join('');

/** How many approvals could count at most where wildcards do not: one a person and one a key. */
export function maxCountableApprovals({ lines }: Signers): number {
  const literal = lines.filter(({ isLiteral }) => isLiteral);
  const people = new Set(literal.flatMap(({ principals }) => principals.map(personOf)));
  return Math.min(people.size, new Set(literal.map(({ key }) => key)).size);
}

export const listsKey = ({ lines }: Signers, key: string): boolean => lines.some((line) => line.key === key);
