// Swaps parts of yargs that cost a start or read files. The reasons and the figures: docs/decisions/yargs.md.
import { resolve } from 'node:path';

const PARTS = {
  // Looks for a package.json above the working folder, for its version: we give ours.
  'escalade/sync': 'export default () => undefined;',
  // Looks for messages in a folder beside the package, where a bundle finds the files of others.
  y18n: `import { y18n } from './node_modules/y18n/build/lib/index.js';
    import { format } from 'node:util';
    export default (options) => y18n(options, { fs: {}, format, resolve: () => '', exists: () => false });`,
  // Loads Intl.Segmenter and the table of emoji: 50 ms. Each character of our help is one column wide; a test holds it.
  'string-width': 'export default (text) => text.length;',
};

/** An esbuild plugin. */
export const yargsInBundle = {
  name: 'yargs-in-bundle',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: new RegExp(`^(${Object.keys(PARTS).join('|')})$`) }, ({ path }) => ({
      path,
      namespace: 'yargs-in-bundle',
    }));
    onLoad({ filter: /./, namespace: 'yargs-in-bundle' }, ({ path }) => ({
      contents: PARTS[path],
      resolveDir: resolve('.'),
    }));
  },
};
