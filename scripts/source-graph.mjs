// What the import lines and export lines of src/ say: layers, cycles between files, names, sizes. The architecture test and
// `make figures` (scripts/figures.mjs) read them from here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** ARCHITECTURE.md: imports go from a later line to an earlier one. Folders of one line never import each other. */
export const LAYERS = [
  ['core'],
  ['contract'],
  ['diff'],
  ['plan'],
  ['apply', 'approval', 'review', 'saleor', 'wagtail', 'platform', 'sandbox'],
  ['app'],
  ['cli', 'api'],
  ['bin'],
];

/** Every hand-written file of src/, with its text. */
export const sources = (folder = 'src') =>
  filesIn(folder)
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/') && !path.endsWith('.d.ts'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
    );

const IMPORT = /(?:^|\n)\s*(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/g;

/** Import lines: `target` is a path of this repository, or the name of a package. */
export const imports = (files) =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(IMPORT)].map(([, type, from, lazy]) => {
      const name = from ?? lazy ?? '';
      return {
        from: path,
        target: name.startsWith('.') ? normalize(join(dirname(path), name)) : name,
        isType: type !== undefined,
        isLazy: lazy !== undefined,
      };
    }),
  );

const layerOf = (path) => LAYERS.findIndex((names) => names.includes(path.split('/')[1]));

/** Import lines against the rule, as `from -> target`. */
export function wrongArrows(files) {
  return imports(files)
    .filter(({ from, target, isType }) => {
      if (!target.startsWith('src/')) return false;
      const [above, below] = [layerOf(from), layerOf(target)];
      if (above === -1 || below === -1) return false;
      const [folder, other] = [from.split('/')[1], target.split('/')[1]];
      if (folder === other) return false;
      // saleor/ implements the ports of apply/; it sees their types only.
      if (folder === 'saleor' && target === 'src/apply/ports.ts') return !isType;
      return below >= above;
    })
    .map(({ from, target }) => `${from} -> ${target}`)
    .sort();
}

/** Circles of files that import each other, types included; each as its sorted files. */
export function cycles(files) {
  const paths = new Set(files.map(({ path }) => path));
  const next = new Map([...paths].map((path) => [path, new Set()]));
  for (const { from, target } of imports(files)) if (paths.has(target)) next.get(from).add(target);
  // Tarjan's strongly connected components.
  const index = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (path) => {
    index.set(path, index.size);
    low.set(path, index.get(path));
    stack.push(path);
    for (const other of next.get(path)) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(path, Math.min(low.get(path), low.get(other)));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const path of paths) if (!index.has(path)) visit(path);
  return found.sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

const EXPORT =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** Exported names that more than one file declares: name → files. A command's `run` is its only export. */
export function namesDeclaredTwice(files) {
  const places = new Map();
  for (const { path, text } of files)
    for (const [, name] of text.matchAll(EXPORT)) places.set(name, [...(places.get(name) ?? []), path]);
  return new Map(
    [...places].filter(
      ([name, at]) =>
        new Set(at).size > 1 && !(name === 'run' && at.every((path) => path.startsWith('src/cli/commands/'))),
    ),
  );
}
