import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filesIn, literalsOf, sourceFiles } from '../support/source-literals.ts';

/** Words of the first texts that a new reader did not understand, each with what to write instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\btold\b|\btells of\b/i, 'listed, reported'],
  [/\b(?<!under)(stands?|stood)\b/i, 'is, occurs'],
  [/\b(is|are|was|were|not) said\b/i, 'given (a flag), stated'],
  [/\bgreat(er|est)?\b(?! than)/i, 'large, maximum'],
  [/\b(held|holds?|hold) back\b/i, 'exclude'],
  [/\bnot compared\b/i, 'skipped'],
  [/\b(left|leaves?|leave) out\b/i, 'skipped, excluded, omitted'],
  [/\bso many\b/i, 'the number'],
  [/\b(go|goes|went) on\b/i, 'continue, next'],
  [/\bwhoever\b/i, 'the person who'],
  [/\bspent\b/i, 'applied, used'],
  [/\bfor ever\b/i, 'permanently'],
  [/\bread whole\b/i, 'read completely'],
  [/\banew\b/i, 'again, new'],
  [/(?<!there )\bis no (?!longer|more\b)[a-z]+/i, 'is not a'],
  [/\bwithout a word\b|\bin vain\b/i, 'without a message, without effect'],
  [/\bsays? otherwise\b|\bthe last word\b/i, 'differs'],
  [/\bmeanwhile\b/i, 'since, during the run'],
  [/\bspeaks? of\b/i, 'names, applies to'],
  [/\bcut off\b/i, 'truncated, removed'],
  [/\bare two sources at once\b/i, 'cannot be combined'],
  [/(?<!cannot be |values? )\bblanks?\b/i, 'space'],
  [/\btwins?\b/i, 'duplicate'],
  [/\bin line\b(?! with)/i, 'without changes, synchronised'],
  [/\b(takes?|taken|took) (it |them )?(away|out)\b/i, 'remove, delete'],
  [/\ball the same\b/i, 'still, nevertheless'],
  [/\bin place of\b/i, 'instead of'],
  [/\b(plan|merge|commit|request|branch)e?s? (brings?|brought)\b/i, 'adds, contains'],
  [/\bcomes? out (the same|different)/i, 'equals, differs'],
  [/\bbelieve[sd]?\b/i, 'trust'],
  [/\b(one|lines?|checks?|items?) an? (line|page|check|target|list|change|resource|second)\b/i, 'per'],
  [/\b(could|can|may) be meant\b/i, 'is possible'],
  [/\blies\b/i, 'is'],
  [/\bof one name\b/i, 'with the same name'],
  [/(?<!policy )\bsays? (that|so)\b/i, 'states, requires'],
  [/\bmade\.json\b|\blabel_hidden\b|\bleft_out\b|\bheld_back\b/, 'the new name'],
];

const refusedIn = (text: string): readonly string[] =>
  REFUSED.flatMap(([pattern, instead]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`"${found[0]}" (write: ${instead}) in: ${text.trim().slice(0, 160)}`];
  });

/** Class names and attributes of HTML are no text. */
const withoutTags = (text: string): string => text.replace(/<[^>]*>?/g, ' ');

test('messages, hints, help and pages are in plain words', () => {
  const paths = sourceFiles();
  expect(paths.length).toBeGreaterThan(300);
  const found = paths.flatMap((path) =>
    literalsOf(path)
      .filter((text) => / /.test(text))
      .flatMap((text) => refusedIn(withoutTags(text)).map((one) => `${path}: ${one}`)),
  );
  expect(found).toEqual([]);
});

const PAGES = [
  ...['README.md', 'SECURITY.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'wagtail/README.md'],
  ...filesIn('examples', (path) => /\.md$/.test(path)),
  ...filesIn('docs', (path) => /\.md$/.test(path)),
  ...filesIn('docs/man', (path) => /\.1$/.test(path)),
  ...filesIn('schemas', (path) => /\.json$/.test(path)),
];

test('README, docs, manuals and schemas are in plain words', () => {
  const found = PAGES.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => refusedIn(line).map((one) => `${path}:${index + 1}: ${one}`)),
  );
  expect(found).toEqual([]);
});

test('the list refuses what it is for', () => {
  for (const text of [
    'Mend the value first',
    'all told above',
    'the key stands twice',
    'unless --no-dry-run is said',
    '1 offering not compared',
    'held back on request',
    'x is no plan',
    'blanks are removed',
    'products in line',
    'a commit brought the plan',
    'one line a check',
  ])
    expect(refusedIn(text)).not.toEqual([]);
  expect(refusedIn('a process that is no longer running; there is no plan here; you understand')).toEqual([]);
});
