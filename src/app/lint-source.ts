import type { Contract } from '../contract/contract.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { lintDesired } from '../diff/lint-desired.ts';
import type { Http } from '../platform/http/client.ts';
import type { WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';
import { type IdListSources, readIdLists } from './read-id-lists.ts';

export interface Lint {
  readonly problems: readonly Diagnostic[];
  /** The capability taxonomy itself was taken for the registry. */
  readonly isRegistryMissing: boolean;
}

/** What is wrong with the source alone, without asking a shop. Throws a Failure where it cannot be read. */
export async function lintSource(
  { source, lists, contract }: { source: WagtailSource; lists: IdListSources; contract: Contract },
  http: Http,
  notes: Notes,
): Promise<Lint> {
  const ids = await readIdLists(lists, http);
  const { desired } = await readDesiredState(source, contract, http, progressTo(notes));
  return {
    problems: lintDesired({ contract, desired, ...ids }),
    isRegistryMissing: ids.registry === null && contract.attributes.some((rule) => rule.registry === true),
  };
}
