import { createHash } from 'node:crypto';
import SCRIPT from './page.client.js';
import STYLE from './page.css';
import { html, type Markup, trusted } from './template.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded from anywhere, and no style or script runs but ours. */
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;

const LOGO = trusted(
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M11 2v15H3.2C6.9 13.3 9.6 8.300 11 2z"/><path d="M13 5.500c3.600 2.900 6.100 6.800 7.400 11.500H13z"/><path d="M2 19h20c-.8 1.900-2.400 3-4.500 3h-11C4.400 22 2.800 20.900 2 19z"/></svg>',
);

/** A page that stands alone: one file, no network, readable without its script. */
export function htmlDocument(title: string, where: string, content: Markup): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#changes">To the changes</a>
<div class="bar"><div class="in"><span class="logo">${LOGO}sailplan</span><span class="where">${where}</span><button class="btn js-only" id="theme" type="button" title="Dark or light (t)">Theme</button></div></div>
<main class="in">
${content}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return markup;
}

/** A link to an address from outside; one that is not http(s) stays text. */
export const outward = (words: string, url: string): Markup =>
  /^https?:\/\//i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${words}</a>`
    : html`${words} <code>${url}</code>`;
