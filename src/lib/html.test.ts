import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { escapeHtml, html, joinHtml, render, unsafeHtml, type HtmlValue } from './html.ts';

// What arrives without types, as a parsed body does.
function untyped(json: string): HtmlValue {
  return JSON.parse(json);
}

describe('a page', () => {
  it('shows what a person typed and never runs it', () => {
    const typed = `<script>alert("1")</script> & 'x'`;
    assert.equal(
      render(html`<p title="${typed}">${typed}</p>`),
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>',
    );
  });

  it('leaves no special character unescaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const escaped = escapeHtml(text);
        assert.doesNotMatch(escaped, /[<>"']/);
        assert.doesNotMatch(escaped, /&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('is put together from parts, lists and nothing', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    const page = html`<ul>${items}</ul>${null}${undefined}${false}${0}${12n}${[['x', [html`<br>`]]]}`;
    assert.equal(render(page), '<ul><li>a</li><li>&lt;b&gt;</li></ul>012x<br>');
  });

  it('joins with a separator', () => {
    assert.equal(render(joinHtml(['a', html`<b>b</b>`], html`<br>`)), 'a<br><b>b</b>');
    assert.equal(render(joinHtml(['a', 'b'], ' & ')), 'a &amp; b');
  });

  it('takes trusted constants as they are', () => {
    assert.equal(render(html`${unsafeHtml('<svg></svg>')}`), '<svg></svg>');
  });

  it('does not take for markup what only looks like it', () => {
    assert.throws(() => html`${untyped('{"html":"<script>"}')}`, TypeError);
    assert.throws(() => html`${untyped('true')}`, TypeError);
  });

  it('demands quotes around attributes', () => {
    const more = html` id="y"`;
    assert.equal(render(html`<b class="x"${more}>z</b>`), '<b class="x" id="y">z</b>');
    assert.throws(() => html`<a class=${'x onclick=alert(1)'}>x</a>`, /Quote the attribute/);
    assert.throws(() => html`<a id="${'y'}" class=${'x'}>x</a>`, /Quote the attribute/);
    assert.equal(
      render(html`<a lang="${'nl'}" href="/?lang=${'nl'}">x</a>`),
      '<a lang="nl" href="/?lang=nl">x</a>',
    );
    assert.equal(render(html`<p>1 + 1 = ${2}</p>`), '<p>1 + 1 = 2</p>');
  });

  it('never links to a script', () => {
    const scripts = [
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'java\nscript:alert(1)',
      '\u0001javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'data:image/svg+xml;base64,PHN2Zy8+',
      'data:image/png,<script>',
      'vbscript:x',
    ];
    for (const address of scripts) {
      assert.equal(render(html`<a href="${address}">x</a>`), '<a href="about:blank">x</a>');
      assert.equal(
        render(html`<form method="post" action='${address}'></form>`),
        `<form method="post" action='about:blank'></form>`,
      );
    }
    const picture = 'data:image/png;base64,iVBORw0KGgo=';
    assert.equal(render(html`<img src="${picture}">`), `<img src="${picture}">`);
    const fine = ['/sign-in?a=1&b=2', 'https://contoso.nl/', 'otpauth://totp/x', 'myapp:callback'];
    for (const address of fine) {
      assert.equal(
        render(html`<a href="${address}">x</a>`),
        `<a href="${address.replace('&', '&amp;')}">x</a>`,
      );
    }
  });

  it('says javascript: where it is only a word', () => {
    assert.equal(render(html`<p>${'javascript:x'}</p>`), '<p>javascript:x</p>');
  });
});
