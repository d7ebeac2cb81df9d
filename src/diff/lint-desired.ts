import { repeatedBy } from '../core/collections.ts';
import type { Offering } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { productPk } from '../core/product-id.ts';
import { ref } from '../core/resource-ref.ts';
import { mergeImageProblems } from './image-problems.ts';
import { malformedId, rivalsOf } from './match-products.ts';
import type { Inputs } from './model.ts';
import { offeringIdProblems } from './offering-ids.ts';
import { documentDeriver } from './product-document.ts';
import { indexTerms } from './term-index.ts';

/** Everything that is wrong with Wagtail's side by itself: the diagnostics that `plan` would have, without reading a shop. */
export function lintDesired(
  inputs: Pick<Inputs, 'contract' | 'desired' | 'registry' | 'control_plane'>,
): readonly Diagnostic[] {
  const { index, problems } = indexTerms(inputs);
  const derive = documentDeriver({ contract: inputs.contract, shopUrl: null }, index);
  const pages = inputs.desired.offerings.flatMap(
    (offering) => derive({ offering, address: ref.page(offering.page_id) }).problems,
  );
  return [...inputs.desired.problems, ...problems, ...references(inputs), ...mergeImageProblems(pages)];
}

/** What is wrong with the product references, as far as it shows without the products. */
function references(inputs: Pick<Inputs, 'contract' | 'desired' | 'control_plane'>): readonly Diagnostic[] {
  const { offerings } = inputs.desired;
  const wrongIds = offeringIdProblems(inputs, offerings);
  const claims = repeatedBy(offerings, claimOf);
  return offerings.flatMap((offering) => {
    const { saleor_product_id: id, saleor_product_slug: slug } = offering;
    const rivals = rivalsOf(offering, claims.get(claimOf(offering) ?? '') ?? []);
    return [
      ...(id === null && slug === null ? [problem(offering, 'product_unnamed')] : []),
      ...(id !== null && productPk(id) === null
        ? [problem(offering, 'product_id_malformed', malformedId(id))]
        : []),
      ...(rivals === null ? [] : [problem(offering, 'product_claimed_twice', rivals)]),
      ...wrongIds(offering).map(({ code, data }) => problem(offering, code, data)),
    ];
  });
}

/** The product by id, else by slug. Only the shop knows whether an id and a slug are of the same product. */
const claimOf = ({ saleor_product_id: id, saleor_product_slug: slug }: Offering): string | null =>
  id !== null ? `id ${id}` : slug !== null ? `slug ${slug}` : null;

const problem = ({ page_id, title }: Offering, code: string, data: JsonObject = {}): Diagnostic => ({
  severity: 'error',
  code,
  ref: ref.page(page_id),
  data: { ...data, page_id, title },
});
