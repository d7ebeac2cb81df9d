// Apply on a shop that is somebody's: a corner of its own (one product type, its attributes, 60 products, all under one
// prefix, removed at the end; a run that was killed is swept by `make test-saleor`), in which two states take turns.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, removePrefix } from '../../test/slow/saleor/remove.mjs';

const ROLES = ['founder', 'designer', 'recruiter', 'analyst'];

const contractOf = (prefix) => {
  const type = `${prefix}-offering`;
  const rule = (name, input_type, rest) => ({
    slug: `${prefix}_${name}`,
    name: `${name} (${prefix})`,
    input_type,
    product_types: [type],
    source: name,
    ...rest,
  });
  return {
    format: 'sailplan-contract',
    format_version: '1.0',
    name: 'bench',
    naming: 'key',
    product_types: [type],
    attributes: [rule('roles', 'MULTISELECT', { taxonomy: 'roles' }), rule('verified', 'BOOLEAN', {})],
    metadata: [
      { key: `${prefix}_id`, type: 'text', source: 'offering_id', required: true },
      { key: `${prefix}_tagline`, type: 'text', source: 'tagline' },
    ],
  };
};

/** In the second state every product has another role, flag and tagline. */
const exportOf = (prefix, count, turn) => ({
  format: 'catalog-export',
  format_version: 1,
  source: { locale: 'en', page_type: 'catalog.OfferingPage', access: 'authenticated' },
  taxonomies: { roles: ROLES.map((key) => ({ key, label: key })) },
  offerings: Array.from({ length: count }, (_, index) => ({
    page_id: index + 1,
    locale: 'en',
    title: `Offering ${index}`,
    saleor_product_id: null,
    saleor_product_slug: `${prefix}-${index}`,
    offering_id: `off_${index}`,
    tagline: `What offering ${index} does, version ${turn}`,
    roles: [ROLES[(index + turn) % ROLES.length]],
    verified: (index + turn) % 2 === 0,
  })),
});

/** {words(turn): of a plan, remove()} */
export async function corner(folder, { SALEOR_API_URL: url, SALEOR_TOKEN: token }, count) {
  const prefix = `slpacc${Date.now()}x${randomBytes(2).toString('hex')}`;
  const at = join(folder, prefix);
  mkdirSync(at);
  const remove = async () => {
    rmSync(at, { recursive: true, force: true });
    await removePrefix(url, token, prefix);
  };
  try {
    const type = {
      name: `${prefix}-offering`,
      slug: `${prefix}-offering`,
      kind: 'NORMAL',
      hasVariants: false,
    };
    const { made } = await ask(
      url,
      token,
      'mutation($i:ProductTypeInput!){made:productTypeCreate(input:$i){productType{id} errors{code message}}}',
      { i: { ...type, isShippingRequired: false } },
    );
    for (let number = 0; number < count; number += 1)
      await ask(
        url,
        token,
        'mutation($i:ProductCreateInput!){productCreate(input:$i){errors{code message}}}',
        { i: { name: `Offering ${number}`, slug: `${prefix}-${number}`, productType: made.productType.id } },
      );
    writeFileSync(join(at, 'contract.json'), JSON.stringify(contractOf(prefix)));
    for (const turn of [0, 1])
      writeFileSync(join(at, `${turn}.json`), JSON.stringify(exportOf(prefix, count, turn)));
  } catch (error) {
    await remove();
    throw error;
  }
  const contract = ['--contract', join(at, 'contract.json')];
  return {
    at,
    contract,
    words: (turn) => ['plan', '--desired', join(at, `${turn}.json`), ...contract],
    remove,
  };
}
