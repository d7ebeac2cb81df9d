import type { Product } from '../../../core/actual-state.ts';
import { chunked } from '../../../core/collections.ts';
import {
  CountFlagged,
  CountFlagged321,
  type CountFlaggedQuery,
  CountThere,
  type CountThereQuery,
} from '../../generated/operations.ts';
import { type Call, call } from '../../graphql/batch-operations.ts';
import type { Reader } from '../../graphql/client.ts';
import { incomplete } from '../../graphql/pagination.ts';
import { minorOf } from '../../preflight.ts';
import type { ProductEntry } from '../product-document.ts';

/** Ids of products in one condition, and again where that many do not count as expected. */
const COARSE = 1000;
const FINE = 100;
/** Each costs 1 of 50,000 and one alias of 100; so many lists of ids are some 2 MB of the 2.5 MiB that Saleor takes. */
const COUNTS_A_REQUEST = 75;

/**
 * Of products that were not written since they were read, those of which some are gone or lost a boolean with its value,
 * found to the hundred: the shop counts how many of them exist, and how many have each boolean as it was read. `booleans`:
 * slugs of attributes; `version`: of Saleor.
 */
export async function unprovenOf(
  reader: Reader,
  version: string,
  booleans: readonly string[],
  kept: readonly ProductEntry[],
): Promise<readonly Product[]> {
  const miscountedIn = async (groups: readonly ProductGroup[]) =>
    miscounted(
      reader,
      groups,
      groups.flatMap((group) => questionsOf(group, booleans, version)),
    );
  const wrong = await miscountedIn(chunked(kept, COARSE));
  const found = await miscountedIn(wrong.flatMap((group) => chunked(group, FINE)));
  return found.flat().map(([, product]) => product);
}

type ProductGroup = readonly ProductEntry[];

interface CountQuestion {
  readonly group: ProductGroup;
  readonly call: Call<CountThereQuery | CountFlaggedQuery>;
  readonly expected: number;
}

async function miscounted(
  reader: Reader,
  groups: readonly ProductGroup[],
  questions: readonly CountQuestion[],
): Promise<readonly ProductGroup[]> {
  const wrong = new Set<ProductGroup>();
  await Promise.all(
    chunked(questions, COUNTS_A_REQUEST).map(async (asked) => {
      const answers = await reader.queries(asked.map((question) => question.call));
      for (const [index, { group, expected }] of asked.entries()) {
        const totalCount = answers[index]?.totalCount;
        if (typeof totalCount !== 'number')
          throw incomplete('products read before', 'the shop gave no count');
        if (totalCount !== expected) wrong.add(group);
      }
    }),
  );
  return groups.filter((group) => wrong.has(group));
}

/** Each has the very same list of ids, so that batchOperations sends it once. */
function questionsOf(
  group: ProductGroup,
  booleans: readonly string[],
  version: string,
): readonly CountQuestion[] {
  const ids = group.map(([, { id }]) => id);
  const operation = minorOf(version) < 22 ? CountFlagged321 : CountFlagged;
  const counts = booleans.flatMap((attribute) =>
    [true, false].map((flag) => ({
      group,
      call: call(operation, { ids, attribute, flag }),
      expected: group.filter(([, { document }]) => document.attributes[attribute] === flag).length,
    })),
  );
  return [
    { group, call: call(CountThere, { ids }), expected: ids.length },
    ...counts.filter(({ expected }) => expected > 0),
  ];
}
