import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import type { MailMessage } from '../../delivery/message.ts';
import { locales } from '../../i18n/locale.ts';
import { html, render } from '../../lib/html.ts';
import { describeMethod, later, sampleAsk, sampleSetup, sampleView } from '../method.contract.ts';
import type { Ask, Begun, ChallengeStart } from '../method.ts';
import { email } from './email.ts';
import { state } from './state.ts';
import { addTo } from '../../../test/support/adding.ts';
import { startHall, type Hall } from '../../../test/support/signin.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';

const address = 'annadevries@example.org';

describeMethod(email, {
  input: { email: address },
  right: (_ask, started) => ({ typed: { code: codeIn(started) } }),
  wrong: (_ask, started) => ({ typed: { code: otherThan(codeIn(started)) } }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { code: '12345' } },
    { typed: { code: 'abcdef' } },
    { typed: { code: ['123456'] } },
  ],
  secrets: (_ask, started) => [
    { value: codeIn(started), seenIn: ['messages'] },
    { value: state.parse(started.state).codeHash, seenIn: [] },
    { value: address, seenIn: [] },
    { value: 'annadevries', seenIn: [] },
  ],
});

describe('a code by e-mail', () => {
  it('goes to the registered address, whole as text and as HTML', () => {
    for (const locale of locales) {
      const started = email.challenge(ask({ locale }));
      const mail = mailIn(started);
      assert.equal(mail.to, address);
      assert.match(mail.text, new RegExp(`^${codeIn(started)}$`, 'm'));
      assert.ok(mail.html.includes(`>${codeIn(started)}<`));
      assert.match(mail.html, new RegExp(`<html lang="${locale}">`));
      assert.match(mail.subject, /Voorbeeld/);
    }
  });

  it('tells nothing of the account to whoever reads that mailbox, and no code in the subject', () => {
    const mail = mailIn(email.challenge(ask()));
    assert.doesNotMatch(mail.subject, /\d/);
    for (const words of [mail.subject, mail.text, mail.html]) {
      assert.doesNotMatch(words, /anna@voorbeeld\.example|user-anna/);
    }
  });

  it('is good for five minutes, wherever it is asked for', () => {
    const asked = ask({ codeSeconds: 180 });
    assert.deepEqual(email.challenge(asked).expiresAt, later(asked, 300).now);
    assert.match(mailIn(email.challenge(asked)).text, /good for 5 minutes/);
  });

  it('proves a reset of the password, and never a sign-in (row S-099)', () => {
    assert.deepEqual(email.provesIn, ['reset']);
    assert.equal(email.draftProves, false);
    for (const [locale, only] of [
      ['en', /for password reset only/i],
      ['nl', /alleen voor wachtwoordherstel/i],
    ] as const) {
      assert.match(email.views.label({ address }, locale), only);
      assert.match(email.views.tile({ address }, locale).detail, only);
      for (const { label } of email.registers.places(locale)) assert.match(label, only);
    }
  });

  it('shows its owner which address it is, and nobody the whole of it', () => {
    assert.equal(email.registers.detail({ address }, 'en'), 'a•••@example.org');
    assert.equal(email.registers.detail({ address: 'x@example.org' }, 'en'), 'x•••@example.org');
  });
});

describe('registering an address', () => {
  it('reads it as people type it', () => {
    for (const [typed, kept] of [
      [' anna@Example.ORG ', 'anna@example.org'],
      ['Anna.de.Vries+x@example.org', 'Anna.de.Vries+x@example.org'],
      ['anna＠example．org', 'anna@example.org'],
      ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
    ] as const) {
      assert.deepEqual(begin(typed), { kind: 'begun', slot: '1', secret: { address: kept } });
    }
  });

  it('says in words what is wrong with it', () => {
    assert.match(refusalOf(begin('')), /Type an e-mail address/);
    for (const typed of [
      'anna',
      'anna@',
      '@example.org',
      'anna@localhost',
      'anna@example',
      'anna@[127.0.0.1]',
      'an na@example.org',
      'anna@example.org, bram@example.org',
      'anna@example.org\nBcc: bram@example.org',
      '"anna"@example.org',
      `${'a'.repeat(65)}@example.org`,
      `anna@${'a.'.repeat(130)}org`,
    ]) {
      assert.match(refusalOf(begin(typed)), /not an e-mail address/, typed);
    }
  });

  it('refuses the mailbox of the account itself, however it is written (row S-123)', () => {
    for (const typed of [
      'anna@voorbeeld.example',
      'ANNA@VOORBEELD.EXAMPLE',
      'anna+reset@voorbeeld.example',
      'a.devries@voorbeeld.example',
    ]) {
      const begun = begin(typed, { mail: 'a.devries@voorbeeld.example' });
      assert.match(refusalOf(begun), /mailbox of this account/, typed);
    }
    assert.equal(begin('bram@voorbeeld.example').kind, 'begun');
  });

  it('takes that mailbox where the organisation says so', () => {
    const settings = { ownMailbox: true };
    assert.equal(begin('anna@voorbeeld.example', { settings }).kind, 'begun');
  });

  it('asks for it in one field, and keeps what was typed beside what is wrong with it', () => {
    const drawn = email.form?.({
      settings: {},
      locale: 'en',
      typed: { email: 'anna<' },
      refused: { field: 'email', message: 'Not this one.' },
    });
    const page = render(html`${drawn}`);
    assert.match(page, /type="email"/);
    assert.match(page, /autocomplete="email"/);
    assert.match(page, /value="anna&lt;"/);
    assert.match(page, /Not this one\./);
  });
});

describe('the page that asks for the code', () => {
  it('shows the address in full to whoever typed it at a reset, and says that it may be nobody’s', () => {
    const asked = ask();
    const view = sampleView(asked, email.challenge(asked), { isBlind: true });
    const page = render(email.views.challenge(view).body);
    assert.ok(
      page.includes(`If this is the address you registered, we have sent an e-mail to ${address}.`),
    );
  });

  it('says where it went, where it may hide, and how long it is good', () => {
    const asked = ask();
    const view = sampleView(asked, email.challenge(asked));
    const { body, below } = email.views.challenge(view);
    const page = render(html`${body}${below}`);
    assert.match(page, /a•••@example\.org/);
    assert.match(page, /unwanted mail/);
    assert.match(page, /good for another/);
  });
});

describe('an address on Security info', () => {
  let hall: Hall;
  let anna: User;
  before(async () => {
    hall = await startHall();
  });
  after(() => hall.close());
  beforeEach(async () => {
    hall.clock.advanceSeconds(3 * 86_400);
    const name = `anna${hall.clock.now().getTime()}@voorbeeld.example`;
    anna = await hall.person({ userPrincipalName: name });
    await hall.app(anna);
    hall.clock.advanceSeconds(1);
    await hall.sent();
  });

  const add = async (): Promise<AttemptRef> =>
    addTo(hall, await hall.enter(anna), { kind: 'email', slot: '1' });
  const type = (ref: AttemptRef, typed: string): Promise<Progress> =>
    hall.signin.contact(ref, { methodId: 'email', input: { email: typed } });
  /** The code in the one mail that is waiting. */
  const mailed = async (): Promise<string> => {
    const [first] = await hall.sent();
    assert.ok(first?.message.kind === 'mail');
    assert.equal(first.message.to, address);
    return /^\d{6}$/m.exec(first.message.text)?.[0] ?? assert.fail();
  };

  it('is registered once its code was typed, and changes nothing of how one signs in', async () => {
    const ref = await add();
    const asked = await type(ref, address);
    assert.equal((await hall.stores.registrations.list(anna.id)).length, 1);
    const challenge = asked.attempt.challenge ?? assert.fail();
    const added = await hall.signin.answer(ref, challenge.id, { code: await mailed() });
    assert.equal(added.step.kind, 'finish');
    const user = (await hall.stores.users.find(anna.id)) ?? assert.fail();
    assert.equal(user.defaultMethod?.methodId, 'authenticator-code');
    const { entries, options } = await hall.securityInfo.overview(user, 'en');
    assert.deepEqual(
      entries.map(({ kind, proves }) => [kind.id, proves.signIn, proves.reset]),
      [
        ['authenticator-app', true, true],
        ['email', false, true],
      ],
    );
    assert.equal(options.length, 1);
  });

  it('is refused where it is the account’s own mailbox, and nothing is sent', async () => {
    const refused = await type(await add(), 'anna@voorbeeld.example');
    assert.equal(refused.refused?.field, 'email');
    assert.deepEqual(await hall.sent(), []);
  });

  it('is written to once in thirty seconds, and five times an hour', async () => {
    const ref = await add();
    await type(ref, address);
    assert.equal((await hall.signin.repeat(ref)).attempt.notice?.kind, 'message-limit');
    for (const _more of [2, 3, 4, 5]) {
      hall.clock.advanceSeconds(30);
      assert.equal((await hall.signin.repeat(ref)).attempt.notice, undefined);
    }
    hall.clock.advanceSeconds(30);
    assert.equal((await hall.signin.repeat(ref)).attempt.notice?.kind, 'message-limit');
    assert.equal((await hall.sent()).length, 5);
  });

  it('is written to apart from texts: one may follow the other at once', async () => {
    await hall.phone(anna);
    await hall.stores.users.setDefaultMethod(anna.id, undefined);
    const current = await hall.enter(anna);
    const byText = await addTo(hall, current, { kind: 'phone', slot: 'alternateMobile' });
    const input = { phoneType: 'alternateMobile', country: 'NL', number: '0687654321' };
    await hall.signin.contact(byText, { methodId: 'text-message', input });
    const byMail = await addTo(hall, current, { kind: 'email', slot: '1' });
    assert.ok((await type(byMail, address)).attempt.challenge);
  });

  it('is never the first thing somebody registers (row S-101)', async () => {
    const bram = await hall.person({
      userPrincipalName: `bram${hall.clock.now().getTime()}@voorbeeld.example`,
      perUserMfaState: 'enabled',
    });
    const { ref } = await hall.arrive(bram);
    await hall.signin.setUpNow(ref);
    await assert.rejects(type(ref, address), { code: 'STEP_NOT_ALLOWED' });
  });
});

function ask(parts: Partial<Ask> = {}): Ask {
  return sampleAsk(email, { address }, parts);
}

function begin(typed: string, setup: Parameters<typeof sampleSetup>[1] = {}): Begun {
  const begun = email.begin?.(sampleSetup(email, setup), { email: typed }, 'en');
  assert.ok(begun !== undefined);
  return begun;
}

function refusalOf(begun: Begun): string {
  assert.ok(begun.kind === 'refused', JSON.stringify(begun));
  assert.equal(begun.field, 'email');
  return begun.message;
}

function mailIn({ messages }: ChallengeStart): MailMessage {
  const [message] = messages;
  assert.ok(message?.kind === 'mail');
  return message;
}

function codeIn(started: ChallengeStart): string {
  return /^\d{6}$/m.exec(mailIn(started).text)?.[0] ?? assert.fail();
}

function otherThan(code: string): string {
  return code === '000000' ? '000001' : '000000';
}
