import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { html, render } from '../lib/html.ts';
import { cardPage, portalPage, type PageFrame } from './layout.ts';

const frame: PageFrame = {
  locale: 'nl',
  assets: { cssHref: '/assets/a.css', jsHref: '/assets/a.js' },
  organisation: { name: 'Voorbeeld & Zn' },
  languageSwitch: { path: '/sign-in/abc?step=code&lang=nl' },
};
const card = (more: Partial<Parameters<typeof cardPage>[0]> = {}): string =>
  render(cardPage({ ...frame, title: 'Aanmelden', body: html`<p>Tekst</p>`, ...more }));

describe('a page', () => {
  it('says its language, its purpose and its organisation', () => {
    assert.match(card(), /^<!doctype html>\n<html lang="nl">/);
    assert.match(card(), /<title>Aanmelden – Voorbeeld &amp; Zn<\/title>/);
  });

  it('begins its title with the error', () => {
    assert.match(card({ error: true }), /<title>Fout: Aanmelden – /);
    assert.match(card({ error: true, locale: 'en' }), /<title>Error: /);
  });

  it('has one heading and can be jumped into', () => {
    assert.equal(card().match(/<h1/g)?.length, 1);
    assert.match(card(), /<body[^>]*><a class="skip" href="#main">Naar de inhoud<\/a>/);
    assert.match(card(), /<main id="main" tabindex="-1">/);
  });

  it('asks for one stylesheet, one script and nothing else', () => {
    const loaded = [...card().matchAll(/<(?:link|script|img)[^>]* (?:href|src)="([^"]+)"/g)].map(
      ([, address]) => address ?? '',
    );
    assert.deepEqual(
      loaded.filter((address) => !address.startsWith('data:')),
      ['/assets/a.css', '/assets/a.js'],
    );
  });

  it('carries no script and no style of its own', () => {
    assert.doesNotMatch(card(), /<style| style="| on[a-z]+="|<script>/);
  });

  it('leads to itself in the other language', () => {
    assert.match(
      card(),
      /<a lang="en" hreflang="en" rel="nofollow" href="\/sign-in\/abc\?step=code&amp;lang=en">English<\/a>/,
    );
  });

  it('never leads to another site by its own address', () => {
    const page = card({ languageSwitch: { path: '//evil.example/x' } });
    assert.match(page, /hreflang="en" rel="nofollow" href="\/x\?lang=en"/);
    assert.doesNotMatch(
      card({ languageSwitch: { path: 'http://a.example//evil.example/x' } }),
      /href="\/\//,
    );
  });

  it('is shown in another language at any address that somebody may ask for', () => {
    for (const path of ['//', '///', '//[', '//a:b', 'http://[']) {
      const page = card({ languageSwitch: { path } });
      assert.match(page, /hreflang="en" rel="nofollow" href="\/\?lang=en"/, path);
    }
  });

  it('asks again by itself where there is no script, if it waits', () => {
    assert.match(
      card({ autoRefreshSeconds: 5 }),
      /<noscript><meta http-equiv="refresh" content="5"><\/noscript>/,
    );
    assert.doesNotMatch(card(), /http-equiv="refresh"/);
  });

  it('shows who is signing in, and the way out for somebody else', () => {
    const page = card({ account: { name: '<anna>', notYouHref: '/sign-in' } });
    assert.match(page, /&lt;anna&gt;/);
    assert.match(page, /<a href="\/sign-in">Bent u dit niet\?<\/a>/);
  });
});

describe('a portal page', () => {
  const page = render(
    portalPage({
      ...frame,
      title: 'Beveiligingsgegevens',
      homeHref: '/',
      account: { name: 'Anna', signOut: { action: '/sign-out', csrf: 'token' } },
      navigation: [
        { items: [{ label: 'Mijn profiel', href: '/my-profile', current: true }] },
        { heading: 'Beheer', items: [{ label: 'Gebruikers', href: '/admin/users' }] },
      ],
      body: html``,
    }),
  );

  it('says where one is', () => {
    assert.match(page, /<a href="\/my-profile" aria-current="page">/);
    assert.equal(page.match(/aria-current/g)?.length, 1);
  });

  it('has a drawer that opens without script', () => {
    assert.match(page, /popovertarget="navigation"/);
    assert.match(page, /<nav class="side" id="navigation" popover aria-label="Hoofdnavigatie">/);
  });

  it('signs out by a form with its token', () => {
    assert.match(
      page,
      /method="post" action="\/sign-out"[^>]*><input type="hidden" name="csrf" value="token">/,
    );
  });
});
