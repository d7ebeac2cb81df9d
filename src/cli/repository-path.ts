import { isAbsolute, relative, resolve, sep } from 'node:path';
import { gitTopOf, realpathOf } from '../platform/config-search.ts';

/** The path from the top of the repository, as CI systems name a file; null: it is not in one. */
export function repositoryPath(path: string): string | null {
  const top = gitTopOf(process.cwd());
  if (top === null) return null;
  const way = relative(top, realpathOf(resolve(path)));
  const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  return isInside ? way.split(sep).join('/') : null;
}
