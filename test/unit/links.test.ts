import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';

const SKIPPED = new Set(['node_modules', '.git', '.venv', 'dist', 'coverage', 'artefacts', 'recordings']);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesIn(path);
    return [path];
  });

const files = filesIn('.');
const pages = files.filter((path) => path.endsWith('.md'));
const textOf = (path: string): string => readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
const withoutCode = (text: string): string =>
  text.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^ *\2 *$/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors that GitHub gives the headings of a page: a heading that comes again gets -1, -2 … */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = textOf(page);
  const outsideFences = text.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^ *\2 *$/gm, '');
  const seen = new Map<string, number>();
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of outsideFences.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

interface Link {
  readonly from: string;
  readonly target: string;
  /** Path from the top of the repository. */
  readonly path: string;
  readonly anchor: string;
}

/** Why a link leads nowhere, or null. */
function faultOf({ path, anchor }: Link): string | null {
  if (path.startsWith('..') || !existsSync(path)) return 'no such file';
  if (anchor === '') return null;
  if (!path.endsWith('.md')) return 'an anchor in a file that is no page';
  return anchorsOf(path).has(anchor) ? null : 'no such heading';
}

const broken = (links: readonly Link[]) =>
  links.flatMap((link) => {
    const fault = faultOf(link);
    return fault === null ? [] : [`${link.from}: ${link.target}: ${fault}`];
  });

const linksOf = (page: string): readonly Link[] =>
  [...withoutCode(textOf(page)).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: +(\S+)/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^(https?|mailto):/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#');
      const path = file === '' ? page : normalize(join(dirname(page), decodeURIComponent(file)));
      return { from: page, target, path, anchor: decodeURIComponent(anchor) };
    });

/** Comments and messages name pages by their path from the top: docs/saleor.md#value-slugs. */
const namedPages = (path: string): readonly Link[] =>
  [
    ...textOf(path).matchAll(
      /(?<![\w./-])((?:docs\/[\w/-]+|README|ARCHITECTURE|CONTRIBUTING|SECURITY)\.md)(?:#([\w-]+))?/g,
    ),
  ].map(([target, page = '', anchor = '']) => ({ from: path, target, path: page, anchor }));

test('every relative link of every Markdown file leads to a file, and its anchor to a heading', () => {
  const links = pages.flatMap(linksOf);
  expect(links.length).toBeGreaterThan(100);
  expect(broken(links)).toEqual([]);
});

test('every page and heading that a comment names is there', () => {
  const code = files.filter((path) => /^(src|test|scripts|schemas|\.ci|\.github)\/|^Makefile$/.test(path));
  const links = code
    .filter((path) => /(^Makefile|\.(ts|mts|mjs|graphql|json|sh|ya?ml))$/.test(path))
    .flatMap(namedPages);
  expect(links.length).toBeGreaterThan(80);
  expect(broken(links)).toEqual([]);
});

test('every recording that a page or a comment names is there', () => {
  const recordings = new Set(
    ['saleor', 'wagtail', 'sandbox']
      .flatMap((folder) => readdirSync(`test/recordings/${folder}`))
      .map((name) => name.replace(/\.json$/, '')),
  );
  const inPages = ['docs/saleor.md', 'docs/wagtail.md'].flatMap((page) =>
    [...textOf(page).matchAll(/`(\d\d-[\w-]+)`/g)].map(([, name = '']) => ({ from: page, name })),
  );
  const inComments = files
    .filter((path) => /^(src|test)\/.*\.ts$/.test(path))
    .flatMap((path) =>
      [...textOf(path).matchAll(/recording (\d\d-[\w-]+)/g)].map(([, name = '']) => ({ from: path, name })),
    );
  const named = [...inPages, ...inComments];
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter(({ name }) => !recordings.has(name))).toEqual([]);
});

test('every decision is in the index', () => {
  const listed = linksOf('docs/decisions/README.md').map(({ path }) => path);
  const there = pages.filter((path) => path.startsWith('docs/decisions/') && !path.endsWith('README.md'));
  expect(there.filter((path) => !listed.includes(path))).toEqual([]);
});
