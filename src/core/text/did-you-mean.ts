import { distance } from 'fastest-levenshtein';

/** Candidates that may be meant by a misspelt word, nearest first: at most three, a third of the letters off at most. */
export function near(word: string, candidates: Iterable<string>): readonly string[] {
  return [...candidates]
    .map((candidate) => ({ candidate, errors: isSwapped(word, candidate) ? 1 : distance(word, candidate) }))
    .filter(
      ({ candidate, errors }) =>
        errors <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)),
    )
    .sort((a, b) => a.errors - b.errors || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The same letters in another order: the commonest typing error, which Levenshtein counts as two. */
const isSwapped = (a: string, b: string): boolean =>
  a.length === b.length && a !== b && [...a].sort().join('') === [...b].sort().join('');

/** `Did you mean …?`, or ''. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = near(word, candidates);
  return found.length === 0 ? '' : `Did you mean ${found.join(' or ')}?`;
}
