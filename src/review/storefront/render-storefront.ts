import type { JsonObject } from '../../core/json/json-value.ts';
import { findingHint, findingMessage } from '../../plan/storefront/finding-messages.ts';
import { storefrontMarkdown } from './storefront-markdown.ts';
import { storefrontPage } from './storefront-page.ts';
import { buildStorefrontReview, type ProvedStorefront } from './storefront-review.ts';
import { storefrontText } from './storefront-text.ts';

export type StorefrontFormat = 'text' | 'markdown' | 'html' | 'json';

interface RenderOptions {
  readonly width: number;
  readonly color: boolean;
  readonly isFull: boolean;
}

/** Ends in a newline. */
export function renderStorefront(
  proof: ProvedStorefront,
  format: StorefrontFormat,
  options: RenderOptions,
): string {
  if (format === 'json') return `${JSON.stringify(storefrontDocument(proof), null, 2)}\n`;
  const review = buildStorefrontReview(proof);
  switch (format) {
    case 'markdown':
      return storefrontMarkdown(review);
    case 'html':
      return storefrontPage(review);
    case 'text':
      return storefrontText(review, options);
  }
}

/** One JSON document (docs/storefront.md#json). */
export function storefrontDocument(proof: ProvedStorefront): JsonObject {
  const told = (finding: ProvedStorefront['findings'][number]) => ({
    ...finding,
    message: findingMessage(finding),
    hint: findingHint(finding),
  });
  const { channel, api_url, requests, counts, filters, skipped } = proof;
  return {
    ok: proof.findings.every(({ severity }) => severity !== 'error') && skipped.length === 0,
    channel,
    api_url,
    requests,
    counts,
    findings: proof.findings.map(told),
    filters,
    skipped,
    excluded: proof.excluded.map(told),
  };
}
