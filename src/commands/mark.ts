import type { Reader, Writer } from '../actual/client.ts';
import { readMark, writeMark } from '../actual/mark.ts';
import { printJson } from '../plan/print.ts';
import type { Report } from '../plan/report.ts';
import { Failure } from '../state/failure.ts';
import { type Json, sha256 } from '../state/json.ts';
import type { Io } from './io.ts';

/** In the app's own private metadata: tells other machines what was applied. It touches nothing of the catalogue. */
const KEY = 'sailplan_applied';
const KEPT = 50;

interface Mark {
  readonly plan: string;
  readonly report: string;
  readonly at: string;
}

type App = { readonly id: string } | null;

async function marks(reader: Reader): Promise<readonly Mark[]> {
  const text = (await readMark(reader, [KEY]))?.values[KEY];
  try {
    const value = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** When the shop says that this plan converged, or null; a person's token has no mark to ask. */
export async function spentInShop(reader: Reader, app: App, digest: string): Promise<string | null> {
  if (app === null) return null;
  const mark = (await marks(reader)).find(({ plan }) => plan === digest);
  return mark === undefined ? null : `the shop's mark of ${mark.at}`;
}

/** Adds this apply to the last 50. A mark that cannot be written is told and changes nothing else. */
export async function markApplied(
  writer: Writer,
  app: App,
  digest: string,
  report: Report,
  io: Io,
): Promise<void> {
  if (app === null) return;
  try {
    const mark: Mark = {
      plan: digest,
      report: sha256(printJson(report as unknown as Json)),
      at: new Date().toISOString(),
    };
    const kept = [...(await marks(writer)).filter(({ plan }) => plan !== digest), mark].slice(-KEPT);
    await writeMark(writer, app.id, { [KEY]: JSON.stringify(kept) });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(`note: the mark in the shop was not written: ${error.message}`);
  }
}
