// Compares the tests of a commit with those of the work tree: files, titles and assertions. Usage:
//   node scripts/compare-tests.mjs COMMIT
// Prints each file of the commit with the file that has its tests now, and every title and number of assertions that changed.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TEST_FILE = /\.(test|browser|shells|python|site|saleor)\.ts$/;
const [commit] = process.argv.slice(2);
if (commit === undefined) throw new Error('usage: node scripts/compare-tests.mjs COMMIT');
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** Titles as the source spells them: one for each `test(…)` and `test.each(…)(…)`. */
const titlesIn = (text) =>
  [
    ...text.matchAll(/\btest(?:\.each(?:<[^>]*>)?\([\s\S]*?\n?\s*\))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g),
  ].map(([, , title]) => title);

const read = (path, text) => ({
  path,
  titles: titlesIn(text),
  assertions: (text.match(/\bexpect(?:Golden)?\(/g) ?? []).length,
});

const before = git('ls-tree', '-r', '--name-only', commit, 'test')
  .split('\n')
  .filter((path) => TEST_FILE.test(path))
  .map((path) => read(path, git('show', `${commit}:${path}`)));

const after = readdirSync('test', { recursive: true })
  .filter((path) => TEST_FILE.test(path))
  .sort()
  .map((path) => read(join('test', path), readFileSync(join('test', path), 'utf8')));

/** title → files that have it now. */
const places = new Map();
for (const { path, titles } of after)
  for (const title of titles) places.set(title, [...(places.get(title) ?? []), path]);

/** Old path → new path, as git sees the moves. */
const renames = new Map(
  git('diff', '-M30%', '--diff-filter=R', '--name-status', commit, '--', 'test')
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([, from, to]) => [from, to]),
);
const counted = new Map();
for (const { path, titles } of before) {
  const homes = new Map();
  // A title such as '%s' has many homes and says nothing.
  for (const title of titles)
    if ((places.get(title) ?? []).length === 1)
      homes.set(places.get(title)[0], (homes.get(places.get(title)[0]) ?? 0) + 1);
  const found = [...homes].sort(([, a], [, b]) => b - a).map(([place]) => place);
  if (found.length === 0 && renames.has(path)) found.push(renames.get(path));
  counted.set(path, found.length === 0 ? ['(none)'] : found);
}

console.log('| before | after |\n|---|---|');
for (const [path, found] of counted) console.log(`| ${path} | ${found.join(', ')} |`);

const titlesOf = (files) => files.flatMap(({ titles }) => titles);
const [former, present] = [new Set(titlesOf(before)), new Set(titlesOf(after))];
console.log('\nTitles that are no longer there:');
for (const { path, titles } of before)
  for (const title of titles) if (!present.has(title)) console.log(`- ${path}: ${title}`);
console.log('\nTitles that are new:');
for (const { path, titles } of after)
  for (const title of titles) if (!former.has(title)) console.log(`- ${path}: ${title}`);

const sum = (files, count) => files.reduce((total, file) => total + count(file), 0);
console.log('\n| | before | after |\n|---|---|---|');
for (const [name, count] of [
  ['files', () => 1],
  ['titles', ({ titles }) => titles.length],
  ['assertions (calls of expect)', ({ assertions }) => assertions],
])
  console.log(`| ${name} | ${sum(before, count)} | ${sum(after, count)} |`);
