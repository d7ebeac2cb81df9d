import { targetOf } from '../app/open-shop.ts';
import { failureReport } from '../apply/build-report.ts';
import type { Target } from '../core/actual-state.ts';
import { Failure } from '../core/failure.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { parseWebAddress, withoutCredentials } from '../core/web-address.ts';
import { printJson } from '../plan/file/print.ts';
import type { Report, ReportedCall } from '../plan/report.ts';
import { exists, readText } from '../platform/files.ts';
import { assertWritable, removeQuietly, writeText } from '../platform/write-files.ts';
import { parseReport } from '../review/parse-report.ts';
import { WORDS } from './definitions/positionals.ts';
import { type Args, flagArg, type Io, textArg } from './io.ts';
import { loadSettings } from './settings.ts';
import { saleorConnection } from './typed-options.ts';

/** What stopped a command, and the exit code it ends with. */
export interface Stopped {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exitCode: number;
}

/** The report of one call, for --report-path. */
export interface ReportCopy {
  readonly call: ReportedCall;
  /** Throws a Failure (file_unwritable, secret_found). */
  write(report: Report): void;
  /** After writes to the shop, a copy that cannot be written is an incomplete end (report_unwritten). */
  writeLate(report: Report): void;
  /** From now on a failure is reported so. */
  onFailure(describe: (stopped: Stopped) => Report): void;
  /** Writes the report of a call that ends at once; throws nothing. */
  abort(exitCode: number): void;
}

interface ReportingCommand {
  readonly name: string;
  /** Prints a failure and its report on stdout, if requested. */
  readonly tell: (stopped: Stopped, report: Report) => void;
}

/**
 * Runs a command that reports. With --report-path every end leaves a report there, a failure too: of what was known by then.
 * A report of an earlier call is removed first. Throws what the command throws; a Failure (file_unwritable) before it runs.
 */
export async function reporting(
  { name, tell }: ReportingCommand,
  args: Args,
  io: Io,
  run: (copy: ReportCopy) => Promise<number>,
): Promise<number> {
  const path = textArg(args, 'report-path');
  if (path !== undefined) clearPath(path);
  const call = { command: name, flags: typedFlags(args, io) };
  let describe = (stopped: Stopped): Report => {
    const refusal = { ...stopped, message: io.redact(stopped.message), hint: io.redact(stopped.hint) };
    const mode = flagArg(args, 'dry-run') ? ('dry_run' as const) : ('apply' as const);
    return failureReport({ call, exitCode: stopped.exitCode, mode, target: targetIn(args, io), refusal });
  };
  const write = (report: Report): void => {
    if (path === undefined) return;
    const content = printJson(report);
    io.assertNoSecret(content, path);
    writeText(path, content);
  };
  const writeQuietly = (report: Report): void => {
    try {
      write(report);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      io.err(`note: the report was not written: ${error.message}`);
    }
  };
  const copy: ReportCopy = {
    call,
    write,
    writeLate: (report) => {
      try {
        write(report);
      } catch (error) {
        throw error instanceof Failure ? unwritten(error, report) : error;
      }
    },
    onFailure: (next) => {
      describe = next;
    },
    abort: (exitCode) => writeQuietly(describe({ ...ABORTED, exitCode })),
  };
  try {
    return await run(copy);
  } catch (error) {
    const stopped = stoppedBy(error);
    const report = describe(stopped);
    writeQuietly(report);
    tell(stopped, report);
    throw error;
  }
}

/** The exit code of a run whose progress is unknown. */
const ABORTED = {
  code: 'aborted',
  message: 'stopped at once by a second Ctrl-C or signal; requests in flight may still be applied',
  hint: 'Run the same apply again: it reads the shop first and resumes.',
};

const unwritten = (error: Failure, { plan }: Report): Failure =>
  new Failure(
    'report_unwritten',
    `the shop was written to, but the copy of the report was not: ${error.message}`,
    `The report itself is in the plan's folder${plan === null ? '' : `: sailplan show ${plan.id}`}`,
  );

const stoppedBy = (error: unknown): Stopped =>
  error instanceof Failure
    ? { code: error.code, message: error.message, hint: error.hint, exitCode: error.exitCode }
    : {
        code: 'internal_error',
        message: `internal error: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'This is a bug in sailplan.',
        exitCode: 1,
      };

/** Writes the report of a call with wrong arguments, if they contain a path for it. Throws nothing. */
export function reportUsageError(argv: readonly string[], command: string | null, error: Failure): void {
  const name = command ?? argv.find((word) => !word.startsWith('-'));
  const at = argv.findIndex((word) => word === '--report-path' || word.startsWith('--report-path='));
  const path = argv[at]?.includes('=') ? argv[at].slice('--report-path='.length) : argv[at + 1];
  if (at === -1 || (name !== 'sync' && name !== 'apply') || !path || path.startsWith('-')) return;
  try {
    const isWriting = argv.includes('--no-dry-run') || (name === 'apply' && !argv.includes('--dry-run'));
    clearPath(path);
    const report = failureReport({
      call: { command: name, flags: {} },
      exitCode: error.exitCode,
      mode: isWriting ? 'apply' : 'dry_run',
      target: null,
      refusal: error,
    });
    writeText(path, printJson(report));
  } catch (second) {
    // The usage error is more specific.
    if (!(second instanceof Failure)) throw second;
  }
}

/** Removes a report that an earlier call left: one that is found afterwards is of this call. */
function clearPath(path: string): void {
  assertWritable(path);
  if (exists(path) && isOldCopy(path)) removeQuietly(path);
}

/** Later runs read the reports in a plan's folder, so other content must not be written there. */
function isOldCopy(path: string): boolean {
  if (/(^|\/)(runs\/[0-9]+\/|refusals\/[0-9]+\/|[0-9a-f]{16}\/)report\.json$/.test(path)) return false;
  try {
    parseReport(readText(path), path);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** The options as typed; those with a default that is on are omitted while they are on. */
function typedFlags(args: Args, io: Io): JsonObject {
  const words = Object.keys(WORDS);
  const shown = (one: string) => io.redact(parseWebAddress(one) === null ? one : withoutCredentials(one));
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
      if (value === undefined || words.includes(name) || (name === 'mark' && value === true)) return [];
      if (typeof value === 'string') return [[name, shown(value)]];
      return [[name, typeof value === 'object' ? value.map(shown) : value]];
    }),
  );
}

function targetIn(args: Args, io: Io): Target | null {
  try {
    return targetOf(saleorConnection(loadSettings(args, io), args, io));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
