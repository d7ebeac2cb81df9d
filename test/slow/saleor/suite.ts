import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Catalogue, catalogue, type Naming } from './catalogue.ts';
import { gqlAt } from './gql.ts';
import { HUMAN, productOf, valuesOf } from './look.ts';
import { collidingLabels, ofPages, refusals, usersEverywhere } from './shapes.ts';
import { apply, approve, converge, plan, say } from './tool.ts';
import { createWorld, leftUnder, sweep, type World } from './world.ts';

export interface Shop {
  readonly apiUrl: string;
  /** With MANAGE_PRODUCTS, MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES and MANAGE_TRANSLATIONS. */
  readonly token: string;
  /** Without the last one, where there is such a token. */
  readonly tokenTwo: string | null;
  /** With MANAGE_PAGE_TYPES_AND_ATTRIBUTES too, where there is such a token. */
  readonly tokenPages: string | null;
}

const BOOTSTRAP = ['--create-attributes', '--sync-attributes', '--sync-products', '--create-missing'];

/** The stories of one shop, real or sandbox: each in a world of its own, which is removed whatever happens. */
export function acceptance(title: string, shop: () => Promise<Shop>): void {
  jest.setTimeout(120_000);
  describe(title, () => {
    let given: Shop;
    beforeAll(async () => {
      given = await shop();
      await requirePermissions(given);
      await sweep(given.apiUrl, given.token);
    });
    describe.each(['key', 'external_reference'] as const)('naming %s', (naming) => {
      stories(naming, () => given);
    });
    test('values that only variants, or products of types that lost the attribute, have are kept', () =>
      inWorld(given, usersEverywhere));
    test('what Saleor always refuses is an error of the plan', () => inWorld(given, refusals));
    test('a slug that an attribute of pages has is an error, and the rest is applied', async () => {
      const { tokenPages } = given;
      if (tokenPages !== null) await inWorld(given, (world) => ofPages(world, tokenPages));
    });
    test('labels with one slug get the slugs that the plan shows', () => inWorld(given, collidingLabels));
    test('a token with two permissions does everything but translations', async () => {
      if (given.tokenTwo === null) return;
      await inWorld({ ...given, token: given.tokenTwo }, async (world) => {
        say(world, catalogue(), 'key');
        const planned = await converge(world, ...BOOTSTRAP);
        expect(planned.summary.by_kind.translation.create).toBe(0);
        const codes = planned.diagnostics.map(({ code }: { code: string }) => code);
        expect(codes.filter((code: string) => code === 'translations_not_permitted')).toHaveLength(1);
      });
    });
    test('nothing is left behind', async () => {
      const world = await createWorld(given.apiUrl, given.token);
      expect(await leftUnder(world)).toHaveLength(7);
      await world.remove();
      expect(await leftUnder(world)).toEqual([]);
    });
    test('nothing is left behind by a run that was killed', async () => {
      const run = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
      run.unref();
      const world = await createWorld(given.apiUrl, given.token, run.pid);
      const made = await leftUnder(world);
      run.kill('SIGKILL');
      expect(made).toHaveLength(7);
      for (const end = Date.now() + 30_000; Date.now() < end && (await leftUnder(world)).length > 0; )
        await sleep(200);
      expect(await leftUnder(world)).toEqual([]);
      await world.remove();
    });
  });
}

const NEEDED = ['MANAGE_PRODUCTS', 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES', 'MANAGE_TRANSLATIONS'];

/** One line in place of a difference in each story. */
async function requirePermissions({ apiUrl, token }: Shop): Promise<void> {
  const { app } = await gqlAt(apiUrl, token)('{app{permissions{code}}}');
  const held = (app?.permissions ?? []).map(({ code }: { code: string }) => code);
  const missing = NEEDED.filter((permission) => !held.includes(permission));
  if (missing.length > 0)
    throw new Error(
      `the token in SALEOR_TOKEN lacks ${missing.join(', ')}: give these to its app, and run again`,
    );
}

async function inWorld(shop: Shop, story: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld(shop.apiUrl, shop.token);
  try {
    await story(world);
  } finally {
    await world.remove();
  }
}

/** One world, through which the stories of a naming mode go in order, each from where the last one left it. */
function stories(naming: Naming, shop: () => Shop): void {
  let world: World;
  const site = catalogue();
  const tell = (change: (site: Catalogue) => void = () => undefined) => {
    change(site);
    say(world, site, naming);
  };
  const slugs = async (attribute: 'roles' | 'category') =>
    Object.keys(await valuesOf(world, world.names[attribute]));
  const bySlug = (key: string, derived: string) => (naming === 'key' ? key : derived);
  beforeAll(async () => {
    world = await createWorld(shop().apiUrl, shop().token);
  });
  afterAll(async () => {
    await world?.remove();
  });

  test('from nothing: attributes, assignments, values, translations, products', async () => {
    tell();
    const { summary } = await converge(world, ...BOOTSTRAP);
    const translations = naming === 'key' ? { create: 4 } : { create: 2 };
    expect(summary.by_kind).toMatchObject({
      attribute: { create: 3 },
      assignment: { create: 6 },
      value: { create: 5 },
      translation: translations,
      product: { update: 3 },
    });
    const categories = await valuesOf(world, world.names.category);
    const hr = categories[bySlug('human_resources', 'people-culture')];
    expect(hr).toMatchObject({
      name: bySlug('human_resources', 'People & culture'),
      externalReference: `${world.names.category}.human_resources`,
      en: naming === 'key' ? 'People & culture' : null,
      de: 'Personal',
      fr: 'Personnel',
    });
    expect(categories['sales']).toMatchObject({ name: 'Sales' });
    expect(await productOf(world, 'screening')).toEqual({
      ...HUMAN('screening'),
      attributes: {
        ...HUMAN('screening').attributes,
        category: [bySlug('human_resources', 'people-culture')],
        roles: [bySlug('data_analyst', 'data-analyst'), 'recruiter'],
        verified: true,
      },
      metadata: {
        ...HUMAN('screening').metadata,
        offering_id: 'off-candidate-screening',
        tagline: 'Candidate screening, done for you',
        credits: '15',
      },
    });
    expect(await productOf(world, 'credits')).not.toHaveProperty('metadata.credits');
    expect(await productOf(world, 'unlisted')).toEqual(HUMAN('unlisted'));
  });

  test('attributes and metadata: set, changed, cleared, deleted', async () => {
    tell(({ pages: { screening, outreach, credits } }) => {
      Object.assign(screening ?? {}, { roles: ['founder'], category: null, tagline: '', credits: 20 });
      Object.assign(outreach ?? {}, { roles: [], verified: true });
      Object.assign(credits ?? {}, { roles: ['founder', 'recruiter'], credits: 5 });
    });
    const { summary } = await converge(world, '--create-missing');
    expect(summary).toMatchObject({ create: 0, update: 3, delete: 0 });
    expect(await productOf(world, 'screening')).toEqual({
      ...HUMAN('screening'),
      attributes: { ...HUMAN('screening').attributes, roles: ['founder'], verified: true },
      metadata: { ...HUMAN('screening').metadata, offering_id: 'off-candidate-screening', credits: '20' },
    });
    expect((await productOf(world, 'outreach')).attributes).toEqual({
      colour: ['teal'],
      category: ['sales'],
      verified: true,
    });
    expect((await productOf(world, 'credits')).metadata['credits']).toBe('5');
  });

  test('labels: renamed where the slug stays, translated where it would not', async () => {
    const before = await valuesOf(world, world.names.roles);
    tell(({ roles, categories }) => {
      Object.assign(roles.find(({ key }) => key === 'founder') ?? {}, { label: 'FOUNDER' });
      Object.assign(categories.find(({ key }) => key === 'human_resources') ?? {}, {
        label: 'People',
        translations: { de: 'Leute', fr: 'Personnel' },
      });
    });
    const { summary } = await converge(world, '--create-missing');
    const [values, translations] = naming === 'key' ? [1, 2] : [2, 1];
    expect(summary.by_kind).toMatchObject({
      value: { update: values },
      translation: { update: translations },
    });
    expect((await valuesOf(world, world.names.roles))['founder']).toMatchObject({
      id: before['founder']?.id,
      name: 'FOUNDER',
    });
    const hr = (await valuesOf(world, world.names.category))[bySlug('human_resources', 'people')];
    expect(hr).toMatchObject({ de: 'Leute', ...(naming === 'key' ? { en: 'People' } : { name: 'People' }) });
  });

  test('a value under another spelling is adopted: same id, products keep it', async () => {
    const { attribute } = await world.gql('query($s:String!){attribute(slug:$s){id}}', {
      s: world.names.roles,
    });
    const { made } = await world.gql(
      'mutation($a:ID!,$i:AttributeValueCreateInput!){made:attributeValueCreate(attribute:$a,input:$i){attributeValue{id} errors{field code message}}}',
      { a: attribute.id, i: { name: 'Data engineer' } },
    );
    const { id } = made.attributeValue;
    const wanted = { attributes: [{ id: attribute.id, multiselect: [{ id }] }] };
    await world.gql(
      'mutation($id:ID!,$i:ProductInput!){productUpdate(id:$id,input:$i){errors{field code message}}}',
      { id: world.products['outreach'], i: wanted },
    );
    tell(({ roles, pages }) => {
      roles.push({ key: 'data_engineer', label: 'Data engineer' });
      Object.assign(pages['outreach'] ?? {}, { roles: ['data_engineer'] });
    });
    const refused = await plan(world, '--create-missing');
    expect(refused.diagnostics.map(({ code }: { code: string }) => code)).toContain('value_adoptable');
    expect(refused.summary.skipped).toBe(1);
    const { summary } = await converge(world, '--create-missing', '--adopt');
    expect(summary.by_kind).toMatchObject({ value: { create: 0, update: 1 }, product: { update: 0 } });
    const adopted = Object.values(await valuesOf(world, world.names.roles)).find((value) => value.id === id);
    expect(adopted).toMatchObject({ slug: bySlug('data_engineer', 'data-engineer') });
    expect((await productOf(world, 'outreach')).attributes['roles']).toEqual([adopted?.slug]);
  });

  test('values that Wagtail lacks: deleted where no product has them, counted again before they go', async () => {
    tell(({ roles, pages }) => {
      roles.splice(
        0,
        roles.length,
        ...roles.filter(({ key }) => !['recruiter', 'data_analyst'].includes(key)),
      );
      Object.assign(pages['credits'] ?? {}, { roles: ['founder'] });
    });
    await converge(world, '--create-missing');
    expect((await plan(world)).plan).toBeNull();
    const [recruiter, analyst] = ['recruiter', bySlug('data_analyst', 'data-analyst')];
    const values = await valuesOf(world, world.names.roles);
    const give = (slug: string) =>
      world.gql(
        'mutation($id:ID!,$i:ProductInput!){productUpdate(id:$id,input:$i){errors{field code message}}}',
        {
          id: world.products['unlisted'],
          i: { attributes: [{ id: attributeId, multiselect: [{ id: values[slug]?.id }] }] },
        },
      );
    const { attribute } = await world.gql('query($s:String!){attribute(slug:$s){id}}', {
      s: world.names.roles,
    });
    const attributeId = attribute.id;

    const planned = await plan(world, '--prune-values');
    expect(planned.summary).toMatchObject({ create: 0, update: 0, delete: 2 });
    await approve(world, planned.id);
    await give(recruiter);
    const { code, report } = await apply(world, planned.id);
    expect(code).toBe(5);
    expect(report.outcomes.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual([
      'applied',
      'skipped',
    ]);
    expect(await slugs('roles')).toContain(recruiter);
    expect(await slugs('roles')).not.toContain(analyst);

    expect((await plan(world, '--prune-values')).plan).toBeNull();
    const { summary } = await converge(world, '--prune-values', '--prune-used');
    expect(summary.delete).toBe(1);
    expect((await productOf(world, 'unlisted')).attributes['roles']).toBeUndefined();
  });

  test('what a human changes meanwhile: unmanaged fields stay, a managed one stops the apply', async () => {
    const { outreach = '' } = world.products;
    tell(({ pages }) =>
      Object.assign(pages['outreach'] ?? {}, { tagline: 'Warm outreach', category: 'human_resources' }),
    );
    const first = await plan(world);
    await approve(world, first.id);
    const meta =
      'mutation($id:ID!,$i:[MetadataInput!]!){updateMetadata(id:$id,input:$i){errors{field code message}}}';
    await world.gql(meta, { id: outreach, i: [{ key: world.names.tagline, value: 'edited by hand' }] });
    const stale = await apply(world, first.id);
    expect(stale.code).toBe(4);
    expect((await productOf(world, 'outreach')).attributes['category']).toEqual(['sales']);

    const second = await plan(world);
    await approve(world, second.id);
    await world.gql(meta, { id: outreach, i: [{ key: 'human_note', value: 'a new note' }] });
    await world.gql(
      'mutation($id:ID!,$i:ProductInput!){productUpdate(id:$id,input:$i){errors{field code message}}}',
      { id: outreach, i: { name: 'A new name' } },
    );
    expect((await apply(world, second.id)).code).toBe(0);
    expect(await productOf(world, 'outreach')).toMatchObject({
      name: 'A new name',
      metadata: { human_note: 'a new note', tagline: 'Warm outreach' },
    });
    // The same approval does not serve twice.
    expect((await apply(world, second.id)).code).toBe(0);
    await world.gql(meta, { id: outreach, i: [{ key: world.names.tagline, value: 'edited by hand' }] });
    expect((await apply(world, second.id)).code).toBe(3);
  });

  test('an external reference that is taken elsewhere: that value fails with the shop’s words, the rest is applied', async () => {
    const { attribute } = await world.gql('query($s:String!){attribute(slug:$s){id}}', {
      s: world.names.colour,
    });
    await world.gql(
      'mutation($a:ID!,$i:AttributeValueCreateInput!){attributeValueCreate(attribute:$a,input:$i){errors{field code message}}}',
      { a: attribute.id, i: { name: 'Architect', externalReference: `${world.names.roles}.architect` } },
    );
    tell(({ roles }) =>
      roles.push({ key: 'architect', label: 'Architect' }, { key: 'seller', label: 'Seller' }),
    );
    const planned = await plan(world, '--create-missing');
    expect(planned.summary).toMatchObject({ create: 2 });
    await approve(world, planned.id);
    const { code, report } = await apply(world, planned.id);
    expect(code).toBe(5);
    const byRef = Object.fromEntries(report.outcomes.map((one: { ref: string }) => [one.ref, one]));
    expect(byRef[`value.${world.names.roles}.seller`]).toMatchObject({ outcome: 'applied' });
    expect(byRef[`value.${world.names.roles}.architect`]).toMatchObject({ outcome: 'failed' });
    expect(byRef[`value.${world.names.roles}.architect`].because).toMatch(/already exists|unique/i);
  });
}
