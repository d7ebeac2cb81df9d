import { createHash } from 'node:crypto';
import SCRIPT from './page.client.js';
import STYLE from './page.css';
import { html, type Markup, trusted } from './template.ts';

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Loads nothing from anywhere, and runs no style or script but these two. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hashSource(STYLE)}`,
  `script-src ${hashSource(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const LOGO = trusted(
  [
    '<svg viewBox="0 0 24 24" aria-hidden="true">',
    '<path d="M11 2v15H3.2C6.9 13.3 9.6 8.300 11 2z"/>',
    '<path d="M13 5.500c3.600 2.900 6.100 6.800 7.400 11.500H13z"/>',
    '<path d="M2 19h20c-.8 1.900-2.400 3-4.500 3h-11C4.400 22 2.800 20.900 2 19z"/>',
    '</svg>',
  ].join(''),
);

const topBar = (shop: string): Markup => html`
  <div class="bar">
    <div class="in">
      <span class="logo">${LOGO}sailplan</span>
      <span class="where">${shop}</span>
      <button class="btn js-only" id="theme" type="button" title="Dark or light (t)">Theme</button>
    </div>
  </div>`;

/** A self-contained page: one file, no network, readable without its script. `shop` names the target. */
export function htmlDocument(title: string, shop: string, content: Markup): string {
  const lines = [
    html`<!doctype html>`,
    html`<html lang="en">`,
    html`<head>`,
    html`<meta charset="utf-8">`,
    html`<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">`,
    html`<meta name="viewport" content="width=device-width, initial-scale=1">`,
    html`<meta name="referrer" content="no-referrer">`,
    html`<title>${title}</title>`,
    html`<style>${trusted(STYLE)}</style>`,
    html`</head>`,
    html`<body>`,
    html`<a class="skip" href="#changes">To the changes</a>`,
    topBar(shop),
    html`<main class="in">`,
    content,
    html`</main>`,
    html`<script>${trusted(SCRIPT)}</script>`,
    html`</body>`,
    html`</html>`,
  ];
  return `${lines.map(({ markup }) => markup).join('\n')}\n`;
}

/** A link to an address from outside. An address that is not http(s) is shown as text. */
export const externalLink = (text: string, url: string): Markup =>
  /^https?:\/\//i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`
    : html`${text} <code>${url}</code>`;
