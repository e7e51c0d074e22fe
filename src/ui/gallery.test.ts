import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { locales } from '../i18n/locale.ts';
import { render } from '../lib/html.ts';
import { galleryPages } from './gallery.ts';
import { iconNameOf, iconNames, isIconName } from './icons.ts';

const pages = locales.flatMap((locale) =>
  galleryPages({
    assets: { cssHref: '/assets/a.css', jsHref: '/assets/a.js' },
    locale,
    now: new Date('2026-11-20T12:00:00Z'),
  }).map(({ name, page }) => ({ name: `${name} (${locale})`, markup: render(page), locale })),
);

const all = (markup: string, pattern: RegExp): readonly string[] =>
  [...markup.matchAll(pattern)].map(([, found]) => found ?? '');

describe('every page of the gallery', () => {
  it('has one heading, and ids that are used once', () => {
    for (const { name, markup } of pages) {
      assert.equal(all(markup, /<(h1)/g).length, 1, name);
      const ids = all(markup, / id="([^"]+)"/g);
      assert.deepEqual(ids.length, new Set(ids).size, `${name}: ${ids.join(' ')}`);
    }
  });

  it('names only ids that are there', () => {
    for (const { name, markup } of pages) {
      const ids = new Set(all(markup, / id="([^"]+)"/g));
      const named = [
        ...all(markup, / (?:for|aria-controls|popovertarget|enable)="([^"]+)"/g),
        ...all(markup, / aria-(?:describedby|labelledby)="([^"]+)"/g).flatMap((list) =>
          list.split(' '),
        ),
        ...all(markup, / href="#([^"]+)"/g),
      ];
      for (const id of named) assert.ok(ids.has(id), `${name}: nothing has the id ${id}`);
    }
  });

  it('labels each field that is seen', () => {
    for (const { name, markup } of pages) {
      const labelled = new Set(all(markup, /<label[^>]* for="([^"]+)"/g));
      for (const [tag] of markup.matchAll(/<(?:input|select|textarea)[^>]*>/g)) {
        if (tag.includes('type="hidden"') || tag.includes('aria-labelledby')) continue;
        assert.ok(labelled.has(/ id="([^"]+)"/.exec(tag)?.[1] ?? ''), `${name}: ${tag}`);
      }
    }
  });

  it('carries no script and no style of its own', () => {
    for (const { name, markup } of pages) {
      assert.doesNotMatch(markup, /<style| style="| on[a-z]+="|<script>/, name);
    }
  });

  it('keeps to one language', () => {
    for (const { name, markup, locale } of pages) {
      assert.equal(/<html lang="(\w+)"/.exec(markup)?.[1], locale, name);
      if (locale === 'nl')
        assert.doesNotMatch(markup, />\s*(?:Sign in|Next|Cancel|Save|Copy|Show)\s*</, name);
    }
  });
});

describe('an icon', () => {
  it('is found by name, and a shield stands where there is none', () => {
    assert.ok(iconNames.length > 25);
    assert.equal(isIconName('phone-call'), true);
    assert.equal(isIconName('toString'), false);
    assert.equal(iconNameOf('no-such-icon'), 'shield');
  });
});
