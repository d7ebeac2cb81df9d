import { LastWrite, type LastWriteQuery } from '../generated/operations.ts';
import { type Call, call, type RootsOf } from '../graphql/batch-operations.ts';
import { incomplete, requireText } from '../graphql/pagination.ts';
import { labelFragments } from '../language-codes.ts';
import { type Opening, openingCalls, type StructureQuestion } from './attributes-and-types.ts';

/** Attributes and product types, and further calls in the same request: round trips make up most of a small read's time. */
export async function readOpening<const Further extends readonly Call[]>(
  { reader, contract, slugs, locales }: StructureQuestion,
  further: Further,
): Promise<{ readonly opening: Opening; readonly further: RootsOf<Further> }> {
  const own = openingCalls(contract, slugs);
  const calls = [...own.attributes, ...further, ...own.types];
  const answers: readonly unknown[] = await reader.queries(calls, labelFragments(locales));
  const [attributes, required, ...others] = answers;
  const furtherAnswers: unknown = others.slice(0, further.length);
  // Casts: the number of calls depends on the contract, and no tuple type assigns the answers to them.
  return {
    opening: {
      attributes: attributes as Opening['attributes'],
      required: required as Opening['required'],
      types: others.slice(further.length) as Opening['types'],
    },
    further: furtherAnswers as RootsOf<Further>,
  };
}

/** The shop's counts of all its products. */
export interface Newest {
  /** When one of them was last written, by the shop's clock; null: there is none. */
  readonly updated_at: string | null;
  readonly total: number;
}

export const newestCall = call(LastWrite, {});

/** The answer to newestCall. Throws a Failure (shop_incomplete) where it lacks the time or the total. */
export function newestOf(answer: LastWriteQuery['products']): Newest {
  const { totalCount: total, edges } = answer ?? {};
  if (typeof total !== 'number' || !Array.isArray(edges) || edges.length > 1)
    throw incomplete('products', 'the shop does not say how many there are');
  const [first] = edges;
  const updated_at =
    first === undefined ? null : requireText(first.node?.updatedAt, 'the product written last');
  if (updated_at !== null && Number.isNaN(Date.parse(updated_at)))
    throw incomplete('the product written last', `${updated_at} is not a time`);
  return { updated_at, total };
}
