import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Names, names } from './catalogue.ts';
import { type Gql, gqlAt } from './gql.ts';
import { everyNode, removePrefix } from './remove.mjs';

/** A corner of a real shop that is this run's own: product types, products, a human's attribute; all under one prefix. */
export interface World {
  readonly apiUrl: string;
  readonly token: string;
  readonly prefix: string;
  readonly names: Names;
  readonly gql: Gql;
  /** Slug without the prefix → id. */
  readonly products: Readonly<Record<string, string>>;
  /** Working folder of the tool. */
  readonly folder: string;
  remove(): Promise<void>;
}

const MARK = 'slpacc';
/** A run that began longer ago is dead on whatever machine it was. */
const DEAD_AFTER_MS = 6 * 3_600_000;
const LEDGERS = join(tmpdir(), 'sailplan-acceptance');

/** `slpacc1764…x3f9`: when it began, so that another machine can tell the dead from the living. */
const newPrefix = (): string => `${MARK}${Date.now()}x${randomBytes(2).toString('hex')}`;
const beganAt = (slug: string): number | null => {
  const found = new RegExp(`^(${MARK}(\\d{13})x[0-9a-f]{4})[_-]`).exec(slug);
  return found === null ? null : Number(found[2]);
};

/** Products in the two product types, with what a human put there before the tool came. */
export async function createWorld(apiUrl: string, token: string, owner = process.pid): Promise<World> {
  const gql = gqlAt(apiUrl, token);
  const prefix = newPrefix();
  const mine = names(prefix);
  mkdirSync(LEDGERS, { recursive: true });
  const ledger = join(LEDGERS, `${prefix}.json`);
  // Written before anything is made: whoever finds it after a kill knows what to remove.
  writeFileSync(ledger, JSON.stringify({ pid: owner, host: hostname(), apiUrl }));
  watch(owner, ledger, prefix, { SALEOR_API_URL: apiUrl, SALEOR_TOKEN: token });
  const folder = mkdtempSync(join(tmpdir(), 'sailplan-acceptance-'));
  const remove = async () => {
    rmSync(folder, { recursive: true, force: true });
    await removePrefix(apiUrl, token, prefix);
    rmSync(ledger, { force: true });
  };
  try {
    return { apiUrl, token, prefix, names: mine, gql, folder, remove, products: await furnish(gql, mine) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A process of its own, which outlives this one. */
function watch(owner: number, ledger: string, prefix: string, env: NodeJS.ProcessEnv): void {
  const words = [resolve('test/slow/saleor/warden.mjs'), String(owner), ledger, prefix];
  spawn(process.execPath, words, { env, detached: true, stdio: 'ignore' }).unref();
}

async function furnish(gql: Gql, mine: Names): Promise<Readonly<Record<string, string>>> {
  const types = await Promise.all(
    mine.types.map(async (slug) => {
      const input = { name: slug, slug, kind: 'NORMAL', hasVariants: false, isShippingRequired: false };
      const { made } = await gql(
        'mutation($input:ProductTypeInput!){made:productTypeCreate(input:$input){productType{id} errors{field code message}}}',
        { input },
      );
      return made.productType.id as string;
    }),
  );
  const { colour } = await gql(
    'mutation($input:AttributeCreateInput!){colour:attributeCreate(input:$input){attribute{id choices(first:1){edges{node{id}}}} errors{field code message}}}',
    {
      input: {
        name: mine.colour,
        slug: mine.colour,
        type: 'PRODUCT_TYPE',
        inputType: 'DROPDOWN',
        values: [{ name: 'Teal' }],
      },
    },
  );
  for (const id of types)
    await gql(
      'mutation($id:ID!,$a:ID!){productAttributeAssign(productTypeId:$id,operations:[{id:$a,type:PRODUCT}]){errors{field code message}}}',
      { id, a: colour.attribute.id },
    );
  const teal = colour.attribute.choices.edges[0].node.id;
  const made: Record<string, string> = {};
  const wanted = { screening: 0, outreach: 0, credits: 1, unlisted: 0 };
  for (const [slug, type] of Object.entries(wanted)) {
    const input = {
      name: `Human's ${slug}`,
      slug: mine.product(slug),
      productType: types[type],
      attributes: [{ id: colour.attribute.id, dropdown: { id: teal } }],
      metadata: [{ key: 'human_note', value: `keep ${slug}` }],
    };
    const { product } = await gql(
      'mutation($input:ProductCreateInput!){product:productCreate(input:$input){product{id} errors{field code message}}}',
      { input },
    );
    made[slug] = product.product.id;
  }
  return made;
}

/** What is left under a prefix: nothing, after `remove`. */
export async function leftUnder({ apiUrl, token, prefix }: World): Promise<readonly string[]> {
  const found = await Promise.all(
    (['productTypes', 'attributes', 'products'] as const).map((connection) =>
      everyNode(apiUrl, token, connection),
    ),
  );
  return found.flat().flatMap(({ slug }) => (slug.startsWith(prefix) ? [slug] : []));
}

/** Removes what killed runs left: those of this machine whose process is gone, and those of any machine after six hours. */
export async function sweep(apiUrl: string, token: string): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const file of existsSync(LEDGERS) ? readdirSync(LEDGERS) : []) {
    const path = join(LEDGERS, file);
    const { pid, host, apiUrl: where } = JSON.parse(readFileSync(path, 'utf8'));
    if (where !== apiUrl || host !== hostname() || isAlive(pid)) continue;
    swept.push(file.replace('.json', ''));
    await removePrefix(apiUrl, token, file.replace('.json', ''));
    rmSync(path, { force: true });
  }
  const slugs = [
    ...(await everyNode(apiUrl, token, 'productTypes')),
    ...(await everyNode(apiUrl, token, 'attributes')),
  ].map(({ slug }) => slug);
  const old = slugs.filter((slug) => Date.now() - (beganAt(slug) ?? Date.now()) > DEAD_AFTER_MS);
  for (const prefix of new Set(old.map((slug) => slug.split(/[_-]/)[0] ?? ''))) {
    swept.push(prefix);
    await removePrefix(apiUrl, token, prefix);
  }
  return swept;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
