import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { gqlAt } from './gql.ts';
import { valuesOf } from './look.ts';
import { converge, plan, say } from './tool.ts';
import type { World } from './world.ts';

const BOOTSTRAP = ['--create-attributes', '--sync-attributes', '--sync-products', '--create-missing'];

// biome-ignore lint/suspicious/noExplicitAny: documents of the tool, looked at field by field
type Document = any;

const codes = ({ diagnostics }: Document): readonly string[] =>
  diagnostics.map(({ severity, code, ref }: Document) => `${severity} ${code} ${ref}`);

const changesOf = (world: World, { plan: path }: Document): readonly string[] =>
  path === null
    ? []
    : JSON.parse(readFileSync(join(world.folder, path), 'utf8')).changes.map(
        ({ action, ref }: Document) => `${action} ${ref}`,
      );

function editContract(world: World, edit: (contract: Document) => void): void {
  const path = join(world.folder, 'contract.json');
  const contract: Document = JSON.parse(readFileSync(path, 'utf8'));
  edit(contract);
  writeFileSync(path, JSON.stringify(contract));
}

async function createType({ gql }: World, input: object): Promise<string> {
  const { made } = await gql(
    'mutation($input:ProductTypeInput!){made:productTypeCreate(input:$input){productType{id} errors{field code message}}}',
    { input: { kind: 'NORMAL', hasVariants: true, isShippingRequired: false, ...input } },
  );
  return made.productType.id;
}

async function createProduct({ gql }: World, input: object): Promise<string> {
  const { made } = await gql(
    'mutation($input:ProductCreateInput!){made:productCreate(input:$input){product{id} errors{field code message}}}',
    { input },
  );
  return made.product.id;
}

const attributeId = async ({ gql }: World, slug: string): Promise<string> =>
  (await gql('query($slug:String!){attribute(slug:$slug){id}}', { slug })).attribute.id;

async function addValue({ gql }: World, attribute: string, name: string): Promise<string> {
  const { made } = await gql(
    'mutation($id:ID!,$name:String!){made:attributeValueCreate(attribute:$id,input:{name:$name}){attributeValue{id} errors{field code message}}}',
    { id: attribute, name },
  );
  return made.attributeValue.id;
}

/** Values that only a variant has, and only a product whose type lost the attribute, are kept by --prune-values. */
export async function usersEverywhere(world: World): Promise<void> {
  const { gql, names, prefix } = world;
  say(world, catalogue(), 'key');
  await converge(world, ...BOOTSTRAP);
  const roles = await attributeId(world, names.roles);
  const [veteran, ghost] = [await addValue(world, roles, 'veteran'), await addValue(world, roles, 'ghost')];
  await addValue(world, roles, 'nobody');
  const ofVariants = await createType(world, {
    name: `${prefix}-v`,
    slug: `${prefix}-v`,
    variantAttributes: [roles],
  });
  const product = await createProduct(world, {
    name: 'V',
    slug: `${prefix}-v1`,
    productType: ofVariants,
  });
  const variant = {
    product,
    sku: `${prefix}-v1`,
    attributes: [{ id: roles, multiselect: [{ id: veteran }] }],
  };
  await gql(
    'mutation($input:ProductVariantCreateInput!){made:productVariantCreate(input:$input){productVariant{id} errors{field code message}}}',
    { input: variant },
  );
  const lost = await createType(world, {
    name: `${prefix}-l`,
    slug: `${prefix}-l`,
    productAttributes: [roles],
  });
  const attributes = [{ id: roles, multiselect: [{ id: ghost }] }];
  await createProduct(world, { name: 'L', slug: `${prefix}-l1`, productType: lost, attributes });
  await gql(
    'mutation($id:ID!,$a:[ID!]!){productAttributeUnassign(productTypeId:$id,attributeIds:$a){errors{field code message}}}',
    { id: lost, a: [roles] },
  );
  const planned = await plan(world, '--prune-values');
  expect(changesOf(world, planned)).toEqual([`delete value.${names.roles}.nobody`]);
  await converge(world, '--prune-values');
  expect(Object.keys(await valuesOf(world, names.roles))).toEqual(
    expect.arrayContaining(['veteran', 'ghost']),
  );
}

/** What Saleor must refuse is an error of the plan: no change is planned. */
export async function refusals(world: World): Promise<void> {
  const { gql, names, prefix } = world;
  const site = catalogue();
  say(world, site, 'key');
  await converge(world, ...BOOTSTRAP);
  const [category, roles] = [await attributeId(world, names.category), await attributeId(world, names.roles)];
  await gql(
    'mutation($id:ID!){attributeUpdate(id:$id,input:{valueRequired:true}){errors{field code message}}}',
    { id: category },
  );
  const [screening, other] = Object.keys(site.pages);
  (site.pages[screening as string] as { category: string | null }).category = null;
  say(world, site, 'key');
  const emptied = await plan(world);
  expect(codes(emptied)).toContain(
    `error required_attribute_emptied product.${names.product(screening as string)}`,
  );
  expect(changesOf(world, emptied)).toEqual([]);
  // Beside it, everything else is planned and applied.
  Object.assign(site.pages[other as string] ?? {}, { tagline: 'Applied beside a refused one' });
  say(world, site, 'key');
  const beside = await converge(world);
  expect(changesOf(world, beside)).toEqual([`update product.${names.product(other as string)}`]);

  await createType(world, { name: `${prefix}-v`, slug: `${prefix}-v`, variantAttributes: [roles] });
  say(world, catalogue(), 'key');
  editContract(world, (contract) => {
    for (const rule of contract.attributes) rule.product_types = [...rule.product_types, `${prefix}-v`];
  });
  const ofVariants = await plan(world, '--sync-attributes');
  expect(codes(ofVariants)).toContain(
    `error attribute_assigned_to_variants assignment.${prefix}-v.${names.roles}`,
  );
  expect(changesOf(world, ofVariants)).not.toContain(`create assignment.${prefix}-v.${names.roles}`);
  const refs = (await converge(world, '--sync-attributes')).summary.by_kind;
  expect(refs.assignment).toMatchObject({ create: 2 });

  for (const slug of [`${prefix}-t1`, `${prefix}-t2`])
    await createType(world, { name: `${prefix} twins`, slug, hasVariants: false });
  say(world, catalogue(), 'key');
  editContract(world, (contract) => {
    for (const rule of contract.attributes) rule.product_types = [...rule.product_types, `${prefix} twins`];
  });
  const twins = await plan(world, '--sync-attributes');
  expect(codes(twins)).toContain(`error product_type_ambiguous product_type.${prefix} twins`);
  expect(changesOf(world, twins)).toEqual([]);
}

/** A slug that an attribute of pages has: products cannot have it, and nothing is planned for it. `tokenPages`: may make one. */
export async function ofPages(world: World, tokenPages: string): Promise<void> {
  const { apiUrl, names } = world;
  const gql = gqlAt(apiUrl, tokenPages);
  const input = { name: names.roles, slug: names.roles, type: 'PAGE_TYPE', inputType: 'MULTISELECT' };
  const { made } = await gql(
    'mutation($input:AttributeCreateInput!){made:attributeCreate(input:$input){attribute{id} errors{field code message}}}',
    { input },
  );
  try {
    say(world, catalogue(), 'key');
    const planned = await converge(world, ...BOOTSTRAP);
    expect(codes(planned)).toContain(`error attribute_of_another_kind attribute.${names.roles}`);
    expect(changesOf(world, planned).filter((change) => change.includes(names.roles))).toEqual([]);
    expect(planned.summary.by_kind).toMatchObject({ attribute: { create: 2 }, product: { update: 0 } });
  } finally {
    const id = made.attribute.id;
    await gql('mutation($id:ID!){attributeDelete(id:$id){errors{field code message}}}', { id });
  }
}

/** Labels with one slug get the slugs that the plan shows. */
export async function collidingLabels(world: World): Promise<void> {
  const site = catalogue();
  site.roles.push(
    { key: 'analyst_b', label: 'Data-analyst' },
    { key: 'analyst_c', label: 'Data analyst 2' },
    { key: 'zeta', label: 'data analyst' },
  );
  say(world, site, 'external_reference');
  const planned = await converge(world, ...BOOTSTRAP);
  expect(planned.summary.by_kind.value.create).toBe(site.roles.length + site.categories.length);
  const values = await valuesOf(world, world.names.roles);
  const slugOf = (label: string) => Object.values(values).find(({ name }) => name === label)?.slug;
  expect(['Data-analyst', 'Data analyst 2', 'Data analyst', 'data analyst'].map(slugOf)).toEqual([
    'data-analyst',
    'data-analyst-2',
    'data-analyst-3',
    'data-analyst-4',
  ]);
}
