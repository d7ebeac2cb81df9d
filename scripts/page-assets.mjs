// Script and style of the review pages (src/review/html/page.*) are imported as text. This is the one place that minifies
// them: for the build as a plugin of esbuild, for the tests as a transform of jest. Both put the same bytes, and so the same
// hash, into a page.
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { transformSync } from 'esbuild';

const minified = (source, path) =>
  transformSync(source, {
    loader: extname(path).slice(1),
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
  }).code;

export const pageAssets = {
  name: 'page-assets',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/review\/html\/page\.(client\.js|css)$/ }, ({ path }) => ({
      contents: minified(readFileSync(path, 'utf8'), path),
      loader: 'text',
    })),
};

export default {
  process: (source, path) => ({ code: `export default ${JSON.stringify(minified(source, path))};` }),
};
