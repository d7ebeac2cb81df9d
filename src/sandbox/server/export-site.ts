import { createHash } from 'node:crypto';
import { type HttpReply, type IncomingRequest, jsonReply } from './graphql-http.ts';

/** A site's catalogue export, served at /catalog-export/. */
export interface Site {
  readonly document: unknown;
  /** Required as `Authorization: Bearer …`. Default: public. */
  readonly token?: string;
}

export const SITE_PATH = '/catalog-export/';

/** Answers as the export view of wagtail-sailplan: token, ETag, 304. */
export function siteReply(site: Site, request: IncomingRequest): HttpReply {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' };
  if (site.token !== undefined && request.headers['authorization'] !== `Bearer ${site.token}`)
    return jsonReply(401, { detail: 'Authentication credentials were not provided.' });
  const reply = jsonReply(200, site.document);
  const etag = `"${createHash('sha256').update(reply.body).digest('hex').slice(0, 32)}"`;
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
  return { ...reply, headers: { ...reply.headers, etag } };
}
