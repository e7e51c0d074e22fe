/**
 * Every mail that goes out, as a mail program shows it: in both languages, in light and in dark, on a
 * phone and on a desk; and read as text by whoever has it that way.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import type { MailMessage } from '../../src/delivery/message.ts';
import { locales, type Locale } from '../../src/i18n/locale.ts';
import { email } from '../../src/methods/email/email.ts';
import { sampleAsk } from '../../src/methods/method.contract.ts';
import {
  announcement,
  deniedSignIn,
  notice,
  noticeKinds,
  testMail,
} from '../../src/signin/notices.ts';
import { startChromium, withoutChromium, type Chromium, type Window } from '../support/chromium.ts';
import { assertNothingFound, startReview } from '../support/page-review.ts';

const organisation = 'Voorbeeld & Zonen Onderwijsgroep Noord-Holland';
const fallbackLocale = 'en';
const at = new Date('2026-11-20T09:30:00Z');
const address = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
/** A name and an address as long as some have, with what would be markup elsewhere. */
const person = (preferredLanguage: Locale): User => ({
  id: 'user-anna',
  userPrincipalName: 'anna-maria.van.den.bergh-de-vries.extern@onderwijs.voorbeeld.example',
  displayName: 'Anna-Maria <b>van den Bergh</b> & de Vries',
  mail: 'anna@voorbeeld.example',
  otherMail: undefined,
  mobilePhone: undefined,
  businessPhone: undefined,
  businessPhoneExtension: undefined,
  preferredLanguage,
  role: 'user',
  groups: [],
  accountEnabled: true,
  blocked: undefined,
  passwordHash: undefined,
  mustChangePassword: false,
  perUserMfaState: 'enforced',
  mfaRequiredAt: undefined,
  defaultMethod: undefined,
  upstream: undefined,
  createdAt: at,
});

/** One of each kind. */
function everyMail(locale: Locale): readonly (readonly [name: string, mail: MailMessage])[] {
  const user = person(locale);
  const about = { user, organisation, fallbackLocale } as const;
  const subject = 'Authenticator app (iPhone van Anna)';
  const one = (name: string, mails: readonly MailMessage[]): readonly [string, MailMessage] => {
    const [mail] = mails;
    assert.ok(mail !== undefined, `${name} is no mail`);
    return [name, mail];
  };
  const told = {
    ...about,
    link: 'https://login.voorbeeld.example/security-info',
    from: at,
    until: at,
  };
  return [
    ...noticeKinds.map((kind) => one(kind, notice(kind, { ...about, at, address, subject }))),
    one(
      'deniedSignIn',
      deniedSignIn({
        ...about,
        admin: user,
        at,
        address,
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        application: 'Roosters',
      }),
    ),
    one('test', [testMail({ to: 'anna@voorbeeld.example', user, organisation, locale, at })]),
    one('announcement', announcement({ ...told, isReminder: false })),
    one('reminder', announcement({ ...told, until: undefined, isReminder: true })),
    one(
      'code',
      email
        .challenge(sampleAsk(email, { address: user.mail }, { locale, organisation }))
        .messages.filter((message) => message.kind === 'mail'),
    ),
  ];
}

describe('mail', { skip: withoutChromium }, () => {
  let chromium: Chromium;
  let window: Window;
  before(async () => {
    chromium = await startChromium();
    window = await chromium.window({ origins: [], script: true, width: 360, height: 640 });
  });
  after(() => chromium.close());

  it('can be read on a phone and at a desk, in light and in dark, whatever it tells', async () => {
    const { page } = window;
    for (const locale of locales) {
      const review = startReview(locale);
      // All are made of the same pieces: these have each of them.
      const looked = ['methodRegistered', 'deniedSignIn', 'announcement', 'code'];
      for (const [name, mail] of everyMail(locale)) {
        await page.setContent(mail.html);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(wide <= 360, `${name} (${locale}) is ${wide} px wide on 360 px`);
        if (looked.includes(name)) await review.look(page, `mail-${name}`);
      }
      assertNothingFound(review);
    }
    assert.deepEqual(window.complaints(), []);
  });

  it('says as text all that it says as a page, and in one language', async () => {
    const { page } = window;
    for (const locale of locales) {
      for (const [name, mail] of everyMail(locale)) {
        await page.setContent(mail.html);
        const text = flat(`${mail.subject} ${mail.text}`);
        const blocks = await page.locator('h1, h2, p, th, td').allInnerTexts();
        assert.ok(blocks.length > 3, name);
        for (const block of blocks) {
          assert.ok(
            text.includes(flat(block)),
            `${name} (${locale}) does not say as text: ${block}`,
          );
        }
        assert.equal(await page.title(), mail.subject);
        assert.equal(mail.language, locale);
        assert.equal(await page.locator('html').getAttribute('lang'), locale);
        // What it is told of people is text, whatever they are called.
        assert.equal(await page.locator('b, script, img').count(), 0, name);
      }
    }
  });
});

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
