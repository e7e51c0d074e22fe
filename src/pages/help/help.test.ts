import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { locales, type Locale } from '../../i18n/locale.ts';
import { wordsIn as appWords } from '../../methods/authenticator-code/words.ts';
import { helpPath, helpTopics } from '../../ui/help.ts';
import { wordsIn as componentWords } from '../../ui/words.ts';
import { wordsIn as challengeWords } from '../challenge/words.ts';
import { wordsIn as profileWords } from '../my-profile/words.ts';
import { wordsIn as registrationWords } from '../registration/words.ts';
import { wordsIn as signInWords } from '../sign-in/words.ts';
import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { readPage, type Page } from '../../../test/support/page.ts';
import { helpBundle } from './bundle.ts';
import { helpRoutes } from './help.ts';

async function serve(helpLink?: string): Promise<FastifyInstance> {
  const server = httpServerForTests({ bundles: { help: helpBundle }, helpLink });
  helpRoutes(server);
  await server.ready();
  return server;
}

async function open(
  server: FastifyInstance,
  options: { readonly language?: Locale; readonly from?: string } = {},
): Promise<Page> {
  const path = `/help?lang=${options.language ?? 'en'}`;
  const { statusCode, body, headers } = await server.inject({
    url: path,
    headers: {
      host: new URL(testOrigin).host,
      ...(options.from === undefined ? {} : { referer: options.from }),
    },
  });
  return readPage(body, { status: statusCode, path, headers, goesOnTo: undefined });
}

const all = (page: Page, pattern: RegExp): readonly string[] =>
  [...page.html.matchAll(pattern)].map(([, found = '']) => found);

describe('the Help page', () => {
  let server: FastifyInstance;
  before(async () => {
    server = await serve();
  });
  after(() => server.close());

  it('is there for whoever is not signed in, in both languages', async () => {
    const english = await open(server);
    assert.equal(english.status, 200);
    assert.equal(english.heading, 'Help with signing in');
    const dutch = await open(server, { language: 'nl' });
    assert.equal(dutch.heading, 'Hulp bij het aanmelden');
    assert.match(dutch.html, /<html lang="nl">/);
  });

  it('keeps the names that other pages and other people lead to', () => {
    assert.equal(helpPath(), '/help');
    assert.equal(helpPath('no-text'), '/help#no-text');
    assert.deepEqual(helpTopics, [
      'forgotten-phone',
      'lost-phone',
      'new-phone',
      'silent-phone',
      'abroad',
      'no-text',
      'no-call',
      'no-notification',
      'app-set-up',
      'code-refused',
      'security-key',
      'password',
      'locked-out',
      'not-me',
      'app-passwords',
      'start-again',
      'admin',
    ]);
  });

  it('lists every topic once, and leads to nothing that is not there', async () => {
    for (const language of locales) {
      const page = await open(server, { language });
      const ids = all(page, / id="([^"]+)"/g);
      assert.equal(new Set(ids).size, ids.length, ids.join(' '));
      const [, listed = ''] = /<nav class="contents"([\s\S]*?)<\/nav>/.exec(page.html) ?? [];
      assert.deepEqual(
        [...listed.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id),
        helpTopics,
      );
      for (const topic of helpTopics)
        assert.ok(page.html.includes(`<section class="topic" id="${topic}"`));
      for (const id of all(page, / href="#([^"]+)"/g)) assert.ok(ids.includes(id), id);
    }
  });

  it('calls buttons as their own pages call them', async () => {
    for (const language of locales) {
      const { text } = await open(server, { language });
      const [before, behind] = { en: ['“', '”'], nl: ['‘', '’'] }[language];
      for (const label of [
        signInWords(language).challenge.anotherWay,
        challengeWords(language).repeat.text,
        signInWords(language).challenge.codeInstead,
        registrationWords(language).contact.appUses.code.label,
        appWords(language).tile.title,
        componentWords(language).show,
        profileWords(language).title,
      ]) {
        assert.ok(text.includes(`${before}${label}${behind}`), label);
      }
    }
  });

  it('tells how long a pause and a sign-in last', async () => {
    const { text } = await open(server);
    assert.match(text, /first pause takes 1 minute, .* second step some more\./);
    assert.match(text, /stays open for 1 hour at most/);
  });

  it('says in words who the admin is where the organisation has no help desk to lead to', async () => {
    const { text, html } = await open(server);
    assert.match(text, /Your admin looks after the accounts of Voorbeeld/);
    assert.match(text, /Ask a colleague, a teacher or the reception/);
    assert.doesNotMatch(html, / href="(?:https?:|mailto:)/);
  });

  it('leads to the help desk of the organisation, on the web', async () => {
    const own = await serve('https://help.voorbeeld.example/it');
    try {
      const { text, html } = await open(own);
      assert.match(text, /Go to the help desk of Voorbeeld \(opens in a new tab\)/);
      assert.match(
        html,
        /href="https:\/\/help\.voorbeeld\.example\/it" target="_blank" rel="noopener noreferrer"/,
      );
      assert.doesNotMatch(text, /Ask a colleague/);
    } finally {
      await own.close();
    }
  });

  it('leads to the help desk of the organisation, by mail', async () => {
    const own = await serve('mailto:help@voorbeeld.example?subject=Sign-in');
    try {
      const { text, html } = await open(own, { language: 'nl' });
      assert.match(text, /Naar de helpdesk van Voorbeeld help@voorbeeld\.example /);
      assert.match(html, /href="mailto:help@voorbeeld\.example\?subject=Sign-in"/);
      assert.doesNotMatch(html, /target="_blank"/);
    } finally {
      await own.close();
    }
  });

  it('leads back to the page of ours that one came from', async () => {
    const attempt = '/sign-in/AAAAAAAAAAAAAAAAAAAAAA';
    const page = await open(server, { from: `${testOrigin}${attempt}?lang=en` });
    assert.match(page.text, /Back to where you were/);
    assert.ok(page.html.includes(`<a href="${attempt}">`));
  });

  it('leads back to no other site, and to nothing that one does not come back to', async () => {
    for (const from of [
      'https://evil.example/sign-in',
      `${testOrigin}//evil.example/sign-in`,
      `${testOrigin}/sign-out`,
      `${testOrigin}/help`,
      'javascript:alert(1)',
      'nonsense',
    ]) {
      const { text } = await open(server, { from });
      assert.doesNotMatch(text, /Back to where you were/, from);
    }
  });
});
