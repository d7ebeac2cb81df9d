import { existsSync, mkdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { sha256 } from '../../core/json/canonical-json.ts';
import { isRecord } from '../../core/json/records.ts';
import { parseJsonOrNothing } from '../../core/json/untrusted-json.ts';
import { distrust } from '../allowed-origins-file.ts';
import { readText } from '../files.ts';
import { writeText } from '../write-files.ts';

/** An answer that is used again if the server confirms that it did not change. */
export interface CachedAnswer {
  readonly etag: string;
  /** Header `Link`; '' where there was none. */
  readonly link: string;
  readonly text: string;
}

/** What servers answered, by address and credentials. Never throws: without it everything is fetched. */
export interface EtagCache {
  get(url: string, headers: Readonly<Record<string, string>>): CachedAnswer | null;
  put(url: string, headers: Readonly<Record<string, string>>, answer: CachedAnswer): void;
}

/** Files of this size and less are kept. */
const MOST_BYTES = 16 * 1024 * 1024;

/** An entity tag (RFC 9110, 8.8.3) of sensible length. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/;

export const isEtag = (text: string): boolean => ETAG.test(text);

/**
 * Stores answers in `$XDG_CACHE_HOME/sailplan/lists`, otherwise `~/.cache/sailplan/lists`, which only this user can read.
 * Ignores a file that a repository could contain, or that another user owns or can write. `folders`: where a repository could
 * be.
 */
export function openEtagCache(
  env: Readonly<Record<string, string | undefined>>,
  folders: readonly string[],
): EtagCache {
  const folder = cacheFolder(env);
  const pathOf = (url: string, headers: Readonly<Record<string, string>>) =>
    join(folder ?? '', `${sha256(JSON.stringify([url, headers]))}.json`);
  return {
    get: (url, headers) => {
      const path = pathOf(url, headers);
      if (folder === null || !existsSync(path) || distrust(path, folders) !== null) return null;
      try {
        return parsed(readText(path, { mostBytes: 2 * MOST_BYTES }), url);
      } catch {
        return null;
      }
    },
    put: (url, headers, answer) => {
      if (folder === null || answer.text.length > MOST_BYTES || !isEtag(answer.etag)) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (statSync(folder).isDirectory() && distrust(folder, folders) === null)
          writeText(pathOf(url, headers), JSON.stringify({ url, ...answer }));
      } catch {
        // Nothing depends on it.
      }
    },
  };
}

function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = env['XDG_CACHE_HOME'];
  const home = env['HOME'] || env['USERPROFILE'];
  if (named !== undefined && isAbsolute(named)) return join(named, 'sailplan', 'lists');
  return home !== undefined && isAbsolute(home) ? join(home, '.cache', 'sailplan', 'lists') : null;
}

function parsed(content: string, url: string): CachedAnswer | null {
  const value = parseJsonOrNothing(content);
  if (!isRecord(value) || value['url'] !== url) return null;
  const { etag, link, text } = value;
  return typeof etag === 'string' && isEtag(etag) && typeof link === 'string' && typeof text === 'string'
    ? { etag, link, text }
    : null;
}
