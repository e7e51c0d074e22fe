import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

const name = 'anna@voorbeeld.example';

describe('a page that waits or refuses leads to the help', () => {
  let pages: Pages;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages({ organisation: { helpLink: 'https://help.voorbeeld.example/' } });
    visitor = newVisitor(pages.server);
  });
  afterEach(() => pages.close());

  const arrives = async (change: Partial<User> = {}): Promise<void> => {
    const anna = await pages.person({ userPrincipalName: name, ...change });
    await pages.phone(anna);
    await pages.app(anna);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name });
    await visitor.press('Sign in', { password });
  };
  const leadsTo = async (topic: string): Promise<void> => {
    const { html, text } = visitor.page;
    const found = [...html.matchAll(/ href="\/help#([^"]+)"/g)].map(([, to]) => to);
    assert.deepEqual(found, [topic], text);
    const path = /<a href="(\/help)">Help<\/a>/.exec(html)?.[1] ?? '';
    assert.match((await visitor.ask(path)).body, new RegExp(`<section [^>]*id="${topic}"`));
  };

  it('with a code of the app', async () => {
    await arrives();
    await leadsTo('code-refused');
    await visitor.press('Verify', { code: '000000' });
    await leadsTo('code-refused');
  });

  it('with what to do if none of the ways is at hand', async () => {
    await arrives();
    await visitor.press('Sign in another way');
    await leadsTo('forgotten-phone');
  });

  it('with a text that does not come, or whose code is refused', async () => {
    await arrives();
    await visitor.press('Sign in another way');
    await visitor.press('Text +31 ·· ·· ·· 12 Authentication phone');
    await leadsTo('no-text');
    await visitor.press('Verify', { code: '000000' });
    await leadsTo('code-refused');
    pages.clock.advanceSeconds(181);
    await visitor.open(visitor.page.path);
    assert.equal(visitor.page.heading, 'Try again to verify your identity');
    await leadsTo('no-text');
  });

  it('with a call that does not come, and with one that somebody else asked for', async () => {
    await arrives();
    await visitor.press('Sign in another way');
    await visitor.press('Call +31 ·· ·· ·· 12 Authentication phone');
    await leadsTo('no-call');
    await pages.pressesKeys('0#');
    await visitor.open(visitor.page.path);
    await leadsTo('locked-out');
  });

  it('with a password that is refused, and nowhere before', async () => {
    await pages.person({ userPrincipalName: name });
    await visitor.open('/sign-in');
    await visitor.press('Next', { name });
    assert.doesNotMatch(visitor.page.html, /\/help#/);
    await visitor.press('Sign in', { password: 'wrong' });
    await leadsTo('password');
  });

  it('while it is paused, beside the help desk of the organisation', async () => {
    await arrives();
    for (let tries = 0; tries < 10; tries++) {
      if (visitor.buttons().includes('Start again')) await visitor.press('Start again');
      await visitor.press('Verify', { code: '000000' });
    }
    assert.equal(visitor.page.heading, 'Wait before you verify your identity again');
    await leadsTo('locked-out');
    assert.match(visitor.page.html, /href="https:\/\/help\.voorbeeld\.example\/"/);
  });

  it('where the account is switched off, or only an admin can help', async () => {
    await arrives({ accountEnabled: false });
    assert.equal(visitor.page.heading, 'Your account is switched off');
    await leadsTo('locked-out');
    await pages.person({ userPrincipalName: 'late@voorbeeld.example', mfaRequiredAt: new Date(0) });
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: 'late@voorbeeld.example' });
    await visitor.press('Sign in', { password });
    assert.equal(visitor.page.heading, 'Ask your admin to let you set up your account');
    await leadsTo('admin');
  });

  it('where there is nothing to be found, or nothing any more', async () => {
    await visitor.open('/nowhere');
    await leadsTo('start-again');
    await visitor.open('/sign-in/AAAAAAAAAAAAAAAAAAAAAA');
    await leadsTo('start-again');
  });
});
