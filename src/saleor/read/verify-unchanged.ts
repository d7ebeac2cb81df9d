import type { Product } from '../../core/actual-state.ts';
import { CountFlagged, CountFlagged321, CountThere } from '../generated/operations.ts';
import { type Call, call } from '../graphql/batch-operations.ts';
import type { Reader } from '../graphql/client.ts';
import { incomplete } from '../graphql/pagination.ts';
import { minorOf } from '../preflight.ts';
import type { ProductEntry } from './products.ts';

/** Ids of products in one condition, and again where that many do not count as expected. */
const COARSE = 1000;
const FINE = 100;
/** Each costs 1 of 50,000 and one alias of 100; so many lists of ids are some 2 MB of the 2.5 MiB that Saleor takes. */
const COUNTS_A_REQUEST = 75;

/**
 * Of products that nobody has written since they were read, those of which some are gone, or have lost a boolean with its
 * value: the shop counts how many of them are there, and how many have each boolean as it was read. Found to the hundred.
 */
export async function unprovenOf(
  reader: Reader,
  version: string,
  flags: readonly string[],
  kept: readonly ProductEntry[],
): Promise<readonly Product[]> {
  const wrong = await miscounted(reader, version, flags, groupsOf(kept, COARSE));
  const found = await miscounted(
    reader,
    version,
    flags,
    wrong.flatMap((group) => groupsOf(group, FINE)),
  );
  return found.flat().map(([, product]) => product);
}

const groupsOf = (entries: readonly ProductEntry[], size: number): readonly (readonly ProductEntry[])[] =>
  Array.from({ length: Math.ceil(entries.length / size) }, (_, index) =>
    entries.slice(index * size, (index + 1) * size),
  );

interface Question {
  readonly group: readonly ProductEntry[];
  readonly call: Call;
  readonly expected: number;
}

async function miscounted(
  reader: Reader,
  version: string,
  flags: readonly string[],
  groups: readonly (readonly ProductEntry[])[],
): Promise<readonly (readonly ProductEntry[])[]> {
  const questions = groups.flatMap((group) => questionsOf(group, flags, version));
  const wrong = new Set<readonly ProductEntry[]>();
  const requests = Array.from({ length: Math.ceil(questions.length / COUNTS_A_REQUEST) }, (_, index) =>
    questions.slice(index * COUNTS_A_REQUEST, (index + 1) * COUNTS_A_REQUEST),
  );
  await Promise.all(
    requests.map(async (asked) => {
      const answers = await reader.queries(asked.map((one) => one.call));
      for (const [index, { group, expected }] of asked.entries()) {
        const { totalCount } = (answers[index] ?? {}) as { readonly totalCount?: unknown };
        if (typeof totalCount !== 'number')
          throw incomplete('products read before', 'the shop gave no count');
        if (totalCount !== expected) wrong.add(group);
      }
    }),
  );
  return groups.filter((group) => wrong.has(group));
}

/** The same list of ids in each, so that it is sent once (compose.ts). */
function questionsOf(
  group: readonly ProductEntry[],
  flags: readonly string[],
  version: string,
): readonly Question[] {
  const ids = group.map(([, { id }]) => id);
  const operation = minorOf(version) < 22 ? CountFlagged321 : CountFlagged;
  const flagged = flags.flatMap((attribute) =>
    [true, false].map((flag) => ({
      group,
      call: call(operation, { ids, attribute, flag }) as never,
      expected: group.filter(([, { document }]) => document.attributes[attribute] === flag).length,
    })),
  );
  return [
    { group, call: call(CountThere, { ids }) as never, expected: ids.length },
    ...flagged.filter(({ expected }) => expected > 0),
  ];
}
