import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { until } from '../../test/support/poll.ts';
import { startReset } from '../../test/support/reset.ts';
import { opening, password as own, startHall, type Hall } from '../../test/support/signin.ts';
import { startDirectory, type TestDirectory } from '../../test/support/upstream.ts';
import type { User } from '../accounts/user.ts';
import { createDoors } from './doors.ts';
import type { Progress } from './progress.ts';

const theirs = 'wat de directory bewaart';

let count = 0;
/** Somebody of the directory. */
async function member(hall: Hall, directory: TestDirectory, change: Partial<User> = {}) {
  count += 1;
  const name = `person-${count}@voorbeeld.example`;
  const id = `entry-${count}`;
  directory.kept.set(id, theirs);
  return hall.person({
    userPrincipalName: name,
    mail: name,
    otherMail: `p${count}@thuis.example`,
    passwordHash: undefined,
    upstream: { id, dn: `uid=${id},dc=x` },
    ...change,
  });
}

/** Name and password, from a browser that nobody knows unless told. */
async function tries(
  hall: Hall,
  name: string,
  password: string,
  knownBrowser?: string,
): Promise<Progress> {
  const opened = await hall.signin.open(opening());
  return hall.signin.password(opened, password, knownBrowser, name);
}

const told = ({ attempt }: Progress): string | undefined => attempt.notice?.kind;

describe('whose password a directory keeps', () => {
  let directory: TestDirectory;
  let hall: Hall;
  before(async () => {
    directory = await startDirectory({ writes: true });
    hall = await startHall(undefined, { upstream: directory.passwords });
    await hall.policies.change((policy) => ({
      ...policy,
      reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
    }));
  });
  after(async () => {
    directory.stop();
    await hall.close();
  });

  it('signs in with that, and with no hash that was left here', async () => {
    const other = await hall.person({ userPrincipalName: 'left@voorbeeld.example' });
    const user = await member(hall, directory, { passwordHash: other.passwordHash });
    await hall.app(user);
    assert.equal((await tries(hall, user.userPrincipalName, theirs)).step.kind, 'challenge');
    assert.equal(told(await tries(hall, user.userPrincipalName, own)), 'wrong-name-or-password');
  });

  it('costs a hash like everybody, whatever the directory says', async () => {
    const user = await member(hall, directory);
    for (const name of [user.userPrincipalName, 'nobody@voorbeeld.example']) {
      const before = hall.hashings();
      assert.equal(told(await tries(hall, name, 'a guess')), 'wrong-name-or-password');
      assert.equal(hall.hashings() - before, 1, name);
    }
  });

  it('is asked about four times by a stranger, and paused as a name that nobody has', async () => {
    const user = await member(hall, directory);
    const before = directory.asked.length;
    for (const name of [user.userPrincipalName, 'nobody-2@voorbeeld.example']) {
      for (let guess = 0; guess < 4; guess += 1) await tries(hall, name, 'the same guess');
      assert.equal(told(await tries(hall, name, theirs)), 'passwords-paused', name);
    }
    assert.equal(directory.asked.length - before, 4);
    hall.clock.advanceSeconds(29 * 60);
    assert.equal(told(await tries(hall, user.userPrincipalName, theirs)), 'passwords-paused');
    hall.clock.advanceSeconds(61);
    assert.equal(told(await tries(hall, user.userPrincipalName, theirs)), undefined);
  });

  it('keeps a budget of its own in a browser that it signed in with before', async () => {
    const user = await member(hall, directory);
    const known = 'a browser of theirs';
    await hall.stores.knownBrowsers.remember(
      hall.parts.box.keyedHash('known-browser', known),
      user.id,
      hall.clock.now(),
    );
    for (let guess = 0; guess < 5; guess += 1)
      await tries(hall, user.userPrincipalName, `guess ${guess}`);
    const came = await tries(hall, user.userPrincipalName, theirs, known);
    assert.equal(told(came), undefined);
  });

  it('reads only after the right password that the account is switched off there', async () => {
    const user = await member(hall, directory);
    directory.says('disabled');
    const { step } = await tries(hall, user.userPrincipalName, theirs);
    assert.deepEqual(step, { kind: 'blocked', reason: 'account-disabled' });
    directory.says('locked');
    const locked = await tries(hall, user.userPrincipalName, theirs);
    assert.equal(told(locked), 'wrong-name-or-password', 'nobody knows whether it was right');
    directory.says('right');
    const [event] = await hall.stores.audit.list({ userId: user.id, limit: 1 });
    assert.equal(event?.details['reason'], 'locked-upstream');
  });

  it('is let in by no door with a password that has to be changed', async () => {
    const user = await member(hall, directory, { perUserMfaState: 'disabled' });
    const doors = createDoors(hall.parts);
    const knock = async () => {
      const request = { door: 'ldap', name: user.userPrincipalName, address: '192.0.2.1' } as const;
      const verdict = await doors.judge({ ...request, password: theirs });
      return verdict.kind === 'refused' ? verdict.reason : verdict.kind;
    };
    assert.equal(await knock(), 'opened');
    directory.says('must-change');
    assert.equal(await knock(), 'must-change-password');
    directory.says('disabled');
    assert.equal(await knock(), 'account-disabled');
    directory.says('right');
    assert.equal(await knock(), 'opened');
    await doors.stop();
  });

  it('resets it into the directory, by the rules of both, and ends what was open', async () => {
    const user = await member(hall, directory);
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    await reset.resetting.choose(reset.ref, 'authenticator-code');
    const { attempt } = await reset.resetting.look(reset.ref);
    await reset.resetting.answer(reset.ref, attempt.challenge?.id ?? '', { code: hall.appCode() });
    const set = (typed: string) => reset.resetting.setPassword(reset.ref, typed);
    const reason = ({ attempt: { notice } }: Progress) =>
      notice?.kind === 'password-refused' ? notice.reason : undefined;
    assert.equal(reason(await set('kort')), 'too-short');
    assert.equal(reason(await set(theirs)), 'directory-rules');
    assert.ok((await set('zeven groene olifanten')).attempt.finishedAt);
    const now = await hall.stores.users.find(user.id);
    assert.equal(now?.passwordHash, undefined);
    assert.equal(directory.kept.get(user.upstream?.id ?? ''), 'zeven groene olifanten');
  });

  it('is written once, however often a reset is finished at the same moment', async () => {
    const user = await member(hall, directory);
    await hall.app(user);
    const { ref, resetting } = await startReset(hall, user.userPrincipalName);
    await resetting.choose(ref, 'authenticator-code');
    const { attempt } = await resetting.look(ref);
    await resetting.answer(ref, attempt.challenge?.id ?? '', { code: hall.appCode() });
    const before = directory.written.length;
    const typed = ['acht gele giraffen', 'negen rode nijlpaarden', 'tien witte wolven'];
    const all = await Promise.allSettled(typed.map((one) => resetting.setPassword(ref, one)));
    const done = all.map(({ status }) => status === 'fulfilled');
    assert.deepEqual(done.filter(Boolean).length, 1, JSON.stringify(all));
    const written = `${user.upstream?.id} ${typed[done.indexOf(true)]}`;
    assert.deepEqual(directory.written.slice(before), [written]);
  });

  it('leaves a reset to whoever began it again, once the directory did not take the password', async () => {
    const user = await member(hall, directory);
    await hall.app(user);
    const { ref, resetting } = await startReset(hall, user.userPrincipalName);
    await resetting.choose(ref, 'authenticator-code');
    const { attempt } = await resetting.look(ref);
    await resetting.answer(ref, attempt.challenge?.id ?? '', { code: hall.appCode() });
    await resetting.setPassword(ref, theirs);
    assert.ok((await resetting.setPassword(ref, 'elf paarse pinguins')).attempt.finishedAt);
    assert.equal(directory.kept.get(user.upstream?.id ?? ''), 'elf paarse pinguins');
  });

  it('reads the same as everybody while the directory does not answer, and nothing counts', async () => {
    const user = await member(hall, directory);
    const here = await hall.person({
      userPrincipalName: 'here@voorbeeld.example',
      mail: 'here@voorbeeld.example',
    });
    directory.answers(false);
    await until('it to be missed', () => directory.passwords.fault());
    const names = [user.userPrincipalName, 'nobody-3@voorbeeld.example', here.userPrincipalName];
    for (const name of names) {
      for (let guess = 0; guess < 3; guess += 1)
        assert.equal(told(await tries(hall, name, `guess ${guess}`)), 'directory-unavailable');
    }
    assert.equal(told(await tries(hall, here.userPrincipalName, own)), undefined, 'kept here');
    for (let guess = 0; guess < 6; guess += 1)
      assert.equal(told(await tries(hall, names[0] ?? '', theirs)), 'directory-unavailable');
    directory.answers(true);
    await until('it to be back', () => directory.passwords.fault() === undefined);
    assert.equal(told(await tries(hall, user.userPrincipalName, theirs)), undefined);
  });

  it('guesses no password that is kept here while the directory does not answer', async () => {
    const here = await hall.person({
      userPrincipalName: 'here-2@voorbeeld.example',
      mail: 'here-2@voorbeeld.example',
    });
    directory.answers(false);
    await until('it to be missed', () => directory.passwords.fault());
    for (let guess = 0; guess < 4; guess += 1)
      await tries(hall, here.userPrincipalName, `guess ${guess}`);
    assert.equal(told(await tries(hall, here.userPrincipalName, own)), 'passwords-paused');
    directory.answers(true);
    await until('it to be back', () => directory.passwords.fault() === undefined);
  });
});

describe('whose password is kept, and changed, elsewhere', () => {
  let directory: TestDirectory;
  let hall: Hall;
  before(async () => {
    directory = await startDirectory({ url: 'https://wachtwoord.example/' });
    hall = await startHall(undefined, { upstream: directory.passwords });
    await hall.policies.change((policy) => ({
      ...policy,
      reset: { ...policy.reset, allowedFor: 'all', gates: 1 },
    }));
  });
  after(async () => {
    directory.stop();
    await hall.close();
  });

  it('walks the road of everybody in a reset, and is told where to go once something is proved', async () => {
    const user = await member(hall, directory);
    await hall.app(user);
    const reset = await startReset(hall, user.userPrincipalName);
    const chosen = await reset.resetting.choose(reset.ref, 'authenticator-code');
    assert.equal(chosen.step.kind, 'reset-challenge');
    const code = { code: hall.appCode() };
    const { attempt } = await reset.resetting.look(reset.ref);
    const came = await reset.resetting.answer(reset.ref, attempt.challenge?.id ?? '', code);
    assert.equal(came.step.kind, 'reset-stopped');
    assert.deepEqual(came.known.reset?.elsewhere, { url: 'https://wachtwoord.example/' });
    await reset.resetting.setPassword(reset.ref, 'zeven groene olifanten');
    assert.equal(directory.kept.get(user.upstream?.id ?? ''), theirs);
  });

  it('is not held to a change that nobody here would hear of', async () => {
    const user = await member(hall, directory, { mustChangePassword: true });
    await hall.app(user);
    const opened = await hall.signin.open(opening());
    const came = await hall.signin.password(opened, theirs, undefined, user.userPrincipalName);
    const ref = { id: opened.id, browser: came.browser ?? '' };
    const id = came.attempt.challenge?.id ?? '';
    const { step } = await hall.signin.answer(ref, id, { code: hall.appCode() });
    assert.equal(step.kind, 'finish');
  });

  it('has a password that must be changed before anything opens', async () => {
    const user = await member(hall, directory, { perUserMfaState: 'disabled' });
    directory.says('must-change');
    const opened = await hall.signin.open(opening());
    const came = await hall.signin.password(opened, theirs, undefined, user.userPrincipalName);
    directory.says('right');
    assert.equal(came.step.kind, 'change-password');
    const ref = { id: opened.id, browser: came.browser ?? '' };
    const { step, attempt } = await hall.signin.changePassword(ref, 'zeven groene olifanten');
    assert.equal(step.kind, 'change-password');
    assert.deepEqual(attempt.notice, { kind: 'password-refused', reason: 'directory-keeps' });
    assert.deepEqual(await hall.stores.sessions.list(user.id, hall.clock.now()), []);
  });

  it('has none at all where the directory is not configured any more', async () => {
    const without = await startHall();
    const user = await without.person({ upstream: { id: 'entry', dn: 'uid=x' } });
    assert.equal(told(await tries(without, user.userPrincipalName, own)), 'wrong-name-or-password');
    await without.close();
  });
});
