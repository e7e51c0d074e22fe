import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../test/support/signin.ts';
import type { User } from '../accounts/user.ts';
import { TweestapError } from '../errors/errors.ts';
import { createProviding, type Provided, type Providing } from './providing.ts';

describe('what those in charge register for somebody', () => {
  let hall: Hall;
  let anna: User;
  let providing: Providing;
  beforeEach(async () => {
    hall = await startHall();
    anna = await hall.person();
    providing = createProviding(hall.parts);
  });
  afterEach(() => hall.close());

  const mobile = { phoneType: 'mobile', number: '06 12345612' } as const;
  const registered = () => hall.stores.registrations.list(anna.id);
  const found = () => hall.stores.users.find(anna.id);
  const reasonOf = (provided: Provided): string =>
    provided.kind === 'refused' ? provided.reason : 'none';
  const told = async (): Promise<readonly string[]> =>
    (await hall.sent()).map(({ message }) =>
      message.kind === 'mail' ? message.subject : message.kind === 'text' ? message.body : '',
    );

  it('is asked at the next sign-in, first where there was nothing', async () => {
    await hall.arrive(anna);
    await providing.addPhone(anna.id, mobile, 'admin');
    assert.deepEqual(await hall.stores.sessions.list(anna.id, hall.clock.now()), []);
    assert.match((await told()).join(), /A verification method was added/);
    const { progress } = await hall.arrive(anna);
    assert.equal(progress.step.kind, 'challenge');
    const audited = await hall.stores.audit.list({ limit: 50 });
    assert.ok(audited.some(({ kind }) => kind === 'method-registered-by-admin'));
  });

  it('takes the place of what was there, which opens nothing any more, and says so to the old phone', async () => {
    await hall.phone(anna, '+31612345600');
    await hall.app(anna);
    const before = (await registered()).find(({ kind }) => kind === 'phone');
    await hall.stores.users.setDefaultMethod(anna.id, {
      registrationId: before?.id ?? '',
      methodId: 'phone-call',
    });
    const changed = await providing.changePhone(anna.id, mobile, 'admin');
    assert.ok(changed.kind === 'registered');
    const phones = (await registered()).filter(({ kind }) => kind === 'phone');
    assert.deepEqual(
      phones.map(({ secret }) => secret),
      [{ number: '+31612345612', phoneType: 'mobile' }],
    );
    assert.deepEqual((await found())?.defaultMethod, {
      registrationId: changed.registration.id,
      methodId: 'phone-call',
    });
    const sent = await hall.sent();
    const texts = sent.flatMap(({ message }) => (message.kind === 'text' ? [message.to] : []));
    assert.deepEqual(texts, ['+31612345600']);
    assert.ok(sent.some(({ message }) => message.kind === 'mail'));
  });

  it('keeps an extension of an office, and none of a mobile phone', async () => {
    await providing.addPhone(
      anna.id,
      { phoneType: 'office', number: '+31 20 1234567 x12' },
      'admin',
    );
    await providing.addPhone(anna.id, { phoneType: 'mobile', number: '+31612345612x12' }, 'admin');
    assert.deepEqual(
      new Map((await registered()).map(({ slot, secret }) => [slot, secret])),
      new Map([
        ['office', { number: '+31201234567', phoneType: 'office', extension: '12' }],
        ['mobile', { number: '+31612345612', phoneType: 'mobile' }],
      ]),
    );
  });

  it('is refused with its reason, and changes nothing', async () => {
    const add = async (phoneType: 'mobile' | 'alternateMobile' | 'office', number: string) =>
      reasonOf(await providing.addPhone(anna.id, { phoneType, number }, 'admin'));
    assert.equal(await add('mobile', 'nonsense'), 'unreadable');
    assert.equal(await add('mobile', '+4915112345678'), 'country');
    assert.equal(await add('alternateMobile', '+31612345613'), 'needs-mobile');
    assert.equal(reasonOf(await providing.changePhone(anna.id, mobile, 'admin')), 'gone');
    assert.equal(reasonOf(await providing.addEmail(anna.id, 'x', 'admin')), 'unreadable');
    assert.equal(
      reasonOf(await providing.addEmail(anna.id, anna.userPrincipalName, 'admin')),
      'own-mailbox',
    );
    assert.deepEqual(await registered(), []);
    assert.deepEqual(await told(), []);
    assert.equal(await add('mobile', mobile.number), 'none');
    assert.equal(await add('mobile', mobile.number), 'taken');
    assert.equal(reasonOf(await providing.changeEmail(anna.id, 'a@home.example', 'admin')), 'gone');
    assert.equal(reasonOf(await providing.addEmail(anna.id, 'a@home.example', 'admin')), 'none');
    assert.equal(reasonOf(await providing.changeEmail(anna.id, 'b@home.example', 'admin')), 'none');
  });

  it('chooses what is asked first among what can be asked', async () => {
    await hall.phone(anna);
    await hall.app(anna);
    const phone = (await registered()).find(({ kind }) => kind === 'phone');
    const choose = (option: string) => providing.chooseDefault(anna.id, option, 'admin');
    assert.equal(await choose(`${phone?.id}.phone-call`), true);
    assert.equal((await found())?.defaultMethod?.methodId, 'phone-call');
    assert.equal(await choose(`${phone?.id}.security-key`), false);
    assert.equal(await choose('none.phone-call'), false);
  });

  it('is for those in charge of this account alone', async () => {
    const as = (role: 'help-desk' | 'authentication-admin') => ({
      application: { clientId: 'script', role },
      address: '127.0.0.1',
    });
    const isRefused = (error: unknown): boolean =>
      error instanceof TweestapError && error.code === 'NOT_ALLOWED';
    await assert.rejects(providing.addPhone(anna.id, mobile, as('help-desk')), isRefused);
    await hall.stores.users.change(anna.id, { role: 'global-admin' });
    await assert.rejects(
      providing.addPhone(anna.id, mobile, as('authentication-admin')),
      isRefused,
    );
    assert.deepEqual(await registered(), []);
  });
});
