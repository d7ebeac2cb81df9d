import loader from 'js-yaml/lib/js-yaml/loader.js';
import safe from 'js-yaml/lib/js-yaml/schema/default_safe.js';
import Schema from 'js-yaml/lib/js-yaml/schema.js';
import Type from 'js-yaml/lib/js-yaml/type.js';
import { Failure } from '../core/failure.ts';

/** A workflow has some kB. Aliases and merges cost time that grows with the size. */
const MOST_CHARACTERS = 256 * 1024;

/** Tags of GitLab, which are not resolved. */
const GITLAB = (['scalar', 'sequence', 'mapping'] as const).map((kind) => new Type('!reference', { kind }));
const SCHEMA = Schema.create(safe, GITLAB);

/** The document as plain values. Throws a Failure (document_malformed) that quotes nothing of it. */
export function parseYaml(text: string, name: string): unknown {
  if (text.length > MOST_CHARACTERS)
    throw new Failure('document_malformed', `${name} is longer than ${MOST_CHARACTERS} characters`);
  try {
    return loader.safeLoad(text, { schema: SCHEMA });
  } catch (error) {
    const reason = error instanceof Error && 'reason' in error ? String(error.reason) : 'nested too deeply';
    throw new Failure('document_malformed', `${name} is not valid YAML (${reason})`, 'Correct it.');
  }
}
