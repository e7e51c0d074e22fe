/**
 * A service that is killed without warning while passwords are being reset (attack ATK-96): after the
 * restart each reset has happened as a whole (password, sessions, event, mails) or not at all.
 *
 * `TWEESTAP_TEST_KILLS` kills more often.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Installation } from '../../src/installation/installation.ts';
import type { Browser } from '../support/browser.ts';
import { addUser, codeOfApp, type Identity } from '../support/people.ts';
import { solved } from '../support/reset.ts';
import { startProcess, type TweestapProcess } from '../support/tweestap-process.ts';
import { newFolder, openPlace, type Place } from '../support/tweestap.ts';

const kills = Number(process.env['TWEESTAP_TEST_KILLS'] ?? 6);
const atOnce = 4;
const newPassword = 'zeven groene olifanten';

interface Waiting {
  readonly account: Identity & { readonly id: string };
  readonly browser: Browser;
}

describe('a service that is killed while passwords are reset', () => {
  let place: Place;
  let service: TweestapProcess;
  let installation: Installation;
  before(async () => {
    place = newFolder();
    service = await startProcess(place);
    installation = await openPlace(place);
  });
  after(async () => {
    await service?.stop();
    await installation?.close();
    await place?.remove();
  });

  it(`has reset each of them wholly or not at all, in ${kills} kills`, async (context) => {
    const startedAt = installation.clock.now();
    let done = 0;
    let undone = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const people = await Promise.all(Array.from({ length: atOnce }, () => atThePassword()));
      const fields = { password: newPassword, again: newPassword };
      const finishes = Promise.allSettled(
        people.map(({ browser }) => browser.press('Finish', fields)),
      );
      // The hashes take their time; the killing falls before, between and after the commits.
      await sleep(40 + Math.random() * 500);
      await service.kill();
      await finishes;
      service = await startProcess(place);
      for (const one of people) {
        if (await isWhole(one)) done += 1;
        else undone += 1;
      }
      const mails = await installation.database.stores.outbox.countSince(['mail'], startedAt);
      assert.equal(mails, done, 'a mail for each that was done');
      const { brokenAt } = await installation.database.stores.audit.verify();
      assert.equal(brokenAt, undefined, 'the log is broken');
    }
    context.diagnostic(`${kills} kills: ${done} resets done, ${undone} not begun, 0 halves`);
    assert.equal(done + undone, kills * atOnce);
  });

  /** Somebody who is signed in elsewhere, and has proved enough to choose a new password. */
  async function atThePassword(): Promise<Waiting> {
    const account = await addUser({ installation }, ['app'], { perUserMfaState: 'disabled' });
    const elsewhere = service.browser();
    await elsewhere.open('/sign-in');
    await elsewhere.press('Next', { name: account.userPrincipalName });
    await elsewhere.press('Sign in', { password: account.password });
    const browser = service.browser();
    await browser.open('/password-reset');
    const human = solved(browser.formOf('Next').fields['human'] ?? '');
    await browser.press('Next', { name: account.userPrincipalName, human });
    await browser.press(/^Enter a code from/);
    await browser.press('Verify', { code: codeOfApp(account.key ?? '', new Date()) });
    assert.equal(browser.page.heading, 'Choose a new password');
    return { account, browser };
  }

  /** True where all of it happened, false where nothing did; anything between fails. */
  async function isWhole({ account }: Waiting): Promise<boolean> {
    const { users, sessions, audit } = installation.database.stores;
    const user = await users.find(account.id);
    const isNew = await installation.hasher.verify(user?.passwordHash ?? null, newPassword);
    const isOld = await installation.hasher.verify(user?.passwordHash ?? null, account.password);
    assert.notEqual(isNew, isOld);
    const events = await audit.list({ userId: account.id, limit: 100 });
    const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
    const left = await sessions.list(account.id, installation.clock.now());
    assert.equal(count('password-reset'), isNew ? 1 : 0);
    assert.equal(count('everything-revoked'), isNew ? 1 : 0);
    assert.equal(left.length, isNew ? 0 : 1);
    return isNew;
  }
});
