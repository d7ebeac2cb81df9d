import type { ContractLacks } from '../contract/check-shop-side.ts';
import { defaultApprover } from './approver.ts';
import { SETTINGS, SOURCE, STEPS } from './definitions/shared-options.ts';
import { type Args, flagArg, type Io } from './io.ts';

/** Options that say where a command works and by what: the next one works there too. */
const PLACES = [...Object.keys(SETTINGS), 'out', 'policy'];
/** How the shop is spoken to; a command that works offline takes none of it. */
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
 * Commands as they are to be typed next: with the settings and the folder that this one was given. Where git has no
 * user.email, approve needs a name; it refuses the placeholder that is printed for it.
 */
export const approveOf = async (id: string, args: Args): Promise<string> =>
  commandLine(`approve ${id}${(await defaultApprover()) === null ? ' --as YOU' : ''}`, args, PLACES);
/** Shows a plan in full. */
export const showOf = (id: string, args: Args): string => commandLine(`show ${id}`, args, ['config', 'out']);
export const applyOf = (id: string, args: Args): string =>
  commandLine(`apply ${id}`, args, [...PLACES, ...SENT]);

/** As the executable of its own names it. */
export const syncOf = (id: string, args: Args): string =>
  commandLine(`--no-dry-run --plan ${id}`, args, [...PLACES, ...SENT]).replace(
    /^sailplan/,
    'sync_wagtail_to_saleor',
  );

/** The plan of what was looked at here: what was read and compared, too. */
export const planOf = (args: Args): string =>
  commandLine('plan', { ...args, 'create-missing': !flagArg(args, 'strict') }, [...READ, ...PLACES, ...SENT]);

/** Questions to both ends, about the same source and shop. */
export const contractCheckOf = (args: Args): string =>
  commandLine('contract check', args, [...Object.keys(SOURCE), ...PLACES, ...SENT]);
export const doctorOf = (args: Args): string =>
  commandLine('doctor', args, [...Object.keys(SOURCE), ...PLACES, ...SENT]);

/** What follows init. A shop without a product type has nothing to plan yet: doctor says what to make. */
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

/** The options of a plan that creates and assigns what the shop lacks, and compares products all the same. */
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
    return (value === undefined ? [] : [value].flat()).map((one) => `--${name} ${quoted(String(one))}`);
  });
  return ['sailplan', words, ...given].join(' ');
}

/** As a POSIX shell takes it for one word. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Commands that lead on, one a line. */
export const nextSteps = (...commands: readonly string[]): string =>
  ['Next:', ...commands.map((line) => `  ${line}`)].join('\n');

/** Prints the next step at the end of a command, unless --quiet was given. */
export function printNext(words: string, args: Args, io: Io): void {
  if (!flagArg(args, 'quiet')) io.out(words);
}
