/** A rule of a CODEOWNERS file. Without owners, nobody owns the path. */
export interface OwnerRule {
  readonly pattern: string;
  readonly owners: readonly string[];
  /** Line number, from 1. */
  readonly line: number;
}

/** The rules, in order. Sections of GitLab (`[Name] @owner`) give their owners to rules without any. */
export function parseCodeOwners(text: string): readonly OwnerRule[] {
  let ofSection: readonly string[] = [];
  return text.split(/\r?\n/).flatMap((line, index) => {
    const words = line.replace(/(^|\s)#.*$/, '').match(/(?:\\.|\S)+/g) ?? [];
    const section = /^\^?\[[^\]]*\](?:\[\d+\])?\s*(.*)$/.exec(line.trim());
    if (section !== null) {
      ofSection = (section[1] ?? '').split(/\s+/).filter((word) => word !== '');
      return [];
    }
    const [pattern, ...own] = words;
    if (pattern === undefined) return [];
    return [{ pattern, owners: own.length > 0 ? own : ofSection, line: index + 1 }];
  });
}

/** The owners of a path: those of the last rule that matches. Upper and lower case differ. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  for (const { pattern, owners } of [...rules].reverse()) if (matches(pattern, path)) return owners;
  return [];
}

/** Whether a .gitignore at the top ignores the path. */
export const isIgnoredBy = (gitignore: string, path: string): boolean =>
  gitignore
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((is, line) => {
      const isKept = line.startsWith('!');
      return matches(isKept ? line.slice(1) : line, path) ? !isKept : is;
    }, false);

/** Matches as .gitignore does: a pattern with a slash before its end matches from the top, others at any depth; a folder matches with its content. */
function matches(pattern: string, path: string): boolean {
  const bare = pattern.replace(/\\(.)/g, '$1').replace(/\/$/, '');
  const isFromTop = bare.slice(0, -1).includes('/');
  const source = bare
    .replace(/^\//, '')
    .split(/(\*\*\/|\/\*\*$|\*|\?)/)
    .map((part) => WILDCARDS[part] ?? part.replace(/[\\^$.|()[\]{}+*?]/g, '\\$&'))
    .join('');
  // `docs/*` matches only files directly in that folder; other patterns also match everything below.
  const below = /(^|\/)\*$/.test(bare) && isFromTop ? '' : '(?:/.*)?';
  return new RegExp(`^${isFromTop ? '' : '(?:.*/)?'}${source}${below}$`, 's').test(path);
}

const WILDCARDS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '/**': '/.*',
  '*': '[^/]*',
  '?': '[^/]',
};
