import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../../accounts/user.ts';
import type { OutgoingMessage, QueuedMessage } from '../../../delivery/message.ts';
import { startPages, type Pages } from '../../../../test/support/pages.ts';
import { password } from '../../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../../test/support/visitor.ts';

const mail: OutgoingMessage = {
  kind: 'mail',
  to: 'bram@home.example',
  language: 'en',
  subject: 'Something private happened',
  text: 'Something private happened.',
  html: '<p>Something private happened.</p>',
};
const text: OutgoingMessage = {
  kind: 'text',
  to: '+31612345699',
  language: 'en',
  body: 'Your code is 864209',
};

describe('the pages of deliveries', () => {
  let pages: Pages;
  let anna: User;
  let bram: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages();
    anna = await pages.person({ role: 'authentication-admin' });
    bram = await pages.person({
      userPrincipalName: 'bram@voorbeeld.example',
      displayName: 'Bram Bakker',
    });
    await pages.app(anna);
    visitor = newVisitor(pages.server);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode() });
    await pages.sent();
  });
  afterEach(() => pages.close());

  const queue = async (fields: Partial<QueuedMessage> & { readonly id: string }): Promise<void> =>
    pages.stores.outbox.add([
      {
        message: mail,
        attemptId: undefined,
        challengeId: undefined,
        userId: bram.id,
        createdAt: pages.clock.now(),
        deliverBefore: new Date(pages.clock.now().getTime() + 180_000),
        tries: 0,
        ...fields,
      },
    ]);

  it('tell what was sent to whom and what the provider said, never the words nor the number', async () => {
    const { outbox } = pages.stores;
    await queue({ id: 'text-1', message: text, attemptId: 'attempt-1', challengeId: 'c-1' });
    const cost = { millionths: 73_500, currency: 'EUR' };
    await outbox.markSent(
      'text-1',
      { provider: 'carrier', reference: 'SM1', cost },
      pages.clock.now(),
    );
    await queue({ id: 'mail-1' });
    await outbox.markFailed('mail-1', 'the mail server refused it: 550', pages.clock.now(), 'smtp');
    await visitor.open('/admin');
    await visitor.follow('Deliveries');
    assert.match(visitor.page.text, /carrier Text Working 1 0/);
    assert.match(
      visitor.page.text,
      /Text Bram Bakker bram@voorbeeld\.example Taken carrier 0 €0\.0735/,
    );
    assert.match(
      visitor.page.text,
      /Mail Bram Bakker .* Not sent the mail server refused it: 550 smtp/,
    );
    for (const path of [
      '/admin/deliveries',
      '/admin/deliveries/text-1',
      '/admin/deliveries/mail-1',
    ]) {
      await visitor.open(path);
      assert.doesNotMatch(visitor.page.html, /private|864209|345699|home\.example/);
    }
    await visitor.open('/admin/deliveries/text-1');
    assert.match(visitor.page.text, /A sign-in or a reset.*SM1/);
    assert.doesNotMatch(visitor.page.text, /Send again/);
    await visitor.open('/admin/deliveries/nothing');
    assert.equal(visitor.page.status, 404);
  });

  it('narrow down by kind, state, person and day, and go back a page at a time', async () => {
    for (let index = 10; index < 62; index += 1) {
      await queue({
        id: `mail-${index}`,
        createdAt: new Date(pages.clock.now().getTime() + index),
      });
    }
    await queue({ id: 'hers', message: text, userId: anna.id });
    await visitor.open('/admin/deliveries?person=bram%40voorbeeld.example');
    assert.equal(visitor.page.html.match(/href="\/admin\/deliveries\/mail-/g)?.length, 50);
    await visitor.follow('Older');
    assert.equal(visitor.page.html.match(/href="\/admin\/deliveries\/mail-/g)?.length, 2);
    await visitor.follow('To the newest');
    assert.match(visitor.page.html, /deliveries\/mail-61/);
    await visitor.open('/admin/deliveries?kind=text');
    assert.match(visitor.page.html, /deliveries\/hers/);
    assert.doesNotMatch(visitor.page.html, /deliveries\/mail-/);
    await visitor.open('/admin/deliveries?state=failed');
    assert.match(visitor.page.text, /There is nothing to show/);
    await visitor.open('/admin/deliveries?to=2001-01-01');
    assert.match(visitor.page.text, /There is nothing to show/);
    await visitor.open('/admin/deliveries?person=nobody-at-all');
    assert.match(visitor.page.text, /Nobody is called “nobody-at-all”/);
    await visitor.open('/admin/deliveries?kind=pigeon&behind=x&from=y');
    assert.equal(visitor.page.status, 200);
  });

  it('send mail again that was given up, once, and never a code', async () => {
    const { outbox } = pages.stores;
    await queue({ id: 'mail-1' });
    await queue({ id: 'code-1', challengeId: 'c-1' });
    for (const id of ['mail-1', 'code-1']) {
      await outbox.markFailed(id, 'nobody listened', pages.clock.now());
    }
    await visitor.open('/admin/deliveries/code-1/retry');
    assert.doesNotMatch(visitor.page.text, /Send this mail again/);
    await visitor.open('/admin/deliveries/mail-1');
    await visitor.follow('Send again');
    await visitor.press('Send again');
    assert.match(visitor.page.text, /It goes out again\. It is on its way/);
    const [again] = await pages.sent();
    assert.deepEqual(again?.message, mail);
    await visitor.open('/admin/deliveries/mail-1/retry');
    assert.match(visitor.page.text, /Taken/);
    const [event] = await pages.stores.audit.list({ kind: 'delivery-retried', limit: 1 });
    assert.equal(event?.userId, bram.id);
  });

  it('send a test to whoever asks, and say where nothing of theirs receives one', async () => {
    await visitor.open('/admin/deliveries');
    await visitor.follow('Send me a test');
    await visitor.press('Send', { kind: 'call' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.text, /Nothing of yours receives that/);
    await pages.phone(anna);
    await visitor.press('Send', { kind: 'text' });
    assert.match(visitor.page.text, /Your test message was handed over.*On its way/);
    const [{ message, challengeId } = { message: undefined, challengeId: 'none' }] =
      await pages.sent();
    assert.ok(message?.kind === 'text');
    assert.match(message.body, /Tweestap: this is a test text/);
    assert.equal(challengeId, undefined);
    await visitor.open('/admin/deliveries/test');
    await visitor.press('Send', { kind: 'mail' });
    const [mailed] = await pages.sent();
    assert.equal(mailed?.message.to, anna.mail);
    // Tests count as everything else does: one in thirty seconds.
    await visitor.open('/admin/deliveries/test');
    await visitor.press('Send', { kind: 'mail' });
    assert.match(visitor.page.text, /You were sent enough for now/);
    assert.equal((await pages.sent()).length, 0);
  });

  describe('tell of blocks of numbers that closed themselves', () => {
    const closes = async (): Promise<boolean> =>
      pages.stores.closedPrefixes.close({
        prefix: '+316123',
        closedAt: pages.clock.now(),
        sent: 50,
        answered: 3,
      });
    const becomes = async (role: User['role']): Promise<void> => {
      await pages.stores.users.change(anna.id, { role });
    };

    it('since when and why, and open one again when somebody has confirmed it', async () => {
      await closes();
      await becomes('global-admin');
      await visitor.open('/admin/deliveries');
      assert.match(visitor.page.text, /One block of numbers is closed/);
      await visitor.follow('Closed blocks');
      assert.match(
        visitor.page.text,
        /\+316123 .*3 of 50 answered \(6%\) Closed Until somebody opens/,
      );
      await visitor.open('/admin/deliveries/blocks/316123');
      assert.match(visitor.page.text, /Open the block \+316123… again\?.*3 of 50 answered/);
      await visitor.press('Open again');
      assert.match(visitor.page.text, /Texts and calls go there again/);
      assert.match(visitor.page.text, /Opened again .*Anna/);
      const [event] = await pages.stores.audit.list({ kind: 'prefix-opened', limit: 1 });
      assert.deepEqual([event?.actor, event?.details['prefix']], [anna.id, '+316123']);
      // What is open already is not opened twice, nor told of twice.
      await visitor.open('/admin/deliveries/blocks/316123');
      assert.equal(visitor.page.path, '/admin/deliveries/blocks');
      await visitor.open('/admin/deliveries');
      assert.doesNotMatch(visitor.page.text, /block of numbers is closed/);
    });

    it('to whoever reads, and let nobody open one whose role does not change settings', async () => {
      await closes();
      await visitor.open('/admin/deliveries/blocks');
      assert.match(visitor.page.text, /\+316123/);
      assert.doesNotMatch(visitor.page.text, /Open again/);
      await visitor.open('/admin/deliveries/blocks/316123');
      assert.equal(visitor.page.status, 403);
      assert.equal((await pages.stores.closedPrefixes.find('+316123'))?.opened, undefined);
    });

    it('that nobody ever closed in so many words, and of none that is not there', async () => {
      await visitor.open('/admin/deliveries/blocks');
      assert.match(visitor.page.text, /No block was ever closed/);
      await becomes('global-admin');
      for (const nothing of ['31699', '+316123', 'x']) {
        await visitor.open(`/admin/deliveries/blocks/${nothing}`);
        assert.equal(visitor.page.status >= 400, true, nothing);
      }
    });
  });
});
