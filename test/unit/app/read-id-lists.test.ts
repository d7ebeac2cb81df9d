import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openHttp } from '../../../src/app/open-shop.ts';
import { type IdListSource, readIdLists } from '../../../src/app/read-id-lists.ts';
import { openEtagCache } from '../../../src/platform/http/etag-cache.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, url: string) => void;

let server: Server | null = null;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sailplan-lists-'));
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  rmSync(home, { recursive: true, force: true });
});

/** A server of one list; `seen` has the path and the two headers that matter of each request. */
async function serve(answer: Answer) {
  const seen: { path: string; authorization: string | undefined; etag: string | undefined }[] = [];
  let url = '';
  server = createServer((request, response) => {
    const { authorization, 'if-none-match': etag } = request.headers;
    seen.push({ path: request.url ?? '', authorization, etag });
    answer(request, response, url);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server?.address() as AddressInfo).port}`;
  return { url, seen };
}

const json =
  (value: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

const cacheHere = (folders: readonly string[] = []) => openEtagCache({ HOME: home }, folders);

const read = async (location: string, given: Partial<IdListSource> = {}) => {
  const registry = { location, format: {}, headers: {}, cache: null, ...given };
  const http = openHttp({ trace: () => undefined, progress: () => undefined });
  return (await readIdLists({ registry, controlPlane: undefined }, http)).registry;
};

describe('pages', () => {
  test('are followed by body, by Link header and by a named pointer, and the token goes along', async () => {
    const { url, seen } = await serve((request, response, base) => {
      const page = new URL(request.url ?? '', base).searchParams.get('page');
      if (page === null)
        return json({ items: ['a'], count: 3, next: `${base}/ids?page=2` })(request, response, base);
      if (page === '2')
        return json(['b'], { link: '</ids?page=1>; rel="prev", </ids?page=3>; title="x"; rel="next"' })(
          request,
          response,
          base,
        );
      return json({ items: ['c'], count: 3, next: null })(request, response, base);
    });
    expect(await read(`${url}/ids`, { headers: { authorization: 'Bearer s3cr3t-token' } })).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(seen.map(({ path }) => path)).toEqual(['/ids', '/ids?page=2', '/ids?page=3']);
    expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer s3cr3t-token']));
  });

  test.each<[string, Answer, string]>([
    [
      'a page that names itself',
      (...all) => json({ items: ['a'], next: '/ids' })(...all),
      'pages without end',
    ],
    [
      'ever new pages',
      (request, response, base) =>
        json({ items: [], next: `/ids?n=${Number(request.url?.split('n=')[1] ?? 0) + 1}` })(
          request,
          response,
          base,
        ),
      'more than 1000',
    ],
    [
      'a next page at another origin',
      (...all) => json({ items: ['a'], next: 'https://elsewhere.example.com/ids' })(...all),
      'another origin (https://elsewhere.example.com)',
    ],
    [
      'a next page with a password',
      (...all) => json({ items: ['a'], next: '//u:p@127.0.0.1/x' })(...all),
      'another origin',
    ],
    [
      'a next page that is a script',
      (...all) => json({ items: ['a'], next: 'javascript:x' })(...all),
      'another origin',
    ],
    [
      'a total that the pages do not reach',
      (...all) => json({ items: ['a'], count: 250 })(...all),
      'counts 250 entries and has 1',
    ],
    ['an HTML page', (_, response) => response.end('<html>Log in</html>'), 'HTML page'],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/login' }).end(), 'redirect'],
    ['304 that nobody asked for', (_, response) => response.writeHead(304).end(), 'named no earlier answer'],
    ['no content', (_, response) => response.writeHead(204).end(), 'answered 204'],
    ['a refused token', (_, response) => response.writeHead(401).end(), 'requires other credentials (401)'],
    ['an empty list', (...all) => json({ items: [] })(...all), 'holds no id'],
  ])('%s: an error', async (_, answer, message) => {
    const { url } = await serve(answer);
    await expect(read(`${url}/ids`)).rejects.toThrow(message);
  });

  test('a total of each page is none of the whole', async () => {
    const { url } = await serve((request, response, base) =>
      json(
        request.url === '/ids'
          ? { items: ['a', 'b'], count: 2, next: '/ids?page=2' }
          : { items: ['c'], count: 1, next: null },
      )(request, response, base),
    );
    expect(await read(`${url}/ids`)).toEqual(['a', 'b', 'c']);
  });
});

describe('a file', () => {
  test('is read whole: the first page of a list is none', async () => {
    const path = join(home, 'ids.json');
    writeFileSync(path, JSON.stringify({ items: ['a'], next: 'https://x.example.com/?page=2' }));
    await expect(read(path)).rejects.toThrow('first page of a list');
    writeFileSync(path, JSON.stringify({ items: ['a'], total: 2 }));
    await expect(read(path)).rejects.toThrow('counts 2 entries and has 1');
  });

  test('that is none is an error', async () => {
    await expect(read(home)).rejects.toThrow('it is a folder');
    await expect(read('/dev/zero')).rejects.toThrow('it is a device');
  });
});

describe('an ETag', () => {
  const tagged =
    (etag: string, ids: () => readonly string[]): Answer =>
    (request, response, base) =>
      request.headers['if-none-match'] === etag
        ? response.writeHead(304, { etag }).end()
        : json(ids(), { etag })(request, response, base);

  test('saves the answer, which is only used again for the same address and token', async () => {
    let ids = ['a'];
    const { url, seen } = await serve(tagged('"v1"', () => ids));
    const with1 = { headers: { authorization: 'Bearer token-one' }, cache: cacheHere() };
    expect(await read(`${url}/ids`, with1)).toEqual(['a']);
    ids = ['b'];
    // The server says that nothing changed: what it said before counts.
    expect(await read(`${url}/ids`, with1)).toEqual(['a']);
    expect(await read(`${url}/ids`, { ...with1, headers: {} })).toEqual(['b']);
    expect(await read(`${url}/ids?all=1`, with1)).toEqual(['b']);
    expect(seen.map(({ etag }) => etag)).toEqual([undefined, '"v1"', undefined, undefined]);
  });

  test('that changed brings the new list', async () => {
    let [etag, ids] = ['W/"1"', ['a']];
    const { url } = await serve((...all) => tagged(etag, () => ids)(...all));
    expect(await read(`${url}/ids`, { cache: cacheHere() })).toEqual(['a']);
    [etag, ids] = ['W/"2"', ['a', 'b']];
    expect(await read(`${url}/ids`, { cache: cacheHere() })).toEqual(['a', 'b']);
  });

  test.each(['v1', '"a" "b"', `"${'x'.repeat(300)}"`, '*'])('%s is none', async (etag) => {
    const { url, seen } = await serve(json(['a'], { etag }));
    await read(`${url}/ids`, { cache: cacheHere() });
    await read(`${url}/ids`, { cache: cacheHere() });
    expect(seen.map((one) => one.etag)).toEqual([undefined, undefined]);
  });

  test('of an answer that others may write, or that was changed, does not count', async () => {
    const { url, seen } = await serve(json(['a'], { etag: '"v1"' }));
    await read(`${url}/ids`, { cache: cacheHere() });
    const folder = join(home, '.cache/sailplan/lists');
    expect(statSync(folder).mode & 0o077).toBe(0);
    const [name = ''] = readdirSync(folder);
    const { chmodSync } = await import('node:fs');
    chmodSync(join(folder, name), 0o666);
    await read(`${url}/ids`, { cache: cacheHere() });
    writeFileSync(join(folder, name), '{"etag":"\\"v1\\""}');
    await read(`${url}/ids`, { cache: cacheHere() });
    expect(seen.map(({ etag }) => etag)).toEqual([undefined, undefined, undefined]);
  });

  test('of an answer with the token in it is not kept', async () => {
    const { url } = await serve(json(['a', 'token-one'], { etag: '"v1"' }));
    await read(`${url}/ids`, { headers: { authorization: 'Bearer token-one' }, cache: cacheHere() });
    expect(readdirSync(home)).toEqual([]);
  });

  test('without a home nothing is kept', async () => {
    const { url } = await serve(json(['a'], { etag: '"v1"' }));
    expect(await read(`${url}/ids`, { cache: openEtagCache({}, []) })).toEqual(['a']);
    expect(await read(`${url}/ids`, { cache: openEtagCache({ XDG_CACHE_HOME: 'relative' }, []) })).toEqual([
      'a',
    ]);
  });
});
