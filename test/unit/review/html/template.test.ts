import { expect, test } from '@jest/globals';
import { html, htmlAttributes, LINE_BREAK, sentence } from '../../../../src/review/html/template.ts';

const HOSTILE = `<b title="x" a='y'>&\``;
const ESCAPED = '&lt;b title=&quot;x&quot; a=&#39;y&#39;&gt;&amp;&#96;';

test('escapes every hole but markup, joins lists and inserts nothing for null', () => {
  expect(html`<p>${HOSTILE}</p>`.markup).toBe(`<p>${ESCAPED}</p>`);
  expect(html`<p>${html`<b>${1}</b>`}${null}${['&', html`<i>`, null]}</p>`.markup).toBe(
    '<p><b>1</b>&amp;<i></p>',
  );
  expect(htmlAttributes({ id: 'c1', title: HOSTILE }).markup).toBe(` id="c1" title="${ESCAPED}"`);
});

test('drops the line breaks of the template and keeps those of what is inserted', () => {
  const markup = html`
    <p>
      <b>${'one\n  two'}</b> three
    </p>${LINE_BREAK}`;
  expect(markup.markup).toBe('<p><b>one\\u{a}  two</b> three</p>\n');
});

test('in a sentence, what is in backticks is code, and everything is escaped', () => {
  expect(sentence('see `sailplan lint` <b> `x').markup).toBe(
    'see <code>sailplan lint</code> &lt;b&gt; &#96;x',
  );
  expect(sentence('').markup).toBe('');
});
