/**
 * The Tweestap Authenticator on a phone: the real app in Chromium, under its real headers, against a
 * stand-in for the organisation's server that checks every signature. What the server makes of the
 * answers, `protocols/authenticator` is shown.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import type { CDPSession } from 'playwright-core';

import { wordsIn } from '../../authenticator/words.ts';
import type { Locale } from '../../src/i18n/locale.ts';
import { pairingLink } from '../../src/methods/notification/protocol.ts';
import {
  startAuthenticatorServer,
  type AuthenticatorServer,
  type Registrant,
} from '../support/authenticator-server.ts';
import { filmQrCode, type Film } from '../support/camera.ts';
import { startChromium, withoutChromium, type Chromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview, type Reviewer } from '../support/page-review.ts';
import { until } from '../support/poll.ts';

const anna: Registrant = { userPrincipalName: 'anna@voorbeeld.example' };
const pushKey =
  'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM';
const patienceMs = 20_000;

interface Phone {
  readonly window: Window;
  readonly words: ReturnType<typeof wordsIn>;
}

/** Whether the buttons that stay at the bottom of the screen hide what has the focus. */
const isHidden = `(() => {
  const low = document.querySelector('.low');
  const focused = document.activeElement;
  if (low === null || focused === document.body || low.contains(focused)) return false;
  return focused.getBoundingClientRect().bottom > low.getBoundingClientRect().top;
})()`;

describe('the authenticator on a phone', { skip: withoutChromium }, () => {
  let server: AuthenticatorServer;
  let elsewhere: AuthenticatorServer;
  let scanned: { readonly code: string; readonly film: Film };
  let chromium: Chromium;
  let phones: Phone[] = [];
  let review: Reviewer | undefined;

  before(async () => {
    server = await startAuthenticatorServer();
    elsewhere = await startAuthenticatorServer();
    const code = server.invite({ ...anna, organisation: 'Scanned' });
    scanned = { code, film: filmQrCode(pairingLink(server.origin, code)) };
    chromium = await startChromium({ camera: scanned.film.path });
  });
  after(async () => {
    await chromium?.close();
    await server?.close();
    await elsewhere?.close();
    scanned?.film.remove();
  });
  afterEach(async () => {
    const used = phones;
    const judged = review;
    phones = [];
    review = undefined;
    for (const { window } of used) {
      const complaints = window.complaints().filter((each) => !isExpected(each));
      await window.close();
      assert.deepEqual(complaints, []);
    }
    if (judged !== undefined) assertNothingFound(judged);
  });

  const takes = async (language: Locale = 'en', width = 390): Promise<Phone> => {
    const window = await chromium.window({
      origins: [server.origin, elsewhere.origin, 'null'],
      language,
      width,
      height: 780,
    });
    const phone = { window, words: wordsIn(language) };
    phones.push(phone);
    return phone;
  };
  const address = (fragment = ''): string => `${server.origin}/authenticator/${fragment}`;
  const look = async ({ window }: Phone, name: string): Promise<void> => {
    await review?.look(window.page, `authenticator-${name}`);
  };
  const opens = async (phone: Phone, fragment = '#/'): Promise<void> => {
    await phone.window.open(address(fragment));
    await phone.window.page.locator('h1').waitFor();
  };
  /** From nothing to an account that approves, by the link that the QR code holds. */
  const pairs = async (phone: Phone, registrant: Registrant = anna): Promise<void> => {
    const { window, words } = phone;
    await opens(phone, `#pair=${server.invite(registrant)}`);
    await window.sees(words.pairing.confirmTitle);
    await window.press(words.pairing.button);
    if (registrant.pin === true) await choosesPin(phone, '4729');
    await window.sees(words.pairing.doneTitle);
    await window.follow(words.pairing.done);
    await window.sees(words.home.title);
    await until('the stream', () => server.streams() > 0, patienceMs);
  };
  const choosesPin = async ({ window, words }: Phone, pin: string): Promise<void> => {
    await window.type(words.pairing.pin, pin);
    await window.type(words.pairing.pinAgain, pin);
    await window.press(words.pairing.button);
  };
  /** The sheet over everything, with this heading. */
  const isAsked = async ({ window }: Phone, heading: string): Promise<void> => {
    await window.page.getByRole('heading', { level: 2, name: heading, exact: true }).waitFor();
  };
  const shownCode = async ({ window }: Phone): Promise<string> => {
    const text = await window.page.locator('.digits').first().innerText();
    return text.replaceAll(/\D/g, '');
  };

  for (const language of ['en', 'nl'] as const) {
    it(`is set up by hand with a PIN, and answers (${language})`, async () => {
      review = startReview(language);
      const phone = await takes(language);
      const { window, words } = phone;
      await opens(phone);
      await window.sees(words.home.title);
      await window.reads(words.home.empty.title);
      await look(phone, 'empty');

      await window.follow(words.home.add);
      await window.sees(words.add.title);
      await look(phone, 'add');
      await window.page.getByRole('link', { name: words.add.manual }).click();
      await window.sees(words.manual.title);
      await window.press(words.manual.finish);
      await window.reads(words.manual.codeWrong);
      await window.isAt(words.manual.code);
      await look(phone, 'manual');

      const code = server.invite({ ...anna, pin: true });
      await window.type(words.manual.code, ` ${code.toLowerCase().replaceAll('-', ' ')} `);
      await window.type(
        words.manual.url,
        `${server.origin.replace('http://', '').toUpperCase()}/x`,
      );
      await window.press(words.manual.finish);
      await window.sees(words.pairing.confirmTitle);
      await window.reads(code);
      await look(phone, 'pair');
      await window.press(words.pairing.button);

      await window.isAt(words.pairing.pin);
      await choosesPin(phone, '1234');
      await window.reads(words.pairing.pinGuessable);
      await window.type(words.pairing.pin, '4729');
      await window.press(words.pairing.button);
      await window.reads(words.pairing.pinDiffers);
      await look(phone, 'pin');
      await choosesPin(phone, '4729');
      await window.sees(words.pairing.doneTitle);
      await look(phone, 'paired');
      assert.match(server.device().name, /(?:on|op) Linux$/);
      await window.follow(words.pairing.done);
      await window.sees(words.home.title);
      await until(
        'the right code',
        async () => (await shownCode(phone)) === server.device().code(),
      );
      await look(phone, 'home');
      await until('the stream', () => server.streams() > 0, patienceMs);

      const approved = server.ask();
      await isAsked(phone, words.request.title);
      await window.isAt(words.request.number);
      await window.reads('Firefox on Windows');
      await look(phone, 'request');
      await window.press(words.request.approve);
      await window.reads(words.request.numberWrong);
      await window.type(words.request.number, approved.number);
      await window.type(words.request.pin, '0815');
      await window.press(words.request.approve);
      await window.reads(words.request.pinRefused);
      await look(phone, 'request-wrong-pin');
      await window.type(words.request.pin, '4729');
      await window.press(words.request.approve);
      await isAsked(phone, words.request.results.approved.title);
      assert.equal(approved.result(), 'approved');
      await look(phone, 'approved');
      await window.press(words.close);

      const reported = server.ask({ application: null });
      await isAsked(phone, words.request.title);
      await window.reads(words.request.ownPages);
      await window.press(words.request.report);
      await isAsked(phone, words.request.reportTitle);
      await look(phone, 'report');
      await window.press(words.request.reportBack);
      await isAsked(phone, words.request.title);
      await window.press(words.request.report);
      await window.press(words.request.reportButton);
      await isAsked(phone, words.request.results.reported.title);
      assert.equal(reported.result(), 'reported');
      await look(phone, 'reported');
      await window.press(words.close);

      await window.page
        .getByRole('link', { name: `Voorbeeld anna@voorbeeld.example ${words.home.details}` })
        .click();
      await window.sees('Voorbeeld');
      await look(phone, 'account');
      await window.page.getByRole('link', { name: words.account.activity }).click();
      await window.reads('145.97.20.4');
      await look(phone, 'activity');
      await window.follow(words.back);
      await window.follow(words.account.remove);
      await look(phone, 'remove');
      await opens(phone, '#/settings');
      await look(phone, 'settings');
      await opens(phone, '#/backup');
      await window.sees(words.backup.title);
      await window.type(words.backup.passphrase, 'paard batterij');
      await window.reads(words.backup.strength.fair);
      await look(phone, 'backup');
      await opens(phone, '#/restore');
      await window.sees(words.restore.title);
      await window.press(words.restore.button);
      await window.reads(words.restore.fileMissing);
      await look(phone, 'restore');
      await opens(phone, '#/add/other');
      await window.sees(words.other.title);
      await look(phone, 'other');
      // With the keyboard of the phone open, so much is left.
      await window.page.setViewportSize({ width: 360, height: 520 });
      for (let stop = 0; stop < 6; stop += 1) {
        await window.page.keyboard.press('Tab');
        assert.equal(await window.page.evaluate(isHidden), false, 'the buttons hide the focus');
      }
    });
  }

  it('is set up by scanning the QR code', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await window.context.grantPermissions(['camera'], { origin: server.origin });
    await opens(phone, '#/add/scan');
    await window.sees(words.pairing.confirmTitle);
    await window.reads(scanned.code);
    assert.doesNotMatch(window.page.url(), /[A-Z2-7]{4}-/);
    await window.press(words.pairing.button);
    await window.sees(words.pairing.doneTitle);
    await window.reads(/Scanned \(anna@voorbeeld\.example\)/);
  });

  it('says what to do where the camera is not allowed', async () => {
    review = startReview('en');
    const phone = await takes();
    const { window, words } = phone;
    await opens(phone, '#/add/scan');
    await window.reads(words.scan.denied);
    await look(phone, 'scan-denied');
    await window.follow(words.scan.manual);
    await window.sees(words.manual.title);
  });

  it('keeps its code out of the address and out of the history', async () => {
    const phone = await takes();
    const { window, words } = phone;
    const code = server.invite(anna);
    await opens(phone, `#pair=${code}`);
    await window.sees(words.pairing.confirmTitle);
    assert.ok(!window.page.url().includes(code));
    await window.page.goBack();
    await window.sees(words.home.title);
    assert.ok(!window.page.url().includes(code));
  });

  it('says so when a code is over', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await opens(phone, '#pair=ABCD-EFGH-JKLM');
    await window.press(words.pairing.button);
    await window.reads(words.pairing.unknownCode);
  });

  it('denies, minds a wrong number, and says when it was too late', async () => {
    const phone = await takes();
    const { window, words } = phone;
    const { results } = words.request;
    await pairs(phone);
    const refusedBefore = server.refusals.length;

    const denied = server.ask();
    await isAsked(phone, words.request.title);
    await window.press(words.request.deny);
    await isAsked(phone, results.denied.title);
    assert.equal(denied.result(), 'denied');
    await window.press(words.close);

    const wrong = server.ask({ isTest: true });
    await isAsked(phone, words.request.testTitle);
    await window.type(words.request.number, wrong.number === '99' ? '98' : '99');
    await window.page.keyboard.press('Enter');
    await isAsked(phone, results['wrong-number'].title);
    assert.equal(wrong.result(), 'wrong-number');
    await window.press(words.close);

    server.ask({ seconds: 2 });
    await isAsked(phone, words.request.title);
    await isAsked(phone, results.over.title);
    await window.press(words.close);

    const answeredElsewhere = server.ask();
    await isAsked(phone, words.request.title);
    answeredElsewhere.end();
    await isAsked(phone, results.over.title);
    assert.deepEqual(server.refusals.slice(refusedBefore), []);
  });

  for (const language of ['en', 'nl'] as const) {
    it(`says of a reset that it is one, and of a denied one that the password stays (${language})`, async () => {
      review = startReview(language);
      const phone = await takes(language);
      const { window, words } = phone;
      const { request } = words;
      await pairs(phone);
      const asked = server.ask({ application: null, purpose: 'reset' });
      await isAsked(phone, request.reset.title);
      await look(phone, 'request-reset');
      await window.press(request.approve);
      await window.reads(request.reset.numberWrong);
      await window.press(request.report);
      await isAsked(phone, request.reset.reportTitle);
      await window.press(request.reportBack);
      await window.press(request.deny);
      await isAsked(phone, request.reset.results.denied.title);
      await window.reads(request.reset.results.denied.body);
      assert.equal(asked.result(), 'denied');
    });
  }

  it('lets a sign-in wait, and asks about the next when one is answered', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await pairs(phone);
    const first = server.ask({ application: 'Intranet' });
    await isAsked(phone, words.request.title);
    const second = server.ask({ application: 'Webmail' });
    await window.reads(words.request.more(1));
    await window.page.keyboard.press('Escape');
    await window.reads('Webmail');
    await window.press(words.request.deny);
    await isAsked(phone, words.request.results.denied.title);
    await window.press(words.close);
    assert.equal(second.result(), 'denied');
    await window.press(words.home.look);
    await window.type(words.request.number, first.number);
    await window.press(words.request.approve);
    await isAsked(phone, words.request.results.approved.title);
    assert.equal(first.result(), 'approved');
  });

  it('asks in every tab, and in none once it was answered', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await pairs(phone);
    const tab: Phone = { window: await window.newTab(), words };
    await opens(tab);
    const asked = server.ask();
    await isAsked(phone, words.request.title);
    await isAsked(tab, words.request.title);
    await tab.window.press(words.request.deny);
    await isAsked(tab, words.request.results.denied.title);
    await window.page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(asked.result(), 'denied');
  });

  it('shows codes without a network, and asks for what waits when it is back', async () => {
    review = startReview('en');
    const phone = await takes();
    const { window, words } = phone;
    await pairs(phone);
    await isControlled(phone);
    await window.context.setOffline(true);
    await window.page.reload();
    await window.sees(words.home.title);
    await window.reads(words.home.standing.offline);
    await until('the right code', async () => (await shownCode(phone)) === server.device().code());
    await look(phone, 'offline');
    const asked = server.ask();
    await window.context.setOffline(false);
    await isAsked(phone, words.request.title);
    await window.context.setOffline(true);
    await window.type(words.request.number, asked.number);
    await window.press(words.request.approve);
    await window.reads(words.request.unreachable);
    await window.context.setOffline(false);
    await window.press(words.request.approve);
    await isAsked(phone, words.request.results.approved.title);
    assert.equal(asked.result(), 'approved');
  });

  it('says under Settings that notifications are off while none can come, and tries again', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await window.context.grantPermissions(['notifications'], { origin: server.origin });
    // A browser that reaches its push service at the second try only.
    await window.context.addInitScript(`
      let subscribed = null;
      PushManager.prototype.getSubscription = async () => subscribed;
      PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
        if (!window.reachesPush) throw new Error('no push service');
        subscribed = {
          endpoint: 'https://push.example/' + applicationServerKey.length,
          options: { applicationServerKey },
          getKey: (name) => new Uint8Array(name === 'auth' ? 16 : 65).buffer,
        };
        return subscribed;
      };`);
    await pairs(phone, { ...anna, pushKey });
    await opens(phone, '#/settings');
    const state = window.page.locator('.setting dd');
    await state.getByText(words.settings.notificationsOff, { exact: true }).waitFor();
    await window.press(words.settings.notificationsAgain);
    await window.reads(words.settings.notificationsFailed);
    await window.page.evaluate('window.reachesPush = true');
    await window.press(words.settings.notificationsAgain);
    await state.getByText(words.settings.notificationsOn, { exact: true }).waitFor();
  });

  it('tells that somebody signs in when a push wakes it, and nothing more', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await window.context.grantPermissions(['notifications'], { origin: server.origin });
    // No push service can be reached from here; what the browser would say of one is played.
    await window.context.addInitScript(`
      PushManager.prototype.getSubscription = async () => null;
      PushManager.prototype.subscribe = async ({ applicationServerKey }) => ({
        endpoint: 'https://push.example/' + applicationServerKey.length,
        getKey: (name) => new Uint8Array(name === 'auth' ? 16 : 65).buffer,
      });`);
    await pairs(phone, { ...anna, pushKey });
    const push = await until('where to push', () => server.device().push, patienceMs);
    assert.equal(push.endpoint, 'https://push.example/65');
    assert.equal(Buffer.from(push.p256dh, 'base64url').length, 65);

    await isControlled(phone);
    // Another page of the same browser: the app is closed.
    await window.open(`${server.origin}/robots.txt`);
    const devtools = await window.context.newCDPSession(window.page);
    const registrationId = await registrationOf(devtools, `${server.origin}/authenticator/`);
    const notifications = async (): Promise<readonly string[] | undefined> => {
      const found = await window.page.evaluate<readonly string[]>(`
        navigator.serviceWorker.getRegistration('/authenticator/')
          .then((registration) => registration.getNotifications())
          .then((all) => all.map(({ title, body }) => title + ' | ' + body))`);
      return found.length > 0 ? found : undefined;
    };
    // Push services send again what a phone did not take, and so does this one: a worker that is
    // being started on a busy machine may miss the first.
    let shown: readonly string[] | undefined;
    for (let sent = 0; shown === undefined && sent < 5; sent += 1) {
      await devtools.send('ServiceWorker.deliverPushMessage', {
        origin: server.origin,
        registrationId,
        data: '{"kind":"sign-in"}',
      });
      shown = await until('the notification', notifications, 6_000).catch(() => undefined);
    }
    assert.deepEqual(shown, [`${words.push.title} | ${words.push.body}`]);
  });

  it('keeps several accounts: named, ordered, and removed here and there', async () => {
    review = startReview('en');
    const phone = await takes();
    const { window, words } = phone;
    await pairs(phone);
    const names = async (): Promise<readonly string[]> =>
      window.page.locator('.names strong').allInnerTexts();
    const adds = async (issuer: string): Promise<void> => {
      await opens(phone, '#/add/other');
      await window.type(words.other.issuer, issuer);
      await window.type(words.other.account, 'anna-b');
      await window.type(words.other.key, 'jbsw y3dp ehpk 3pxp');
      await window.press(words.other.add);
      await window.sees(words.other.confirmTitle);
      await window.press(words.other.add);
      await window.sees(words.home.title);
    };
    await adds('GitHub');
    await adds('<b>Bank</b>');
    assert.deepEqual(await names(), ['Voorbeeld', 'GitHub', '<b>Bank</b>']);
    await look(phone, 'three');

    await window.press(words.home.order);
    await look(phone, 'order');
    await window.press(words.home.up('<b>Bank</b>'));
    await until('the order', async () => (await names())[1] === '<b>Bank</b>');
    assert.equal(
      await window.page.evaluate(`document.activeElement.getAttribute('aria-label')`),
      words.home.up('<b>Bank</b>'),
    );
    await window.press(words.home.down('Voorbeeld'));
    await until('the order', async () => (await names())[0] === '<b>Bank</b>');
    await window.press(words.home.orderDone);

    await window.page
      .getByRole('link', { name: `Voorbeeld anna@voorbeeld.example ${words.home.details}` })
      .click();
    await window.sees('Voorbeeld');
    await window.type(words.account.name, 'My job');
    await window.page.getByRole('button', { name: words.save }).first().click();
    await window.reads(words.account.saved);
    await window.type(words.account.device, 'Red phone');
    await window.page.getByRole('button', { name: words.save }).last().click();
    await until('the name', () => server.device().name === 'Red phone', patienceMs);
    await window.page.reload();
    await window.sees('My job');

    await window.follow(words.account.remove);
    await window.sees(words.account.removeTitle('My job'));
    await window.press(words.account.remove);
    await window.reads(words.account.removed('My job'));
    assert.equal(server.device().isGone, true);
    assert.deepEqual(await names(), ['<b>Bank</b>', 'GitHub']);
  });

  it('says so when it was removed at the server', async () => {
    const phone = await takes();
    await pairs(phone);
    server.remove();
    await phone.window.reads(phone.words.home.standing.removed);
  });

  it('signs with the time of the server, and tells that its own is wrong', async () => {
    const phone = await takes();
    server.setAhead(200_000);
    try {
      await pairs(phone);
      await phone.window.reads(phone.words.home.clock(3));
      const asked = server.ask();
      await isAsked(phone, phone.words.request.title);
      await phone.window.type(phone.words.request.number, asked.number);
      await phone.window.press(phone.words.request.approve);
      await isAsked(phone, phone.words.request.results.approved.title);
    } finally {
      server.setAhead(0);
    }
  });

  it('serves the account of another organisation as well', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await pairs(phone);
    await opens(phone, '#/add/manual');
    const code = elsewhere.invite({ ...anna, organisation: 'Elsewhere' });
    await window.type(words.manual.code, code);
    await window.type(words.manual.url, elsewhere.origin);
    await window.press(words.manual.finish);
    await window.press(words.pairing.button);
    await window.sees(words.pairing.doneTitle);
    await window.follow(words.pairing.done);
    await until('the other stream', () => elsewhere.streams() > 0, patienceMs);
    const asked = elsewhere.ask();
    await isAsked(phone, words.request.title);
    await window.reads('Elsewhere');
    await window.type(words.request.number, asked.number);
    await window.press(words.request.approve);
    await isAsked(phone, words.request.results.approved.title);
    assert.equal(asked.result(), 'approved');
  });

  it('gives its codes to a new phone by a file with a passphrase, but not its keys', async () => {
    review = startReview('nl');
    const old = await takes('nl');
    const passphrase = 'paard batterij nietje correct';
    await pairs(old);
    await opens(old, '#/backup');
    await old.window.type(old.words.backup.passphrase, passphrase);
    await old.window.type(old.words.backup.again, passphrase);
    const downloading = old.window.page.waitForEvent('download');
    await old.window.press(old.words.backup.button);
    const path = await (await downloading).path();

    const phone = await takes('nl');
    const { window, words } = phone;
    await opens(phone, '#/restore');
    await window.page.getByLabel(words.restore.file).setInputFiles(path);
    await window.type(words.restore.passphrase, 'iets heel anders');
    await window.press(words.restore.button);
    await window.reads(words.restore.wrong);
    await window.type(words.restore.passphrase, passphrase);
    await window.press(words.restore.button);
    await window.sees(words.restore.doneTitle);
    await window.reads(words.restore.again);
    await look(phone, 'restored');
    await window.follow(words.restore.finish);
    await window.reads(words.home.standing.codesOnly);
    await until('the right code', async () => (await shownCode(phone)) === server.device().code());

    // Registered again it takes the place of what was restored.
    await pairs(phone);
    assert.equal(await window.page.locator('.card').count(), 1);
    assert.equal(await window.page.getByText(words.home.standing.codesOnly).count(), 0);
  });

  it('uses a new version when the person says so', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await opens(phone);
    await isControlled(phone);
    await window.page.reload();
    await opens(phone, '#/settings');
    server.publish();
    await window.press(words.settings.check);
    await window.reads(words.update.ready);
    await window.follow(words.back);
    await window.page.evaluate(`window.wasHereBefore = true`);
    await window.press(words.update.button);
    await comesTrue(phone, `window.wasHereBefore !== true`);
    await window.sees(words.home.title);
    assert.equal(await window.page.getByText(words.update.ready).count(), 0);
  });

  it('uses a new version the next time it is opened', async () => {
    const phone = await takes();
    const { window, words } = phone;
    await opens(phone);
    await isControlled(phone);
    await window.page.reload();
    await opens(phone, '#/settings');
    server.publish();
    await window.press(words.settings.check);
    await window.reads(words.update.ready);
    await window.page.reload();
    await comesTrue(
      phone,
      `navigator.serviceWorker.getRegistration()
        .then(({ waiting, active }) => waiting === null && active?.state === 'activated')`,
    );
    await window.sees(words.settings.title);
  });

  it('speaks the language that the person chooses', async () => {
    const phone = await takes('en');
    const { window, words } = phone;
    await opens(phone, '#/settings');
    await window.page
      .getByLabel(words.settings.language, { exact: true })
      .selectOption({ label: 'Nederlands' });
    await window.sees(wordsIn('nl').settings.title);
    await window.page.reload();
    await window.sees(wordsIn('nl').settings.title);
    assert.equal(await window.page.locator('html').getAttribute('lang'), 'nl');
  });

  it('says what to do where the browser keeps nothing', async () => {
    review = startReview('en');
    const phone = await takes();
    await phone.window.context.addInitScript(
      `IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError'); };`,
    );
    await opens(phone);
    await phone.window.sees(phone.words.trouble.title);
    await phone.window.reads(phone.words.trouble.storage);
    await look(phone, 'trouble');
  });
});

/** The worker keeps the app's files from now on. */
function isControlled(phone: Phone): Promise<void> {
  return comesTrue(phone, `navigator.serviceWorker.controller !== null`);
}

/** Asks the page until it says so; a page that is just being loaded anew is asked again. */
async function comesTrue({ window }: Phone, expression: string): Promise<void> {
  const ask = async (): Promise<boolean> => {
    try {
      return await window.page.evaluate<boolean>(expression);
    } catch {
      return false;
    }
  };
  await until(expression, ask, patienceMs);
}

async function registrationOf(devtools: CDPSession, scope: string): Promise<string> {
  const ids: string[] = [];
  devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const { scopeURL, isDeleted, registrationId } of registrations) {
      if (scopeURL === scope && !isDeleted) ids.push(registrationId);
    }
  });
  await devtools.send('ServiceWorker.enable');
  return until('the registration', () => ids.at(-1), patienceMs);
}

/** A server that says no, and a network that is switched off, are what these tests are about. */
function isExpected(complaint: string): boolean {
  return /status of 4\d\d|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/.test(complaint);
}
