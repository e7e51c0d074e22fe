/**
 * A service that is killed without warning, again and again, while people use it (attack ATK-96,
 * invariants I2, I5, I6). Whatever was acknowledged is there after the restart, once; whatever was not
 * is there as a whole or not at all; what was used stays used, and a sign-in under way goes on.
 *
 * `TWEESTAP_TEST_KILLS` kills more often than the 15 times of every run.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import type { User } from '../../src/accounts/user.ts';
import type { Installation } from '../../src/installation/installation.ts';
import type { Browser } from '../support/browser.ts';
import { openJournal, type Journal } from '../support/journal.ts';
import { addUser, codeOfApp, type Identity } from '../support/people.ts';
import { until } from '../support/poll.ts';
import { startProcess, type TweestapProcess } from '../support/tweestap-process.ts';
import { newFolder, openPlace, runCommand, type Place } from '../support/tweestap.ts';

const kills = Number(process.env['TWEESTAP_TEST_KILLS'] ?? 15);
/** So many people do something at any moment. */
const atOnce = 4;

type Account = Identity & { readonly id: string };

/** What somebody was told. */
type Acknowledged =
  | { readonly kind: 'signed-in'; readonly userId: string; readonly session: string }
  | { readonly kind: 'signed-out'; readonly userId: string; readonly session: string }
  | {
      readonly kind: 'code-used';
      readonly account: Account;
      readonly code: string;
    }
  | { readonly kind: 'registered'; readonly userId: string; readonly key: string }
  | { readonly kind: 'finished'; readonly userId: string; readonly appPassword: string }
  | { readonly kind: 'new-password'; readonly userId: string; readonly password: string }
  | { readonly kind: 'blocked'; readonly userId: string };

describe('a service that is killed while it works', () => {
  let place: Place;
  let service: TweestapProcess;
  let installation: Installation;
  let journal: Journal<Acknowledged>;
  before(async () => {
    place = newFolder();
    journal = openJournal(place.dataFolder);
    service = await startProcess(place);
    installation = await openPlace(place);
  });
  after(async () => {
    await service?.stop();
    await installation?.close();
    journal?.close();
    await place?.remove();
  });

  it(`loses nothing that it acknowledged, in ${kills} kills`, async (context) => {
    let slowest = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const already = journal.read().length;
      const waiting = await beginsToSignIn(await somebody(['app']));
      const crowd = new AbortController();
      const people = Array.from({ length: atOnce }, (_, one) => goesOn(one + kill, crowd.signal));
      // Killed in the middle of something, at another moment each time.
      const enough = already + 2 + (kill % 6);
      await until('something to be acknowledged', () => journal.length() >= enough, 30_000);
      await sleep(Math.random() * 60);
      await service.kill();
      crowd.abort();
      await Promise.all(people);

      service = await startProcess(place);
      slowest = Math.max(slowest, service.startedInMs);
      const news = journal.read().slice(already);
      for (const entry of news) await requireKept(entry);
      await goesOnAfterTheCrash(waiting);
      const { brokenAt } = await installation.database.stores.audit.verify();
      assert.equal(brokenAt, undefined, 'the log is broken');
    }
    const all = journal.read();
    for (const entry of all) {
      // A session lasts; what was tried once after a kill is not tried again.
      if (entry.kind !== 'code-used') await requireKept(entry);
    }
    await requireNothingTwice();
    const counts = Object.entries(Object.groupBy(all, ({ kind }) => kind)).map(
      ([kind, entries]) => `${entries.length} × ${kind}`,
    );
    context.diagnostic(`${kills} kills, ${all.length} acknowledged: ${counts.join(', ')}`);
    context.diagnostic(`0 lost, 0 doubled; slowest start ${Math.round(slowest)} ms`);
    assert.ok(all.length >= kills * 2, `only ${all.length} things were acknowledged`);
    assert.ok(slowest < 10_000, 'a restart took too long');
  });

  it('is there at once after a kill, and ends in under two seconds when it is asked to', async () => {
    const startedAt = performance.now();
    const code = await service.stop();
    const tookMs = performance.now() - startedAt;
    assert.equal(code, 0);
    assert.ok(tookMs < 2_000, `${tookMs} ms`);
    service = await startProcess(place);
    const [entry] = journal.read();
    if (entry !== undefined && entry.kind !== 'code-used') await requireKept(entry);
  });

  const accounts: Account[] = [];
  async function somebody(
    registered: readonly ('app' | 'phone')[],
    change: Partial<User> = {},
  ): Promise<Account> {
    const account = await addUser({ installation }, registered, change);
    accounts.push(account);
    return account;
  }

  /** One thing after the other, until the service is gone. */
  async function goesOn(first: number, gone: AbortSignal): Promise<void> {
    const deeds = [signsIn, signsInWithACode, registers, signsOut, changesPassword, isBlocked];
    for (let deed = first; !gone.aborted; deed++) {
      try {
        await deeds[deed % deeds.length]?.();
      } catch (error) {
        // Cut off in the middle: nobody was told anything, so nothing is noted.
        if (isCutOff(error)) return;
        throw error;
      }
    }
  }

  async function signsIn(): Promise<Browser> {
    const account = await somebody([], { perUserMfaState: 'disabled' });
    const browser = service.browser();
    await arrives(browser, account);
    journal.write({ kind: 'signed-in', userId: account.id, session: sessionOf(browser) });
    return browser;
  }

  async function signsInWithACode(): Promise<void> {
    const account = await somebody(['app']);
    const browser = service.browser();
    await arrives(browser, account);
    const code = codeOfApp(account.key ?? '', new Date());
    await browser.press('Verify', { code });
    journal.write({ kind: 'signed-in', userId: account.id, session: sessionOf(browser) });
    journal.write({ kind: 'code-used', account, code });
  }

  async function registers(): Promise<void> {
    const account = await somebody([], { perUserMfaState: 'enabled' });
    const browser = service.browser();
    await arrives(browser, account);
    await browser.press('Set it up now');
    await browser.press('Set up', { way: 'app', appUse: 'code' });
    const [, key = ''] = /secret=([A-Z2-7]+)/.exec(browser.page.html) ?? [];
    await browser.press('Verify', { code: codeOfApp(key, new Date()) });
    assert.match(browser.page.heading, /^Step 3/);
    journal.write({ kind: 'registered', userId: account.id, key });
    await browser.press('Go on without a backup phone');
    const [, appPassword = ''] =
      /<copy-text[^>]* text="([A-Z2-7]{24})"/.exec(browser.page.html) ?? [];
    await browser.press('Done');
    journal.write({ kind: 'finished', userId: account.id, appPassword });
    journal.write({ kind: 'signed-in', userId: account.id, session: sessionOf(browser) });
  }

  async function signsOut(): Promise<void> {
    const account = await somebody([], { perUserMfaState: 'disabled' });
    const browser = service.browser();
    await arrives(browser, account);
    const session = sessionOf(browser);
    await browser.press('Sign out');
    journal.write({ kind: 'signed-out', userId: account.id, session });
  }

  async function changesPassword(): Promise<void> {
    const account = await somebody([], {
      perUserMfaState: 'disabled',
      mustChangePassword: true,
    });
    const browser = service.browser();
    await arrives(browser, account);
    const password = `a new password ${account.id}`;
    await browser.press('Change password', { password });
    journal.write({ kind: 'new-password', userId: account.id, password });
    journal.write({ kind: 'signed-in', userId: account.id, session: sessionOf(browser) });
  }

  /** By the command line, which is another process on the same data. */
  async function isBlocked(): Promise<void> {
    const { id, userPrincipalName } = await somebody(['app']);
    const done = await runCommand(place, ['user', 'block', userPrincipalName, '--reason', 'test']);
    assert.equal(done.code, 0, done.error);
    journal.write({ kind: 'blocked', userId: id });
    // A pause between two of these: what people do is what is killed.
    await service.ask('/healthz');
  }

  async function arrives(browser: Browser, account: Account): Promise<void> {
    await browser.open('/sign-in');
    await browser.press('Next', { name: account.userPrincipalName });
    await browser.press('Sign in', { password: account.password });
    assert.ok(browser.page.status < 500, `answered ${browser.page.status}`);
  }

  function sessionOf({ cookies, page }: Browser): string {
    return cookies.find('-session') ?? assert.fail(`not signed in: ${page.status} ${page.title}`);
  }

  /** A sign-in that waits for its second step when the service is killed. */
  async function beginsToSignIn(
    account: Account,
  ): Promise<{ readonly account: Account; readonly path: string; readonly browser: Browser }> {
    const browser = service.browser();
    await arrives(browser, account);
    return { account, browser, path: browser.page.path };
  }

  async function goesOnAfterTheCrash({
    account,
    browser,
    path,
  }: Awaited<ReturnType<typeof beginsToSignIn>>): Promise<void> {
    const later = service.browserWith(browser.cookies);
    await later.open(path);
    assert.equal(later.page.heading, 'Enter the verification code from the mobile app');
    await later.press('Verify', { code: codeOfApp(account.key ?? '', new Date()) });
    assert.equal(later.page.heading, 'My Profile');
  }

  async function requireKept(entry: Acknowledged): Promise<void> {
    const { users, registrations, appPasswords, audit } = installation.database.stores;
    const userId = entry.kind === 'code-used' ? entry.account.id : entry.userId;
    const user = await users.find(userId);
    assert.ok(user, 'the account is gone');
    switch (entry.kind) {
      case 'signed-in':
        assert.equal(await profileWith(entry.session), 200, 'a session is gone');
        return;
      case 'signed-out':
        assert.equal(await profileWith(entry.session), 303, 'a session is back');
        return;
      case 'code-used': {
        const browser = service.browser();
        await arrives(browser, entry.account);
        await browser.press('Verify', { code: entry.code });
        // Used, or over by now; never good again.
        assert.match(browser.page.title, /^Error: /, 'a code was good twice');
        return;
      }
      case 'registered': {
        const [only, ...more] = await registrations.list(userId);
        assert.deepEqual(more, []);
        assert.ok(JSON.stringify(only?.secret).includes(entry.key), 'a registration is gone');
        const told = await audit.list({ userId, kind: 'method-registered', limit: 10 });
        assert.equal(told.length, 1);
        return;
      }
      case 'finished': {
        assert.equal(user.perUserMfaState, 'enforced');
        const kept = await appPasswords.list(userId);
        assert.equal(kept.length, entry.appPassword === '' ? 0 : 1);
        return;
      }
      case 'new-password':
        assert.equal(user.mustChangePassword, false);
        assert.ok(
          await installation.hasher.verify(user.passwordHash ?? null, entry.password),
          'a new password is gone',
        );
        return;
      case 'blocked':
        assert.ok(user.blocked, 'a block is gone');
    }
  }

  async function profileWith(session: string): Promise<number> {
    const { status } = await service.ask('/my-profile', {
      headers: { cookie: `tweestap-session=${session}` },
    });
    return status;
  }

  /** Each sign-in has one event in the log and one session; each change one event. */
  async function requireNothingTwice(): Promise<void> {
    const { stores } = installation.database;
    for (const { id: userId } of accounts) {
      const events = await stores.audit.list({ userId, limit: 100 });
      const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
      const sessions = await stores.sessions.list(userId, installation.clock.now());
      const signedIn = count('signed-in');
      const attempts = new Set(
        events.filter(({ kind }) => kind === 'signed-in').map(({ attemptId }) => attemptId),
      );
      assert.equal(attempts.size, signedIn, 'one sign-in ended twice');
      // Signing out ends one of them; everything else stays.
      const ended = count('signed-out');
      assert.ok(sessions.length <= signedIn && sessions.length >= signedIn - 1);
      if (sessions.length < signedIn) assert.ok(ended <= 1);
      assert.ok(count('password-changed') <= 1);
      assert.ok(count('method-registered') <= 1);
      assert.ok((await stores.registrations.list(userId)).length <= 1);
      assert.ok((await stores.appPasswords.list(userId)).length <= 1);
    }
  }
});

function isCutOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return /ECONNRESET|ECONNREFUSED|EPIPE/.test(code) || /socket hang up|aborted/.test(error.message);
}
