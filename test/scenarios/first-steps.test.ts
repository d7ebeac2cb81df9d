import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { createWorkspace, type ProgramResult, removeWorkspaces } from '../support/workspace.ts';

jest.setTimeout(120_000);
afterAll(removeWorkspaces);

/** Words, and the commands that follow them with the exit code that each must end in. */
type Step = readonly [prose: string, ...commands: readonly (readonly [line: string, code: number])[]];

const EDIT = `curl -s "$SALEOR_API_URL" -H "Authorization: Bearer $SALEOR_TOKEN" -H 'Content-Type: application/json' -d '{"query": "mutation { updateMetadata(id: \\"UHJvZHVjdDo1\\", input: [{key: \\"credits_estimate_label\\", value: \\"~99/run\\"}]) { errors { message } } }"}'`;

const STEPS: readonly Step[] = [
  [
    `## A set-up that works

\`init\` inspects the site and the shop and writes the config and a policy.`,
    ['sailplan init --desired "$SITE"', 0],
    ['cat sailplan.config.json', 0],
  ],
  [
    '`doctor` checks whether anything would stop a plan or an apply. It uses the token from above.',
    ['sailplan doctor', 0],
  ],
  [
    '`lint` lists the errors that editors have to fix. One page of the demo has no offering id, so the exit code is 1. The plan below skips that page and reports it.',
    ['sailplan lint', 1],
  ],
  [
    `## The first plan

\`--create-missing\` also plans attribute values that Saleor lacks.`,
    ['sailplan plan --create-missing', 0],
    ['ls plans/ID', 0],
  ],
  [
    `## The first pull request

The plan is a file, so you can review it in a pull request: commit it to a branch. People read \`review.md\` beside it, and CI checks the plan without any secret.`,
    ['git init -q . && git add . && git commit -qm "Plan ID"', 0],
    ['sailplan verify ID', 3],
  ],
  [
    'Only the approval is missing. Until then `apply` refuses the plan, and saves a report of the refusal.',
    ['sailplan apply ID', 3],
  ],
  [
    `## Approval

On a terminal \`approve\` shows the plan and asks for its id. In a script, give the id with \`--plan-id\`. (In mode *merge* the merged pull request is the approval: [approval.md](approval.md).)`,
    ['sailplan approve ID --as ada@example.com --plan-id ID', 0],
    ['sailplan verify ID', 0],
  ],
  ['## The first apply', ['sailplan apply ID', 0]],
  ['Plan again: there is nothing left to change.', ['sailplan plan --create-missing', 0]],
  [
    '`storefront` reads the shop as a shopper does, without a token. (`sailplan apply --verify-storefront` runs the same check after an apply.) The exit code is 1 because of the skipped page.',
    ['sailplan storefront --channel default-channel', 1],
  ],
  ['The archive records who approved and applied what.', ['sailplan audit', 0]],
  [
    `## Later

Suppose that somebody edits a product in Saleor. \`drift\` finds it.`,
    [EDIT, 0],
    ['sailplan drift', 2],
  ],
  [
    'The cause is printed with each field: here Saleor was edited, and Wagtail has not changed. A new plan would correct that field. `revert` plans something else: it undoes everything that the apply wrote.',
    ['sailplan revert ID', 0],
  ],
];

const IDS = ['0c2f4b7a91d3e855', '5b1e09c2d4f6a378'];

/** Replaces what differs between runs with fixed values. A plan's id depends on the port. */
function masked(text: string, port: string): string {
  const ids = [...new Set(text.match(/\b[0-9a-f]{16}\b/g))];
  if (ids.length !== IDS.length) throw new Error(`ids: ${ids.join(', ')}`);
  return text
    .replace(/\b[0-9a-f]{16}\b/g, (id) => IDS[ids.indexOf(id)] as string)
    .replaceAll(`127.0.0.1:${port}`, '127.0.0.1:8000')
    .replace(/\b[0-9a-f]{64}\b/g, '…')
    .replace(/(run \d: )\d+ requests/g, '$18 requests')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-11-27T09:00:00.000Z')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-11-27 09:00 UTC');
}

const START = `<!-- Made by test/scenarios/first-steps.test.ts (\`make golden\`): each command was run, in an empty folder with an empty HOME. -->

# First steps

This page goes from an empty folder to a shop that matches the site, and shows every output. You need Node 20.20 or newer. You need no
server: the shop and the site are embedded. Ids, times and ports differ on your machine.

\`\`\`sh
mkdir shop && cd shop
npm install sailplan            # see the README for how to get the package
export PATH="$PWD/node_modules/.bin:$PATH"
\`\`\`

\`sailplan demo\` runs all of these steps at once, in a temporary folder. To run them yourself, start a shop and a site in another
terminal. They keep their data only until they end.
`;

const END = `
## Your own shop and site

1. Create an app in Saleor's dashboard with \`MANAGE_PRODUCTS\` and \`MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES\` (and \`MANAGE_TRANSLATIONS\`
   for labels), and set \`SALEOR_TOKEN\` to its token.
2. Install the export in the site: [wagtail-sailplan](../wagtail/README.md). Without it, run
   \`sailplan init --wagtail-url https://cms.example.com/api/v2/\`, which uses API v2.
3. Run \`init\`, \`doctor\`, \`lint\` and \`plan\` as above. The first plan is the largest: review it with somebody who knows the catalogue.
4. Decide who approves ([approval.md](approval.md)), and let CI plan ([ci.md](ci.md)).
`;

test('docs/first-steps.md is what happens in an empty folder with an empty HOME', async () => {
  const at = createWorkspace();
  const shop = at.start(['sandbox', '--json'], { timeoutMs: 110_000 });
  try {
    const { saleor_api_url, token, site_url } = JSON.parse(await firstLine(shop));
    const port = new URL(saleor_api_url).port;
    const origins = `saleor=${new URL(saleor_api_url).origin},wagtail=${new URL(site_url).origin}`;
    const env = {
      SALEOR_API_URL: saleor_api_url,
      SALEOR_TOKEN: token,
      SITE: site_url,
      SAILPLAN_ALLOWED_ORIGINS: origins,
      SAILPLAN_USER: 'max@example.com',
      GIT_CONFIG_COUNT: '2',
      ...{ GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Max' },
      ...{ GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'max@example.com' },
    };
    const parts = [
      START,
      block([
        '$ sailplan sandbox --port 8000',
        `export SALEOR_API_URL=${saleor_api_url}`,
        `export SALEOR_TOKEN=${token}`,
        `The site's export is at ${site_url}.`,
        `The embedded shop answers at ${saleor_api_url}. Its products are published in the channel default-channel.`,
        'The data of both is lost when you stop them (Ctrl-C).',
      ]),
      'Then run this in your terminal. The sandbox printed the first two lines; the last one allows the addresses that `init` writes into the config:\n',
      block([
        `$ export SALEOR_API_URL=${saleor_api_url}`,
        `$ export SALEOR_TOKEN=${token}`,
        `$ SITE=${site_url}`,
        `$ export SAILPLAN_ALLOWED_ORIGINS=${origins}`,
      ]),
    ];
    let id = '';
    for (const [prose, ...commands] of STEPS) {
      parts.push(`${prose}\n`);
      const lines: string[] = [];
      for (const [line, wanted] of commands) {
        const said = line.replaceAll('ID', id);
        const run = await at.shell(`sailplan() { $SAILPLAN "$@"; }; ${said}`, { env });
        expect({ said, code: run.code, err: run.code === wanted ? '' : run.stderr }).toEqual({
          said,
          code: wanted,
          err: '',
        });
        id ||= at.ids()[0] ?? '';
        lines.push(`$ ${said}`, ...shown(run), ...(wanted === 0 ? [] : [`(exit code ${wanted})`]));
      }
      parts.push(block(lines));
    }
    const page = masked([...parts, END.trimStart()].join('\n'), port);
    const path = join('docs', 'first-steps.md');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, page);
    expect(page).toBe(readFileSync(path, 'utf8'));
  } finally {
    shop.kill('SIGTERM');
    await shop.done;
  }
});

const block = (lines: readonly string[]): string => `\`\`\`\n${lines.join('\n')}\n\`\`\`\n`;

/** Both streams, as a terminal has them; first what the program says of itself. */
const shown = ({ stdout, stderr }: ProgramResult): readonly string[] =>
  [stderr, stdout]
    .flatMap((text) => (text === '' ? [] : text.trimEnd().split('\n')))
    .map((line) => line.trimEnd());

async function firstLine(started: ReturnType<ReturnType<typeof createWorkspace>['start']>): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [line, rest] = started.stdoutSoFar().split('\n');
    if (rest !== undefined && line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the sandbox did not start');
}
