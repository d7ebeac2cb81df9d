import { Failure } from '../core/failure.ts';
import type { Json, JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';

/** Location and names of the ids in a list; missing members are detected as described in docs/lists.md. */
export interface ListFormat {
  /** JSON pointer to the array. */
  readonly ids?: string;
  /** Member of an entry that has its id (default: `id`). */
  readonly id?: string;
  /** Member that has the versions of an offering. */
  readonly versions?: string;
  /** Member that marks an entry as retired. */
  readonly retired?: string;
  /** Texts of that member that mean retired (`retired`). */
  readonly retired_values?: readonly string[];
  /** JSON pointer to the address of the next page. */
  readonly next?: string;
}

/** What the reading of entries depends on. */
export interface ListPlace {
  /** File or address, for errors. */
  readonly name: string;
  readonly format: ListFormat;
  /** Current time: an end date in the future does not retire an entry yet. */
  readonly nowMs: number;
}

/** Members that mark an entry as retired, if the format names none. */
const FLAGS = ['retired', 'is_retired', 'archived', 'is_archived', 'disabled', 'deleted'];
const FLAGS_OF_USE = ['active', 'is_active', 'enabled'];
const TIMES = ['retired_at', 'archived_at', 'disabled_at', 'deleted_at'];
const STATES = ['status', 'state', 'lifecycle', 'lifecycle_state'];
const RETIRED_STATES = [
  'retired',
  'archived',
  'withdrawn',
  'disabled',
  'deleted',
  'removed',
  'inactive',
  'end_of_life',
];

/** Whether an entry is retired. Throws a Failure (document_malformed) for a flag of another shape: a guess would let a retired id pass. */
export function isRetired(item: JsonObject, place: string, { name, format, nowMs }: ListPlace): boolean {
  const refuse = (member: string, what: string): never => {
    throw new Failure(
      'document_malformed',
      `${name}: ${place}.${member} is ${what}, so it is not known whether the entry is retired`,
      'Name the member with "retired", and its texts with "retired_values", of the list’s format in the config.',
    );
  };
  const has = (member: string) => (own(item, member) ?? null) !== null;
  if (format.retired !== undefined)
    return has(format.retired)
      ? saysRetired(item[format.retired] as Json, format.retired_values ?? ['retired'], () =>
          refuse(format.retired ?? '', 'neither true, false nor a text'),
        )
      : false;
  const flag = (member: string): boolean => {
    const value = item[member];
    return typeof value === 'boolean' ? value : refuse(member, 'neither true nor false');
  };
  const state = (member: string): boolean => {
    const value = item[member];
    if (typeof value !== 'string') return refuse(member, 'no text');
    return (format.retired_values ?? RETIRED_STATES).includes(folded(value));
  };
  const signs = [
    ...FLAGS.filter(has).map(flag),
    ...FLAGS_OF_USE.filter(has).map((member) => !flag(member)),
    ...TIMES.filter(has).map((member) =>
      hasPassed(item[member] as Json, nowMs, () => refuse(member, 'no date')),
    ),
    ...STATES.filter(has).map(state),
  ];
  return signs.includes(true);
}

const folded = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

function saysRetired(value: Json, texts: readonly string[], refuse: () => never): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return refuse();
  return texts.map(folded).includes(folded(value));
}

/** Whether an end date has passed. */
function hasPassed(value: Json, nowMs: number, refuse: () => never): boolean {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? refuse() : time <= nowMs;
}
