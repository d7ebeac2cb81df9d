// Fills a test shop with products to read: `node scripts/bench/fill.mjs 3000` makes so many, all under one prefix, and
// `node scripts/bench/fill.mjs 0` removes them. Needs SALEOR_API_URL and SALEOR_TOKEN.
import { ask, removePrefix } from '../../test/slow/saleor/remove.mjs';

const PREFIX = 'slpaccbench';
/** Saleor takes no more mutations in one request. */
const A_REQUEST = 4;
const IN_FLIGHT = 2;

const { SALEOR_API_URL: url, SALEOR_TOKEN: token } = process.env;
const count = Number(process.argv[2]);
if (!url || !token || !Number.isSafeInteger(count))
  throw new Error('fill.mjs COUNT, with SALEOR_API_URL and SALEOR_TOKEN');

await removePrefix(url, token, PREFIX);
if (count > 0) {
  const type = {
    name: PREFIX,
    slug: `${PREFIX}-type`,
    kind: 'NORMAL',
    hasVariants: false,
    isShippingRequired: false,
  };
  const { made } = await ask(
    url,
    token,
    'mutation($i:ProductTypeInput!){made:productTypeCreate(input:$i){productType{id} errors{code message}}}',
    { i: type },
  );
  let next = 0;
  const work = async () => {
    while (next < count) {
      const begin = next;
      next = Math.min(count, begin + A_REQUEST);
      const members = Array.from({ length: next - begin }, (_, index) => {
        const name = `${PREFIX}-${begin + index}`;
        const input = `{name:"${name}",slug:"${name}",productType:"${made.productType.id}"}`;
        return `p${index}:productCreate(input:${input}){errors{message}}`;
      });
      await ask(url, token, `mutation{${members.join(' ')}}`, {});
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}
