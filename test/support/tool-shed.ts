import type { Seed } from '../../src/sandbox/store/seed.ts';

/** A catalogue of another trade: 5 attributes, 3 metadata keys, other names than the built-in contract has. */
const ROOMS = ['garden', 'kitchen'];

export const shedShop = (): Seed => ({
  shop: { name: 'Tool shed' },
  attributes: [
    {
      slug: 'shed-material',
      name: 'Material',
      inputType: 'MULTISELECT',
      values: [
        { name: 'Oak', slug: 'oak' },
        { name: 'Steel', slug: 'steel' },
      ],
    },
    {
      slug: 'shed-use',
      name: 'Room',
      inputType: 'DROPDOWN',
      values: ROOMS.map((slug) => ({ name: slug, slug })),
    },
    { slug: 'shed-outdoor', name: 'Outdoor', inputType: 'BOOLEAN' },
    { slug: 'shed-power', name: 'Power source', inputType: 'DROPDOWN' },
    { slug: 'size', name: 'Size', inputType: 'NUMERIC' },
  ],
  productTypes: [
    {
      slug: 'tool',
      name: 'Tool',
      attributes: ['shed-material', 'shed-use', 'shed-outdoor', 'shed-power', 'size'],
    },
    { slug: 'gift', name: 'Gift', attributes: [] },
  ],
  products: [1, 2, 3, 4].map((n) => ({
    slug: `tool-${n}`,
    name: `Tool ${n}`,
    type: 'tool',
    metadata: n === 1 ? { strapline: 'old' } : {},
  })),
});

export const emptyShop = (): Seed => ({
  shop: { name: 'Empty shop' },
  attributes: [],
  productTypes: [],
  products: [],
});

const term = (key: string) => ({ key, label: key.replaceAll('_', ' ') });

export const shedExport = () => ({
  format: 'catalog-export',
  format_version: 1,
  source: { locale: 'en' },
  taxonomies: {
    materials: ['oak', 'steel', 'glass_fibre'].map(term),
    rooms: ROOMS.map(term),
    power_kinds: ['battery', 'mains'].map(term),
    moods: ['calm', 'bold'].map(term),
  },
  offerings: [1, 2, 3, 4].map((n) => ({
    page_id: 10 + n,
    locale: 'en',
    title: `Tool ${n}`,
    saleor_product_slug: `tool-${n}`,
    stuff: n % 2 === 1 ? ['oak', 'steel'] : ['glass_fibre'],
    room: n < 3 ? 'garden' : 'kitchen',
    outdoor: n < 3,
    energy: n % 2 === 1 ? 'battery' : 'mains',
    mood: n === 2 ? ['bold', 'calm'] : ['calm'],
    strapline: `Line ${n}`,
    article_id: `A-${n}`,
    weight_label: '',
    weight_min: n,
    weight_max: n + 1,
  })),
});
