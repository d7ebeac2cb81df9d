// Makes what is generated and committed: validators and types of the JSON Schemas, types of the GraphQL operations, and
// the reference pages and manuals from the table of commands and the schemas.
// `node scripts/generate.mjs` writes; test/unit/generated-files.test.ts calls `generate()` and finds no difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { typeFiles } from './schema-types.mjs';

/** Which folder owns the validator of which schema. */
const OWNERS = {
  contract: 'contract',
  desired: 'wagtail',
  actual: 'saleor',
  plan: 'plan',
  made: 'plan',
  approval: 'approval',
  policy: 'approval',
  accept: 'approval',
  archive: 'approval',
  config: 'app',
  event: 'cli',
  report: 'review',
  review: 'review',
};

/** Types that layers below the owner of a schema use are declared there; some parts of a schema are a type of another one. */
const TYPES = {
  actual: {
    homes: {
      'src/core/generated/actual-state.d.ts': [
        'Actual',
        'Assigned',
        'Attribute',
        'InputType',
        'Product',
        'ProductDocument',
        'ProductType',
        'Proof',
        'Target',
        'Value',
      ],
    },
  },
  plan: {
    homes: {
      'src/core/generated/desired-state.d.ts': [
        'DesiredSnapshot',
        'Diagnostic',
        'Offering',
        'ResourceDocument',
        'Reverts',
        'Severity',
        'Source',
        'SourceValue',
        'Term',
      ],
      'src/diff/generated/changes.d.ts': [
        'Action',
        'Change',
        'Exclusion',
        'LeftOut',
        'Operation',
        'Options',
        'Provenance',
        'Reason',
      ],
    },
    foreign: {
      '/definitions/attribute': { type: 'Attribute', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/product': { type: 'Product', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/product_type': { type: 'ProductType', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/target': { type: 'Target', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/value': { type: 'Value', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/hazard/properties/code': { type: 'HazardCode', from: 'src/plan/hazards.ts' },
      '/properties/contract': { type: 'Contract', from: 'src/contract/generated/contract.d.ts' },
    },
  },
  report: {
    main: 'src/plan/generated/report.d.ts',
    foreign: {
      '/properties/target': { type: 'Target', from: 'src/core/generated/actual-state.d.ts' },
      '/definitions/operation': { type: 'Operation', from: 'src/diff/generated/changes.d.ts' },
    },
  },
};

const VALIDATOR = `declare const validate: {
  (value: unknown): boolean;
  errors: readonly { instancePath: string; keyword: string; params: Record<string, unknown> }[] | null;
};
export default validate;
`;

/** People write these: a member that is not known is told with the nearest one that is. */
const WRITTEN = ['config', 'contract', 'policy', 'accept'];

/** The names of all members that a schema knows, wherever they stand. */
const membersOf = (schema) =>
  typeof schema !== 'object' || schema === null
    ? []
    : [...Object.keys(schema.properties ?? {}), ...Object.values(schema).flatMap(membersOf)];

/** Documents of many megabytes: the first fault is enough, and collecting all of them would cost more than the document. */
const LARGE = ['desired', 'actual', 'plan'];

async function validator(schema, name) {
  const ajv = new Ajv({
    allErrors: !LARGE.includes(name),
    inlineRefs: false,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: false },
  });
  const source = shortened(standalone.default(ajv, ajv.compile(undescribed(schema))));
  // ajv's ESM output still calls require for its runtime: bundle it.
  const result = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return result.outputFiles[0].text;
}

/** ajv keeps parts of the schema in its output, with their descriptions and titles. */
const undescribed = (schema) =>
  JSON.parse(
    JSON.stringify(schema, (name, value) =>
      ['description', 'title'].includes(name) && typeof value === 'string' ? undefined : value,
    ),
  );

/**
 * ajv writes each fault out where it is found, with words and the place in the schema; here one function makes it, and
 * src/core/json/schema-errors.ts has the words. Half the size.
 */
function shortened(source) {
  // Strings may hold braces and commas.
  const text = '"(?:[^"\\\\]|\\\\.)*"';
  const fault = new RegExp(
    `\\{instancePath(?::((?:${text}|(?!,parentData)[^"])*?))?,schemaPath:${text},keyword:"([^"]+)",params:(\\{(?:${text}|[^{}"])*\\}),message:(?:${text}|[^{}"])*\\}`,
    'g',
  );
  const branch =
    /const (err\d+) = (fault\(.*?\));if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g;
  const short = source
    .replace(fault, (_, place = 'instancePath', keyword, params) => `fault(${place},"${keyword}",${params})`)
    .replace(branch, 'vErrors = told(vErrors, $2);errors++;');
  if (short.includes('schemaPath')) throw new Error('ajv writes its faults in another form');
  return `${short}
function fault(instancePath, keyword, params) { return { instancePath, keyword, params }; }
function told(all, one) { if (all === null) return [one]; all.push(one); return all; }
`;
}

/** path → text of everything generated */
export async function generate() {
  const files = new Map();
  for (const file of readdirSync('schemas')
    .filter((name) => name.endsWith('.schema.json'))
    .sort()) {
    const name = basename(file, '.schema.json');
    const schema = JSON.parse(readFileSync(join('schemas', file), 'utf8'));
    const folder = join('src', OWNERS[name] ?? 'core', 'generated');
    const members = WRITTEN.includes(name) ? [...new Set(membersOf(schema))].sort() : null;
    files.set(
      join(folder, `${name}.js`),
      `// Generated by scripts/generate.mjs from schemas/${file}.\n${await validator(schema, name)}${members === null ? '' : `export const members=${JSON.stringify(members)};\n`}`,
    );
    const banner = `// Generated by scripts/generate.mjs from schemas/${file}.`;
    const declarations = join(folder, `${name}.d.ts`);
    const types = typeFiles(schema, { main: declarations, banner, ...TYPES[name] });
    for (const [path, text] of types) files.set(path, text);
    const known =
      members === null
        ? ''
        : '/** The names of all members that the schema knows. */\nexport declare const members: readonly string[];\n';
    files.set(declarations, `${files.get(declarations) ?? `${banner}\n`}\n${VALIDATOR}${known}`);
  }
  if (existsSync('src/saleor/graphql/operations.graphql')) {
    const { operations } = await import('./operations.mjs');
    files.set('src/saleor/generated/operations.ts', await operations());
  }
  const schemas = readdirSync('schemas').filter((name) => name.endsWith('.schema.json'));
  for (const [path, text] of (await referenceModule()).reference(schemas.sort())) files.set(path, text);
  return files;
}

/** Node 20 runs no TypeScript: bundled and imported from memory, without what the commands load when they are called. */
async function referenceModule() {
  const isLoaded = (args) =>
    args.kind === 'dynamic-import' ? { path: args.path, external: true } : undefined;
  const { outputFiles } = await build({
    entryPoints: ['scripts/reference.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [{ name: 'lazy', setup: ({ onResolve }) => onResolve({ filter: /./ }, isLoaded) }],
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

if (process.argv[1]?.endsWith('generate.mjs')) {
  for (const [path, text] of await generate()) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
