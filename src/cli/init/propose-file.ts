import { basename } from 'node:path';
import type { ShopInventory, SiteInventory } from '../../contract/inventory.ts';
import { type Proposal, proposeContract } from '../../contract/propose-contract.ts';
import { plural } from '../../core/text/counting.ts';
import { writeText } from '../../platform/write-files.ts';
import type { Io } from '../io.ts';

export const CONTRACT_FILE = 'sailplan.contract.json';

/** The package's copy of the schema, for editors; where sailplan is not installed in the folder they ignore it. */
const SCHEMA = './node_modules/sailplan/schemas/contract.schema.json';

/** Proposes a contract; on a terminal a person decides where several attributes could be meant. */
export async function proposeAsking(site: SiteInventory, shop: ShopInventory, io: Io): Promise<Proposal> {
  const name = contractName();
  const first = proposeContract(site, shop, { name });
  if (!io.isTerminal) return first;
  const chosen: Record<string, string> = {};
  for (const { source, slugs } of first.questions) {
    const list = slugs.map((slug, index) => `  ${index + 1} ${slug}`).join('\n');
    const answer = await io.ask(
      `Which attribute of the shop is for "${source}"?\n${list}\n  n  a new attribute\nNumber, or Enter to leave a gap: `,
    );
    const slug = slugs[Number(answer) - 1];
    if (answer === 'n') chosen[source] = '';
    else if (slug !== undefined) chosen[source] = slug;
  }
  return Object.keys(chosen).length === 0 ? first : proposeContract(site, shop, { name, chosen });
}

/** From the folder's name, since a repository has one catalogue. */
function contractName(): string {
  const words = basename(process.cwd())
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${words === '' ? 'catalog' : words}-v1`;
}

export function writeProposal(path: string, { contract }: Proposal): void {
  writeText(path, printed({ $schema: SCHEMA, ...contract }));
}

/** JSON as people write it: a list of texts on one line. */
export const printed = (document: object): string =>
  `${JSON.stringify(document, null, 2).replace(/\[\n\s+("[^"\n]*"(?:,\n\s+"[^"\n]*")*)\n\s+\]/g, (_, list: string) => `[${list.replace(/,\n\s+/g, ', ')}]`)}\n`;

const LEADS = { matched: 'matched', new: 'new', key: 'key', gap: 'GAP' } as const;

/** One line for each field, with what it becomes and why. */
export function proposalLines({ contract, decisions, unfilled }: Proposal, path: string): readonly string[] {
  const gaps = contract.gaps?.length ?? 0;
  const counts = [
    plural(contract.attributes.length, 'attribute'),
    plural(contract.metadata.length, 'metadata key'),
    ...(gaps === 0 ? [] : [plural(gaps, 'gap')]),
  ];
  return [
    `Written: ${path} (${counts.join(', ')}; product types ${contract.product_types.join(', ')}).`,
    ...decisions.map(({ kind, source, what, target, because }) =>
      kind === 'gap'
        ? `  ${LEADS[kind].padEnd(8)}${source} (${what}): ${because}`
        : `  ${LEADS[kind].padEnd(8)}${source} (${what}) -> ${kind === 'key' ? `metadata ${target}` : target}: ${because}`,
    ),
    ...(unfilled.length === 0
      ? []
      : [
          `No page field fills ${unfilled.join(', ')}; sailplan does not change ${unfilled.length === 1 ? 'it' : 'them'} alone.`,
        ]),
  ];
}
