import type { ContractLacks } from '../contract/check-shop-side.ts';
import { shellWord } from '../core/text/shell-word.ts';
import { SETTINGS, SOURCE, STEPS } from './definitions/shared-options.ts';
import { type Args, flagArg, type Io } from './io.ts';

/** Options for folders and rules. The next command gets the same ones. */
const PLACES = [...Object.keys(SETTINGS), 'out', 'policy'];
/** Options of requests; a command that works offline takes none of them. */
const SENT = ['header-env', 'allow-http'];
const READ = [
  'actual',
  ...Object.keys(SOURCE),
  ...Object.keys(STEPS),
  'adopt',
  'create-attributes',
  'exclude',
];

/**
 * The command to type next, with the settings and the folder of this call. It needs no --as: approve takes git's user.email,
 * and asks on a terminal where git has none.
 */
export const approveOf = (id: string, args: Args): string => commandLine(`approve ${id}`, args, PLACES);
/** Shows a plan in full. */
export const showOf = (id: string, args: Args): string => commandLine(`show ${id}`, args, ['config', 'out']);
export const applyOf = (id: string, args: Args): string =>
  commandLine(`apply ${id}`, args, [...PLACES, ...SENT]);

/** The same for the executable `sync_wagtail_to_saleor`. */
export const syncOf = (id: string, args: Args): string =>
  commandLine(`--no-dry-run --plan ${id}`, args, [...PLACES, ...SENT]).replace(
    /^sailplan/,
    'sync_wagtail_to_saleor',
  );

/** A plan with the sources and comparison options of this call. */
export const planOf = (args: Args): string =>
  commandLine('plan', { ...args, 'create-missing': !flagArg(args, 'strict') }, [...READ, ...PLACES, ...SENT]);

/** With the same source and shop. */
export const contractCheckOf = (args: Args): string =>
  commandLine('contract check', args, [...Object.keys(SOURCE), ...PLACES, ...SENT]);
export const doctorOf = (args: Args): string =>
  commandLine('doctor', args, [...Object.keys(SOURCE), ...PLACES, ...SENT]);

/** What follows init. Where a product type is missing nothing can be planned yet: doctor lists what to create. */
export function afterInit(
  args: Args,
  { isProposed, lacks }: { readonly isProposed: boolean; readonly lacks: ContractLacks },
): readonly string[] {
  const looks = [...(isProposed ? ['contract check'] : []), 'lint', 'doctor'];
  return [
    ...looks.map((words) => commandLine(words, args, ['target'])),
    ...(lacks.types ? [] : [planOf(withLacking({ target: args['target'] }, lacks))]),
  ];
}

/** Options of a plan that creates and assigns what the shop lacks and also compares products. */
export function withLacking(args: Args, { attributes, assignments }: Omit<ContractLacks, 'types'>): Args {
  if (!attributes && !assignments) return args;
  const more = { 'sync-attributes': true, 'sync-products': true };
  return { ...args, ...more, ...(attributes ? { 'create-attributes': true } : {}) };
}

function commandLine(words: string, args: Args, names: readonly string[]): string {
  const given = names.flatMap((name) => {
    const value = args[name];
    if (value === true) return [`--${name}`];
    if (value === false) return name === 'policy' ? ['--no-policy'] : [];
    return (value === undefined ? [] : [value].flat()).map((one) => `--${name} ${shellWord(String(one))}`);
  });
  return ['sailplan', words, ...given].join(' ');
}

/** Where nothing differs, and pages were skipped. */
export const FIX_LISTED = 'Next: fix the errors listed above; sailplan lint lists them by page.';

/** Next commands, one per line. */
export const nextSteps = (...commands: readonly string[]): string =>
  ['Next:', ...commands.map((line) => `  ${line}`)].join('\n');

/** Prints the next step at the end of a command, unless --quiet was given. */
export function printNext(words: string, args: Args, io: Io): void {
  if (!flagArg(args, 'quiet')) io.out(words);
}
