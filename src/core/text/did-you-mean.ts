import { distance } from 'fastest-levenshtein';

/** The candidates that a typing error could have meant, nearest first: at most three, none that is far off. */
export function near(word: string, candidates: Iterable<string>): readonly string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, far: isSwapped(word, candidate) ? 1 : distance(word, candidate) }))
    .filter(
      ({ candidate, far }) => far <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)),
    )
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Two letters in the wrong order are two errors to most measures, and the commonest one of a hand. */
const isSwapped = (a: string, b: string): boolean =>
  a.length === b.length && a !== b && [...a].sort().join('') === [...b].sort().join('');

/** `Did you mean …?`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = near(word, candidates);
  return found.length === 0 ? '' : `Did you mean ${found.join(' or ')}?`;
}
