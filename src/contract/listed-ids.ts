import { byCodeUnit } from '../core/json/records.ts';

/** An id, or the id of a version: a string, or an object if it is retired. */
export type ListedVersion = string | { readonly id: string; readonly retired: true };

/** An entry of the Capability Registry, as stored in plans. */
export type RegistryEntry = ListedVersion;

/** An offering of the Control Plane, as stored in plans. Without `versions` any version is allowed. */
export type ControlPlaneEntry =
  | string
  | { readonly id: string; readonly retired?: true; readonly versions?: readonly ListedVersion[] };

/** An entry as it was read; an id may occur several times, for example once for each version. */
export interface ReadEntry {
  readonly id: string;
  readonly isRetired: boolean;
  /** null: the list has no versions for it. */
  readonly versions: readonly ReadVersion[] | null;
}

export interface ReadVersion {
  readonly id: string;
  readonly isRetired: boolean;
}

/** Sorted. An id that occurs several times is retired only if all its entries are. */
export const registryEntries = (entries: readonly ReadEntry[]): readonly RegistryEntry[] =>
  merged(entries).map(({ id, isRetired }) => versionOf({ id, isRetired }));

/** Sorted, with the versions of all entries of an id together. */
export const controlPlaneEntries = (entries: readonly ReadEntry[]): readonly ControlPlaneEntry[] =>
  merged(entries).map(({ id, isRetired, versions }) =>
    versions === null
      ? versionOf({ id, isRetired })
      : { id, ...(isRetired ? { retired: true as const } : {}), versions: merged(versions).map(versionOf) },
  );

const versionOf = ({ id, isRetired }: ReadVersion): ListedVersion => (isRetired ? { id, retired: true } : id);

function merged<T extends ReadVersion & { readonly versions?: readonly ReadVersion[] | null }>(
  entries: readonly T[],
): readonly (ReadVersion & { readonly versions: readonly ReadVersion[] | null })[] {
  const byId = new Map<string, { id: string; isRetired: boolean; versions: readonly ReadVersion[] | null }>();
  for (const { id, isRetired, versions = null } of entries) {
    const known = byId.get(id);
    byId.set(id, {
      id,
      isRetired: isRetired && (known?.isRetired ?? true),
      versions:
        known === undefined || known.versions === null || versions === null
          ? (versions ?? known?.versions ?? null)
          : [...known.versions, ...versions],
    });
  }
  return [...byId.values()].sort((a, b) => byCodeUnit(a.id, b.id));
}

const idIn = (entry: RegistryEntry | ControlPlaneEntry): string =>
  typeof entry === 'string' ? entry : entry.id;

const isRetired = (entry: RegistryEntry | ControlPlaneEntry): boolean =>
  typeof entry === 'object' && 'retired' in entry && entry.retired === true;

/** Whether an id may be used: it is listed and not retired. */
export type Standing = 'usable' | 'retired' | 'unknown';

export interface IdStandings {
  of(id: string): Standing;
  /** Ids that are listed. */
  readonly ids: readonly string[];
}

/** Looks ids up in a list of entries. */
export function standings(entries: readonly (RegistryEntry | ControlPlaneEntry)[]): IdStandings {
  const byId = new Map(entries.map((entry) => [idIn(entry), entry]));
  return {
    of: (id) => {
      const entry = byId.get(id);
      return entry === undefined ? 'unknown' : isRetired(entry) ? 'retired' : 'usable';
    },
    ids: [...byId.keys()],
  };
}

/** By offering id: the versions that a list names; an offering without any may have every version. */
export const versionsById = (
  entries: readonly ControlPlaneEntry[],
): ReadonlyMap<string, readonly ListedVersion[]> =>
  new Map(
    entries.flatMap((entry) =>
      typeof entry === 'object' && entry.versions !== undefined ? [[entry.id, entry.versions] as const] : [],
    ),
  );
