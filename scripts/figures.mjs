// The figures of docs/decisions/layout.md, measured on the sources: prints a table and ends with 1 where a limit is broken.
// `make figures`; `make quick` and CI run it.
import { readdirSync } from 'node:fs';
import { cycles, namesDeclaredTwice, sources, wrongArrows } from './source-graph.mjs';

const files = sources();
const own = files.filter(({ path }) => !path.startsWith('src/sandbox/'));
const linesOf = ({ text }) => text.split('\n').length - 1;
const sorted = files.map(linesOf).sort((a, b) => a - b);
const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];

/** `as unknown as` and `as never` in code, not in comments or strings of types. */
const casts = files.flatMap(({ path, text }) =>
  [...text.matchAll(/\bas unknown as\b|\bas never\b/g)].map(() => path),
);

/** Parameters of a declared function: a destructured object counts as one. */
function parameters(list) {
  let depth = 0;
  let count = /\S/.test(list) ? 1 : 0;
  for (const char of list.replace(/=>/g, '').replace(/,\s*$/, '')) {
    if ('([{<'.includes(char)) depth += 1;
    else if (')]}>'.includes(char)) depth -= 1;
    else if (char === ',' && depth === 0) count += 1;
  }
  return count;
}

/** The text between the parenthesis at `start` and its partner. */
function inside(text, start) {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text.slice(start + 1, index);
  }
  return '';
}

const declared = files.flatMap(({ path, text }) =>
  [
    ...text.matchAll(/\bfunction\*? ?(\w*)(?:<[^(]*>)?\(/g),
    ...text.matchAll(/\bconst (\w+) = (?:async )?\(/g),
  ].map((match) => ({
    name: `${path} ${match[1]}`,
    count: parameters(inside(text, match.index + match[0].length - 1)),
  })),
);
const most = declared.reduce((a, b) => (b.count > a.count ? b : a));
const commands = readdirSync('src/cli/commands');

const rows = [
  ['source files', files.length, null],
  ['lines, without the sandbox', own.reduce((sum, file) => sum + linesOf(file), 0), null],
  ['lines of a file: median', at(0.5), 80],
  ['lines of a file: 95th percentile', at(0.95), 220],
  ['import cycles between files', cycles(files).length, 0],
  ['imports against the layers', wrongArrows(files).length, 0],
  ['exported names declared twice', namesDeclaredTwice(files).size, 0],
  ['most parameters of a function', most.count, 4],
  ['casts (as unknown as, as never)', casts.length, 10],
  ['files in cli/commands', commands.length, 24],
];
let isBroken = false;
for (const [what, value, limit] of rows) {
  const broken = limit !== null && value > limit;
  isBroken ||= broken;
  console.log(
    `${what.padEnd(36)} ${String(value).padStart(7)}${limit === null ? '' : `   ≤ ${limit}${broken ? '   BROKEN' : ''}`}`,
  );
}
if (most.count > 4)
  for (const { name, count } of declared.filter(({ count }) => count > 4))
    console.log(`  ${count} parameters: ${name}`);
if (casts.length > 10) for (const path of new Set(casts)) console.log(`  casts: ${path}`);
process.exitCode = isBroken ? 1 : 0;
