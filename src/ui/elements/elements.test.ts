/** The elements in Debian's Chromium, on the pages of the gallery, under the real policy. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { chromium, type Browser, type Page } from 'playwright-core';

import { until } from '../../../test/support/poll.ts';
import { html, render, type SafeHtml } from '../../lib/html.ts';
import { loadAssets } from '../assets.ts';
import { button } from '../components/button.ts';
import { checkAll, checkbox } from '../components/choice.ts';
import { codeField, passwordField } from '../components/field.ts';
import { form } from '../components/form.ts';
import { errorSummary } from '../components/notice.ts';
import { secretDisplay } from '../components/secret.ts';
import { sheet } from '../components/sheet.ts';
import { awaitChange, countdown, waiting } from '../components/waiting.ts';
import { cardPage, portalPage, type PageFrame } from '../layout.ts';

const executablePath = '/usr/bin/chromium';
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'";

describe('the elements', { skip: !existsSync(executablePath) && 'no Chromium here' }, () => {
  const assets = loadAssets();
  const frame: PageFrame = {
    locale: 'en',
    assets,
    organisation: { name: 'Voorbeeld' },
    languageSwitch: { path: '/' },
  };
  // What the server says and has heard; set anew by each test.
  let body: SafeHtml = html``;
  let status: { readonly code: number; readonly answer: Readonly<Record<string, string>> };
  let asked = 0;
  /** How a page is answered that wants to hear of changes; `silent`: something holds it all back. */
  let streams: 'open' | 'silent' | 'refused' = 'open';
  let streamsOpened = 0;
  /** While it is there, no status is answered before. */
  let hold: Promise<undefined> | undefined;
  const listening = new Set<ServerResponse>();
  const say = (event: string): void => {
    for (const stream of listening) stream.write(`event: ${event}\ndata: \n\n`);
  };
  let posted: string[] = [];
  let server: Server;
  let browser: Browser;
  let origin = '';

  before(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
      const asset = assets.files.get(path);
      response.setHeader('content-security-policy', policy);
      if (asset !== undefined) {
        response.setHeader('content-type', asset.type);
        response.end(asset.body);
      } else if (path === '/status') {
        asked += 1;
        const { code, answer } = status;
        void Promise.resolve(hold).then(() => {
          response.statusCode = code;
          response.end(JSON.stringify(answer));
        });
      } else if (path === '/events') {
        streamsOpened += 1;
        response.statusCode = streams === 'refused' ? 429 : 200;
        response.setHeader('content-type', 'text/event-stream');
        if (streams === 'refused') {
          response.end();
          return;
        }
        response.flushHeaders();
        if (streams === 'silent') return;
        listening.add(response);
        response.on('close', () => listening.delete(response));
        response.write('retry: 100\n\nevent: hello\ndata: \n\n');
      } else if (request.method === 'POST') {
        request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
        // No content: the page stays as it is while it is busy, and can be looked at.
        response.statusCode = 204;
        response.end();
      } else {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(
          path === '/done' ? 'Done' : render(cardPage({ ...frame, title: 'Test', body })),
        );
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    origin = `http://127.0.0.1:${address.port}`;
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
  });
  after(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  async function opened(
    shown: SafeHtml,
    javaScriptEnabled = true,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<Page> {
    body = shown;
    status = { code: 200, answer: { step: 'here' } };
    asked = 0;
    streamsOpened = 0;
    posted = [];
    const context = await browser.newContext({ javaScriptEnabled });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // A status that fails on purpose is told by the browser, too.
      if (message.type() === 'error' && !message.text().includes('the server responded')) {
        faults.push(message.text());
      }
    });
    page.once('close', () => assert.deepEqual(faults, []));
    await prepare?.(page);
    await page.goto(origin);
    return page;
  }
  const done = (page: Page): Promise<void> => page.close().then(() => page.context().close());

  const codeForm = (autoSubmit = false): SafeHtml =>
    form({
      action: '/answer',
      csrf: 'token',
      body: [
        codeField({ locale: 'en', name: 'code', label: 'Code', autoSubmit }),
        button({ label: 'Verify', kind: 'primary', name: 'way', value: 'typed' }),
      ],
    });

  describe('a sheet to keep', () => {
    const kept = (): SafeHtml =>
      html`<p>What the page says</p><section>${sheet({
        locale: 'en',
        above: html`<p>Whose it is</p>`,
        body: html`<p>The codes</p>`,
        file: { name: 'codes.txt', text: 'ABCD-EFGH\nJKMN-PQRS' },
      })}</section>${button({ label: 'Go on' })}`;

    it('is printed alone, with what only paper needs', async () => {
      const page = await opened(kept());
      assert.equal(await page.getByText('Whose it is').isVisible(), false);
      await page.emulateMedia({ media: 'print' });
      const printed = await page.locator('body').innerText();
      assert.deepEqual(
        printed.split('\n').filter((line) => line.trim() !== ''),
        ['Whose it is', 'The codes'],
      );
      await done(page);
    });

    it('opens the printing of the browser', async () => {
      const page = await opened(kept());
      await page.evaluate('window.print = () => { document.title = "printed"; }');
      await page.getByRole('button', { name: 'Print' }).click();
      assert.equal(await page.title(), 'printed');
      await done(page);
    });

    it('becomes a file', async () => {
      const page = await opened(kept());
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ]);
      assert.equal(file.suggestedFilename(), 'codes.txt');
      assert.equal(await readFile(await file.path(), 'utf8'), 'ABCD-EFGH\nJKMN-PQRS');
      await done(page);
    });

    it('can be read, and has no button that does nothing, without script', async () => {
      const page = await opened(kept(), false);
      assert.equal(await page.getByText('The codes').isVisible(), true);
      assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false);
      await done(page);
    });
  });

  describe('a box for all boxes', () => {
    const list = (): SafeHtml =>
      form({
        action: '/answer',
        csrf: 'token',
        body: html`${checkAll({ label: 'Everybody', href: '/?all=1' })}${['Anna', 'Bram'].map(
          (name) => checkbox({ name, label: name }),
        )}${button({ label: 'Go on' })}`,
      });

    it('ticks them at once, shows what is ticked, and is not sent', async () => {
      const page = await opened(list());
      const all = page.getByLabel('Everybody');
      await all.check();
      assert.equal(await page.getByLabel('Bram').isChecked(), true);
      await page.getByLabel('Anna').uncheck();
      assert.equal(await all.isChecked(), false);
      assert.equal(await page.locator('input:indeterminate').count(), 1);
      await page.getByRole('button', { name: 'Go on' }).click();
      await until('the form has been sent', async () => posted.length === 1 || undefined);
      assert.deepEqual(posted, ['csrf=token&Bram=1']);
      await done(page);
    });

    it('is a link to the page with all of them ticked without script', async () => {
      const page = await opened(list(), false);
      const link = page.getByRole('link', { name: 'Everybody' });
      assert.equal(await link.getAttribute('href'), '/?all=1');
      await done(page);
    });
  });

  describe('a code', () => {
    it('keeps its digits and nothing else', async () => {
      const page = await opened(codeForm());
      await page.getByLabel('Code').pressSequentially('1a2 3-45678');
      assert.equal(await page.getByLabel('Code').inputValue(), '123456');
      await done(page);
    });

    it('is found in whatever is pasted', async () => {
      const page = await opened(codeForm());
      const field = page.getByLabel('Code');
      for (const text of [
        'Your code is 123 456, valid for 3 minutes.',
        '123-456',
        '１２３４５６',
        ' 123456\n',
      ]) {
        await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
        await field.fill('');
        await field.focus();
        await page.keyboard.press('Control+V');
        assert.equal(await field.inputValue(), '123456', text);
      }
      await done(page);
    });

    it('is sent by itself at the last digit, if told, and once', async () => {
      const page = await opened(codeForm(true));
      await page.getByLabel('Code').pressSequentially('1234567');
      await page.locator('[aria-busy=true]').waitFor();
      assert.deepEqual(posted, ['csrf=token&code=123456']);
      await done(page);
    });
  });

  describe('a form', () => {
    it('is sent once, keeps its words and its width, and shows that it is busy', async () => {
      const page = await opened(codeForm());
      const verify = page.getByRole('button', { name: 'Verify' });
      const atRest = await verify.boundingBox();
      await verify.click({ clickCount: 3, noWaitAfter: true });
      await page.keyboard.press('Enter');
      await page.locator('[aria-busy=true]').waitFor();
      assert.equal(await verify.textContent(), 'Verify');
      assert.equal((await verify.boundingBox())?.width, atRest?.width);
      assert.deepEqual(posted, ['csrf=token&code=&way=typed']);
      await done(page);
    });
  });

  describe('a form that is answered with a file', () => {
    it('is sent once, and is ready again before anybody wonders', async () => {
      const page = await opened(
        form({
          action: '/answer',
          csrf: 'token',
          answersWithFile: true,
          body: button({ label: 'Fetch' }),
        }),
      );
      const fetch = page.getByRole('button', { name: 'Fetch' });
      await fetch.click({ clickCount: 2, noWaitAfter: true });
      await page.locator('[aria-busy=true]').waitFor();
      // Far less than the 20 seconds after which any form is.
      await page.locator('button:not([aria-busy])').waitFor({ timeout: 10_000 });
      assert.deepEqual(posted, ['csrf=token']);
      await done(page);
    });
  });

  describe('a password', () => {
    it('is shown when asked, and hidden again when it is sent', async () => {
      const page = await opened(
        form({
          action: '/answer',
          csrf: 'token',
          body: [
            passwordField({
              locale: 'en',
              name: 'password',
              label: 'Password',
              autocomplete: 'current-password',
            }),
            button({ label: 'Sign in' }),
          ],
        }),
      );
      const field = page.locator('#password');
      await field.fill('geheim');
      await page.getByRole('button', { name: 'Show password' }).click();
      assert.equal(await field.getAttribute('type'), 'text');
      assert.equal(await page.getByRole('button', { name: 'Hide password' }).textContent(), 'Hide');
      await page.getByRole('button', { name: 'Sign in' }).click({ noWaitAfter: true });
      await page.locator('[aria-busy=true]').waitFor();
      assert.equal(await field.getAttribute('type'), 'password');
      await done(page);
    });
  });

  describe('a secret', () => {
    it('is copied as it is, and says so', async () => {
      const page = await opened(
        secretDisplay({
          locale: 'en',
          label: 'App password',
          value: 'abcd efgh',
          copyValue: 'abcdefgh',
        }),
      );
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByRole('status').getByText('Copied').waitFor();
      assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'abcdefgh');
      await done(page);
    });
  });

  describe('a count-down', () => {
    // The server's clock is an hour off the browser's: only the span between the two counts.
    const now = new Date(Date.now() - 3_600_000);
    const until = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

    it('counts from the clock of the server', async () => {
      const page = await opened(countdown({ locale: 'en', now, until: until(150) }));
      assert.match((await page.locator('.time').textContent()) ?? '', /^2:(?:30|29|28) left$/);
      await done(page);
    });

    it('frees the button at its end', async () => {
      const page = await opened(
        html`${countdown({ locale: 'en', now, until: until(2), atEnd: { enable: 'again' } })}${button({ id: 'again', label: 'Again' })}`,
      );
      const again = page.getByRole('button', { name: 'Again' });
      assert.equal(await again.isDisabled(), true);
      await page.getByText('The time is up.').first().waitFor();
      assert.equal(await again.isEnabled(), true);
      await done(page);
    });

    it('opens the next page at its end', async () => {
      const page = await opened(
        countdown({ locale: 'en', now, until: until(1), atEnd: { href: '/done' } }),
      );
      await page.waitForURL('**/done');
      await done(page);
    });

    it('leaves the button alone where there is no script', async () => {
      const page = await opened(
        html`${countdown({ locale: 'en', now, until: until(90), atEnd: { enable: 'again' } })}${button({ id: 'again', label: 'Again' })}`,
        false,
      );
      assert.equal(await page.getByRole('button', { name: 'Again' }).isEnabled(), true);
      assert.equal(await page.locator('.time').textContent(), '1 minute, 30 seconds left');
      await done(page);
    });
  });

  describe('waiting', () => {
    const shown = waiting({
      locale: 'en',
      what: "We're calling you",
      status: { url: '/status', step: 'here' },
    });

    it('says what is heard, and moves on when the step changes', async () => {
      const page = await opened(shown);
      status = { code: 200, answer: { step: 'here', message: 'It rings.' } };
      await page.getByRole('status').getByText('It rings.').waitFor();
      status = { code: 200, answer: { step: 'there', href: '/done' } };
      await page.waitForURL('**/done');
      await done(page);
    });

    it('keeps trying when the server is down, and says so', async () => {
      const page = await opened(shown);
      status = { code: 503, answer: {} };
      await page.getByText('No connection. We keep trying.').waitFor();
      status = { code: 200, answer: { step: 'there', href: '/done' } };
      await page.waitForURL('**/done');
      await done(page);
    });

    it('lets a form that is being sent say where to go on', async () => {
      const page = await opened(html`${shown}${codeForm()}`);
      await page.locator('#code').fill('123456');
      await page.getByRole('button', { name: 'Verify' }).click();
      // What was right a moment ago has changed the step; the answer to the form is on its way.
      status = { code: 200, answer: { step: 'there', href: '/there' } };
      const already = asked;
      await page.waitForTimeout(2_500);
      assert.ok(asked <= already + 1, 'it asks on');
      assert.notEqual(new URL(page.url()).pathname, '/there');
      await done(page);
    });

    it('never leaves for another site', async () => {
      const page = await opened(shown);
      status = { code: 200, answer: { step: 'there', href: 'https://evil.example/' } };
      // It goes on asking where it is, which it would not do from elsewhere.
      const already = asked;
      while (asked < already + 2) await page.waitForTimeout(100);
      assert.equal(new URL(page.url()).origin, origin);
      // A page that is being opened anew at that moment can hang as it is closed: let it stand first.
      status = { code: 200, answer: { step: 'here' } };
      const standing = asked;
      while (asked < standing + 3) await page.waitForTimeout(100);
      await done(page);
    });
  });

  describe('waiting for what a stream tells', () => {
    const shown = waiting({
      locale: 'en',
      what: "We're calling you",
      status: { url: '/status', events: '/events', step: 'here' },
    });
    const soon = (what: string, ask: () => boolean): Promise<boolean> => until(what, ask, 20_000);
    /** A page that hears the stream, and has asked the one time that it asks by itself. */
    const listens = async (prepare?: (page: Page) => Promise<void>): Promise<Page> => {
      streams = 'open';
      const page = await opened(shown, true, prepare);
      await soon('it to listen', () => listening.size === 1);
      await soon('its first question', () => asked === 1);
      return page;
    };

    it('moves on when it is told, without waiting for its next question', async () => {
      const page = await listens((opening) => opening.clock.install());
      status = { code: 200, answer: { step: 'there', href: '/done' } };
      // From here on the page's time hardly passes: its next question by itself, in ten seconds, never comes.
      await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 500);
      say('changed');
      await until('the question', async () => {
        if (asked === 1) await page.clock.runFor(1);
        return asked === 2;
      });
      await page.waitForURL('**/done');
      await soon('the stream to be let go', () => listening.size === 0);
      await done(page);
    });

    it('asks once more when it is told while it is asking', async () => {
      const page = await listens();
      const held = Promise.withResolvers<undefined>();
      hold = held.promise;
      say('changed');
      await soon('the question', () => asked === 2);
      say('changed');
      say('changed');
      // What it hears now is of before; what it asks next is not.
      hold = undefined;
      held.resolve(undefined);
      await soon('the next question', () => asked === 3);
      await done(page);
    });

    it('asks every second while nothing of the stream comes through', async () => {
      for (const kind of ['silent', 'refused'] as const) {
        streams = kind;
        const page = await opened(shown);
        await soon('it to ask on', () => asked >= 3);
        assert.equal(streamsOpened, 1, 'one that was refused is not asked for again at once');
        status = { code: 200, answer: { step: 'there', href: '/done' } };
        await page.waitForURL('**/done');
        await done(page);
      }
    });

    it('comes back, and asks at once, when the stream ends', async () => {
      const page = await listens();
      for (const stream of listening) stream.end();
      await soon('another stream', () => streamsOpened === 2);
      await soon('a question', () => asked >= 2);
      status = { code: 200, answer: { step: 'there', href: '/done' } };
      await soon('it to listen', () => listening.size === 1);
      say('changed');
      await page.waitForURL('**/done');
      await done(page);
    });

    it('holds no stream while nobody looks, and asks when somebody does', async () => {
      const page = await listens();
      const lookAway = (hidden: boolean): Promise<unknown> =>
        page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));`);
      await lookAway(true);
      await soon('the stream to be let go', () => listening.size === 0);
      status = { code: 200, answer: { step: 'there', href: '/done' } };
      await lookAway(false);
      await page.waitForURL('**/done');
      await done(page);
    });

    it('asks when the time of what it shows is over', async () => {
      streams = 'open';
      const now = new Date();
      const until = new Date(now.getTime() + 3_000);
      const status = { url: '/status', events: '/events', step: 'here' };
      const body = countdown({ locale: 'en', now, until });
      const page = await opened(awaitChange({ locale: 'en', status, body }));
      await soon('it to listen', () => listening.size === 1);
      const startedAt = performance.now();
      await soon('its first question', () => asked === 1);
      await soon('the one at the end', () => asked === 2);
      assert.ok(performance.now() - startedAt < 9_000);
      await done(page);
    });

    it('holds none while a form is being sent', async () => {
      streams = 'open';
      const page = await opened(html`${shown}${codeForm()}`);
      await soon('it to listen', () => listening.size === 1);
      await page.locator('#code').fill('123456');
      await page.getByRole('button', { name: 'Verify' }).click();
      await soon('the stream to be let go', () => listening.size === 0);
      await done(page);
    });
  });

  describe('without script', () => {
    it('the summary of errors has the focus, and its link leads into the field', async () => {
      const page = await opened(
        html`${errorSummary({ locale: 'en', errors: [{ field: 'code', message: 'Enter the code.' }] })}${codeForm()}`,
        false,
      );
      await page.locator('[role=alert]:focus').waitFor();
      await page.getByRole('link', { name: 'Enter the code.' }).click();
      await page.locator('#code:focus').waitFor();
      await done(page);
    });

    it('the drawer of the portal opens and closes', async () => {
      const portal = render(
        portalPage({
          ...frame,
          title: 'Profile',
          homeHref: '/',
          navigation: [{ items: [{ label: 'Security info', href: '/security-info' }] }],
          account: { name: 'Anna', signOut: { action: '/sign-out', csrf: 'x' } },
          body: html``,
        }),
      );
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width: 360, height: 640 },
      });
      const page = await context.newPage();
      await page.route('**/portal', (route) =>
        route.fulfill({ contentType: 'text/html', body: portal }),
      );
      await page.goto(`${origin}/portal`);
      const entry = page.getByRole('link', { name: 'Security info' });
      assert.equal(await entry.isVisible(), false);
      await page.getByRole('button', { name: 'Menu' }).click();
      assert.equal(await entry.isVisible(), true);
      await page.keyboard.press('Escape');
      assert.equal(await entry.isVisible(), false);
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('button', { name: 'Close' }).click();
      assert.equal(await entry.isVisible(), false);
      await done(page);
    });
  });
});
