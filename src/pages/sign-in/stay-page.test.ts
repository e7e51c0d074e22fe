import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import type { Policy } from '../../policies/policy.ts';
import { startPages, type Pages } from '../../../test/support/pages.ts';
import { password } from '../../../test/support/signin.ts';
import { newVisitor, type Visitor } from '../../../test/support/visitor.ts';

const day = 86_400;

describe('“Stay signed in?”', () => {
  let pages: Pages;
  let anna: User;
  let visitor: Visitor;
  beforeEach(async () => {
    pages = await startPages({
      sessions: { staySignedIn: { allowed: true, days: 10 } },
      trustedDevices: { allowed: true },
    });
    anna = await pages.person();
    await pages.app(anna);
    visitor = newVisitor(pages.server);
  });
  afterEach(() => pages.close());

  const signsIn = async (
    name = anna.userPrincipalName,
    path = '/sign-in',
    who = visitor,
  ): Promise<void> => {
    pages.clock.advanceSeconds(31);
    await who.open(path);
    await who.press('Next', { name });
    await who.press('Sign in', { password });
    await who.press('Verify', { code: pages.appCode() });
  };
  const heading = async (path = '/my-profile'): Promise<string> =>
    (await visitor.open(path)).heading;

  it('is asked after the second step, and of nobody who has not proved it', async () => {
    await signsIn();
    assert.equal(visitor.page.heading, 'Stay signed in?');
    assert.match(visitor.page.text, /with this browser for 10 days/);
    assert.deepEqual(await pages.stores.sessions.list(anna.id, pages.clock.now()), []);
    await visitor.press('Yes');
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('keeps whoever says yes signed in, through closing the browser, until the days are over', async () => {
    await signsIn();
    await visitor.press('Yes');
    visitor.restart();
    pages.clock.advanceSeconds(5 * day);
    assert.equal(await heading(), 'My Profile');
    pages.clock.advanceSeconds(5 * day);
    assert.equal(await heading(), 'Sign in');
  });

  it('ends the session of whoever says no with the browser, or after an hour', async () => {
    await signsIn();
    await visitor.press('No');
    assert.equal(visitor.page.heading, 'My Profile');
    const other = visitor.newTab();
    pages.clock.advanceSeconds(3601);
    await other.open('/my-profile');
    assert.equal(other.page.heading, 'Sign in');
    await signsIn();
    await visitor.press('No');
    visitor.restart();
    assert.equal(await heading(), 'Sign in');
  });

  it('is not asked again when something more is proved, and the answer holds on', async () => {
    await signsIn();
    await visitor.press('Yes');
    pages.clock.advanceSeconds(5 * day);
    await visitor.open('/my-profile/security-info/default');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Change your default sign-in method');
    visitor.restart();
    pages.clock.advanceSeconds(2 * day);
    assert.equal(await heading(), 'My Profile');
    // A session's proofs never live longer for being proved again in part.
    pages.clock.advanceSeconds(3 * day);
    assert.equal(await heading(), 'Sign in');
  });

  it('is not asked of who steps up after having said no', async () => {
    await signsIn();
    await visitor.press('No');
    pages.clock.advanceSeconds(600);
    await visitor.open('/my-profile/security-info/default');
    await visitor.press('Verify', { code: pages.appCode() });
    assert.equal(visitor.page.heading, 'Change your default sign-in method');
    visitor.restart();
    assert.equal(await heading(), 'Sign in');
  });

  it('leads on to the application afterwards', async () => {
    await signsIn(anna.userPrincipalName, '/app');
    assert.equal(visitor.page.heading, 'Stay signed in?');
    await visitor.press('No');
    assert.equal(visitor.page.goesOnTo, '/app/entered');
  });

  it('is never asked of people with a role, and ends for whoever gets one', async () => {
    const dave = await pages.person({
      userPrincipalName: 'dave@voorbeeld.example',
      role: 'global-admin',
    });
    await pages.app(dave);
    await signsIn(dave.userPrincipalName, '/sign-in', newVisitor(pages.server));
    await signsIn();
    await visitor.press('Yes');
    assert.equal(await heading(), 'My Profile');
    await pages.stores.users.change(anna.id, { role: 'help-desk' });
    assert.equal(await heading(), 'Sign in');
    assert.equal((await pages.stores.sessions.list(dave.id, pages.clock.now())).length, 1);
  });

  it('holds no longer than policy lets it by now, where that has become stricter', async () => {
    const decides = async (change: Policy['sessions']['staySignedIn']): Promise<void> => {
      await pages.policies.change((policy) => ({
        ...policy,
        sessions: { ...policy.sessions, staySignedIn: change },
      }));
    };
    await signsIn();
    await visitor.press('Yes');
    pages.clock.advanceSeconds(3 * day);
    assert.equal(await heading(), 'My Profile');
    await decides({ allowed: true, days: 4 });
    assert.equal(await heading(), 'My Profile');
    pages.clock.advanceSeconds(day);
    assert.equal(await heading(), 'Sign in');
    // It has ended, and does not come back with the days.
    await decides({ allowed: true, days: 10 });
    assert.equal(await heading(), 'Sign in');
    assert.deepEqual(await pages.stores.sessions.list(anna.id, pages.clock.now()), []);

    await signsIn();
    await visitor.press('Yes');
    await decides({ allowed: false, days: 10 });
    pages.clock.advanceSeconds(3601);
    assert.equal(await heading(), 'Sign in');
  });

  it('is not asked where policy does not allow it', async () => {
    const strict = await startPages();
    try {
      const els = await strict.person();
      await strict.app(els);
      const other = newVisitor(strict.server);
      await other.open('/sign-in');
      await other.press('Next', { name: els.userPrincipalName });
      await other.press('Sign in', { password });
      await other.press('Verify', { code: strict.appCode() });
      assert.equal(other.page.heading, 'My Profile');
    } finally {
      await strict.close();
    }
  });

  it('is asked on a trusted device as well, which is trusted once it is answered', async () => {
    pages.clock.advanceSeconds(31);
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    await visitor.press('Verify', { code: pages.appCode(), trust: 'yes' });
    assert.equal(visitor.page.heading, 'Stay signed in?');
    await visitor.press('No');
    visitor.restart();
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    assert.equal(visitor.page.heading, 'Stay signed in?');
    await visitor.press('Yes');
    assert.equal(visitor.page.heading, 'My Profile');
  });

  it('is no way in: the answer alone moves nothing before the rest is proved', async () => {
    await visitor.open('/sign-in');
    await visitor.press('Next', { name: anna.userPrincipalName });
    await visitor.press('Sign in', { password });
    const [, id = ''] = /\/sign-in\/([\w-]{22})/.exec(visitor.page.path) ?? [];
    const name = [...visitor.cookies.keys()].find((each) => each.includes('attempt-')) ?? '';
    const ref = { id, browser: visitor.cookies.get(name) };
    const { step } = await pages.signin.staySignedIn(ref, true);
    assert.equal(step.kind, 'challenge');
    const { attempt } = await pages.signin.look(ref);
    assert.equal(attempt.staysSignedIn, undefined);
  });

  it('is asked in Dutch', async () => {
    await signsIn();
    await visitor.follow('Nederlands');
    assert.equal(visitor.page.heading, 'Aangemeld blijven?');
    await visitor.press('Nee');
    assert.equal(visitor.page.heading, 'Mijn profiel');
  });
});
