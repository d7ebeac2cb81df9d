import { expect, test } from '@jest/globals';
import type { Json } from '../../../../src/core/json/json-value.ts';
import { apiInventory } from '../../../../src/wagtail/api/api-inventory.ts';
import type { Sender, SiteReply } from '../../../../src/wagtail/http-responses.ts';

/** A site whose pages hold relations, renditions, plain keys and prose, as API v2 of Wagtail shows them. */
const relation = (id: number, type: string) => ({ id, meta: { type } });
const PAGES = [1, 2, 3].map((id) => ({
  id,
  meta: { type: 'shop.ToolPage', slug: `tool-${id}`, locale: 'en' },
  title: `Tool ${id}`,
  saleor_product_slug: `tool-${id}`,
  room: relation(id === 1 ? 7 : 8, 'shop.Room'),
  materials: [relation(1, 'shop.Material'), relation(2, 'shop.Material')],
  moods: ['calm', 'bold!'],
  power: id === 1 ? 'mains' : 'battery',
  body: '<p>Long text</p>',
  photo: relation(5, 'wagtailimages.Image'),
  photo_rendition: { url: '/media/a.jpg', full_url: 'https://cms.example.com/media/a.jpg', width: 1 },
  parts: [{ type: 'block', value: 'x' }],
}));
const term = (id: number, key: string, type: string, names = ['key', 'label']) => ({
  id,
  meta: { type },
  [names[0] ?? '']: key,
  [names[1] ?? '']: key.toUpperCase(),
});
const ENDPOINTS: Readonly<Record<string, readonly Json[]>> = {
  rooms: [
    term(7, 'garden', 'shop.Room', ['slug', 'name']),
    term(8, 'kitchen', 'shop.Room', ['slug', 'name']),
  ],
  // Another model under a name that fits.
  material: [term(1, 'wrong', 'shop.Else')],
  materials: Array.from({ length: 3 }, (_, index) => term(index + 1, `m${index + 1}`, 'shop.Material')),
  moods: [term(1, 'calm', 'shop.Mood'), term(2, 'bold!', 'shop.Mood')],
  powers: [term(1, 'mains', 'shop.Power'), term(2, 'battery', 'shop.Power')],
};

const reply = (body: Json, status = 200): SiteReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

/** Answers two items at a time, so that lists have pages. */
const site: Sender = {
  async send({ url }) {
    const { pathname, searchParams } = new URL(url);
    const name = pathname.split('/').at(-2) ?? '';
    const limit = Number(searchParams.get('limit') ?? 20);
    if (limit > 2) return reply({ message: 'limit cannot be higher than 2' }, 400);
    const items = name === 'pages' ? PAGES : ENDPOINTS[name];
    if (items === undefined) return reply({ message: 'not found' }, 404);
    const offset = Number(searchParams.get('offset') ?? 0);
    return reply({
      meta: { total_count: items.length },
      items: items.slice(offset, offset + limit) as Json[],
    });
  },
};

test('fields come with shape and taxonomy, terms with the names of their endpoint', async () => {
  const {
    site: found,
    pageType,
    taxonomies,
  } = await apiInventory(site, { baseUrl: 'https://cms.example.com/api/v2/', headers: {} });
  expect(pageType).toBe('shop.ToolPage');
  expect([...found.products.slugs].sort()).toEqual(['tool-1', 'tool-2', 'tool-3']);
  expect(
    Object.fromEntries(found.fields.map(({ name, shape, taxonomy }) => [name, [shape, taxonomy]])),
  ).toEqual({
    room: ['term', 'rooms'],
    materials: ['terms', 'materials'],
    moods: ['terms', 'moods'],
    power: ['term', 'powers'],
    body: ['text', null],
    photo: ['image', null],
    parts: ['unknown', null],
  });
  expect(found.taxonomies['materials']?.map(({ key }) => key)).toEqual(['m1', 'm2', 'm3']);
  // How the config has to ask for terms that are named otherwise.
  expect(taxonomies).toEqual({ rooms: { key: 'slug', label: 'name' } });
  expect(found.fields.find(({ name }) => name === 'body')?.note).toBe('long or formatted text');
});
