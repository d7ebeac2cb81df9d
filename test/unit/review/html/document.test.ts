import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { externalLink, htmlDocument } from '../../../../src/review/html/document.ts';
import { html } from '../../../../src/review/html/template.ts';

const PAGE = htmlDocument('A title', 'A shop', html`<p>content</p>`);
const elementText = (name: string) => new RegExp(`<${name}>(.*)</${name}>`, 's').exec(PAGE)?.[1] ?? '';

test('allows its own style and script by their hashes, and nothing else', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE) ?? [];
  const hash = (text: string) => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
  expect(policy.split('; ')).toEqual([
    'default-src &#39;none&#39;',
    `style-src ${hash(elementText('style'))}`,
    `script-src ${hash(elementText('script'))}`,
    'base-uri &#39;none&#39;',
    'form-action &#39;none&#39;',
  ]);
});

test('contains its style and script whole: neither ends its element early', () => {
  for (const name of ['style', 'script']) {
    expect(elementText(name).length).toBeGreaterThan(1_000);
    expect(PAGE.split(`</${name}`)).toHaveLength(2);
  }
  expect(() => new Function(elementText('script'))).not.toThrow();
});

test('links only http(s) addresses', () => {
  expect(externalLink('page', 'https://example.com/?a=1&b').markup).toBe(
    '<a href="https://example.com/?a=1&amp;b" target="_blank" rel="noopener noreferrer">page</a>',
  );
  expect(externalLink('page', 'javascript:alert(1)').markup).toBe('page <code>javascript:alert(1)</code>');
});
