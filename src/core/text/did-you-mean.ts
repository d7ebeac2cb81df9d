import { distance } from 'fastest-levenshtein';

/** Two longer words are not misspellings of each other that a suggestion could find. */
const MOST_LETTERS = 64;
/** Candidates of a length that could do; some milliseconds of comparing. */
const MOST_CANDIDATES = 2_000;

/**
 * Candidates for a misspelt word, nearest first: at most three, with at most a third of the letters different. Limited in
 * length and cost: only the first thousands of very many candidates are compared.
 */
export function near(word: string, candidates: Iterable<string>): readonly string[] {
  if (word.length > MOST_LETTERS) return [];
  return possible(word, candidates)
    .map((candidate) => ({ candidate, errors: isSwapped(word, candidate) ? 1 : distance(word, candidate) }))
    .filter(
      ({ candidate, errors }) =>
        errors <= Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)),
    )
    .sort((a, b) => a.errors - b.errors || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function possible(word: string, candidates: Iterable<string>): readonly string[] {
  const found: string[] = [];
  for (const candidate of candidates) {
    const longer = Math.max(word.length, candidate.length);
    const isPossible =
      candidate.length <= MOST_LETTERS &&
      Math.abs(word.length - candidate.length) <= Math.max(1, Math.floor(longer / 3));
    if (isPossible) found.push(candidate);
    if (found.length === MOST_CANDIDATES) break;
  }
  return found;
}

/** Number of different words of one list that get suggestions: nobody reads more, and each is compared with all candidates. */
const MOST_WORDS = 200;

/** `near` for many words and the same candidates; words after the first hundreds get none. */
export function createSuggester(candidates: Iterable<string>): (word: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const found = known.get(word) ?? (known.size < MOST_WORDS ? near(word, candidates) : []);
    if (known.size < MOST_WORDS) known.set(word, found);
    return found;
  };
}

/** Equal for the same letters, and found without sorting them. */
function sumOf(word: string): number {
  let sum = 0;
  for (let at = 0; at < word.length; at += 1) sum += word.charCodeAt(at);
  return sum;
}

/** The same letters in another order: the commonest typing error, which Levenshtein counts as two. */
const isSwapped = (a: string, b: string): boolean =>
  a.length === b.length &&
  a !== b &&
  sumOf(a) === sumOf(b) &&
  [...a].sort().join('') === [...b].sort().join('');

/** `Did you mean …?`, or ''. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = near(word, candidates);
  return found.length === 0 ? '' : `Did you mean ${found.join(' or ')}?`;
}
