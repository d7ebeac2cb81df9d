import { readFileSync } from 'node:fs';
import { COMMANDS, type Command } from '../src/cli/definitions/index.ts';
import { commandsPage } from './reference/commands-page.ts';
import { commandManual, manual } from './reference/manual.ts';
import { schemaPage } from './reference/schema-page.ts';

/** What scripts/generate.mjs writes from the table of commands and the schemas: path → text. */
export function reference(schemas: readonly string[]): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const date = /^## [0-9.]+ · ([0-9-]{10})$/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1] ?? '';
  const release = `"${date}" "sailplan ${version}"`;
  const sync = COMMANDS.find(({ name }) => name === 'sync') as Command;
  return new Map([
    ['docs/reference/commands.md', commandsPage()],
    ...schemas.map((file) => {
      const name = file.replace('.schema.json', '');
      return [`docs/reference/${name}.md`, schemaPage(file)] as const;
    }),
    ['docs/man/sailplan.1', manual(release)],
    ['docs/man/sync_wagtail_to_saleor.1', commandManual(sync, 'sync_wagtail_to_saleor', release)],
  ]);
}
