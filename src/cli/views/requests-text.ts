import { parse, print } from 'graphql';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import type { Composed } from '../../saleor/graphql/batch-operations.ts';

/** What an apply would send, request by request, as one could send it by hand. */
export function requestsText(requests: readonly Composed[]): string {
  if (requests.length === 0) return 'No request would be sent.';
  const shown = requests.map(({ document, variables }, index) =>
    [
      `Request ${index + 1} of ${requests.length}`,
      visible(print(parse(document)), { newlines: true }),
      `variables ${visible(JSON.stringify(variables, null, 2), { newlines: true })}`,
    ].join('\n'),
  );
  return [`${plural(requests.length, 'request')} would be sent, in this order:`, ...shown].join('\n\n');
}
