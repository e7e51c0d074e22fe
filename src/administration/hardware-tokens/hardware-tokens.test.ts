import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startHall, type Hall } from '../../../test/support/signin.ts';
import type { User } from '../../accounts/user.ts';
import { decodeBase32 } from '../../lib/otp/base32.ts';
import { totp } from '../../lib/otp/otp.ts';
import { createOwnHardwareTokens } from '../../own-account/own-hardware-tokens.ts';
import { sampleToken } from '../../registrations/hardware-token-store.contract.ts';
import type { HardwareToken } from '../../registrations/hardware-token.ts';
import type { AtApi } from '../acting-admin.ts';
import { createHardwareTokens, type HardwareTokens } from './hardware-tokens.ts';

const { secret, serialNumber } = sampleToken();
const heading = 'upn,serial number,secret key,time interval,manufacturer,model';

describe('hardware tokens', () => {
  let hall: Hall;
  let tokens: HardwareTokens;
  let anna: User;
  beforeEach(async () => {
    hall = await startHall();
    const { administration } = hall;
    tokens = createHardwareTokens({ ...hall.parts, administration });
    anna = await hall.person({});
  });
  afterEach(() => hall.close());

  const by = (role: AtApi['application']['role'] = 'authentication-admin'): AtApi => ({
    application: { clientId: 'roll-out', role },
    address: '192.0.2.9',
  });
  /** What the token shows, its clock so many steps ahead of ours. */
  const shows = (stepsAhead = 0): string =>
    totp(
      decodeBase32(secret.key) ?? assert.fail(),
      hall.clock.now().getTime() / 1000 + stepsAhead * secret.period,
      { period: secret.period },
    );
  const onShelf = async (fields: Partial<HardwareToken> = {}): Promise<string> => {
    await hall.stores.hardwareTokens.add(sampleToken(fields));
    return sampleToken(fields).id;
  };
  const status = async (): Promise<unknown> =>
    (await hall.stores.hardwareTokens.findBySerialNumber(serialNumber))?.status;
  const events = async (): Promise<readonly string[]> =>
    (await hall.stores.audit.list({ limit: 100 }))
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith('token-'));
  const subjects = async (): Promise<readonly string[]> =>
    (await hall.sent()).flatMap(({ message }) =>
      message.kind === 'mail' ? [message.subject] : [],
    );

  it('hold their owners in one order, whatever the order of the file', async () => {
    const names = ['bram', 'carla', 'dirk', 'els'].map((name) => `${name}@voorbeeld.example`);
    for (const userPrincipalName of names) await hall.person({ userPrincipalName });
    const held: string[] = [];
    const listening: Hall['parts']['transact'] = (work) =>
      hall.database.transact((stores) => {
        const { users } = stores;
        const lock: typeof users.lock = (id) => {
          held.push(id);
          return users.lock(id);
        };
        return work({ ...stores, users: { ...users, lock } });
      });
    const { administration } = hall;
    const service = createHardwareTokens({ ...hall.parts, administration, transact: listening });
    const heldFor = async (owners: readonly string[], first: number) => {
      const read = owners.map((owner, index) => ({
        serialNumber: `O-${first - index}`,
        manufacturer: '',
        model: '',
        secret,
        owner,
      }));
      const lines = await service.add(read, by());
      assert.deepEqual(
        lines.map((line) => [line.serialNumber, line.fault]),
        read.map((line) => [line.serialNumber, undefined]),
        'told in the order of the file',
      );
      return held.splice(0);
    };
    const there = await heldFor(names, 9);
    assert.deepEqual(await heldFor([...names, ...names].toReversed(), 29), there);
    assert.deepEqual(there, there.toSorted());
    assert.equal(there.length, names.length);
  });

  it('are put on the shelf by a file, which is tried first and then does what it said', async () => {
    const rows = [
      heading,
      `${anna.userPrincipalName.toUpperCase()},A-1001,${secret.key},60,Feitian,c200`,
      `,A-1002,${secret.key},30,Feitian,c200`,
      `nobody@voorbeeld.example,A-1003,${secret.key},30,,`,
      `,A-1004,short,30,,`,
    ];
    const file = Buffer.from(rows.join('\r\n'));
    const expected = {
      lines: [
        { line: 2, serialNumber: 'A-1001', owner: 'ANNA@VOORBEELD.EXAMPLE', fault: undefined },
        { line: 3, serialNumber: 'A-1002', owner: undefined, fault: undefined },
        {
          line: 4,
          serialNumber: 'A-1003',
          owner: 'nobody@voorbeeld.example',
          fault: 'owner-unknown',
        },
        { line: 5, serialNumber: 'A-1004', owner: undefined, fault: 'key-unreadable' },
      ],
    };
    assert.deepEqual(await tokens.importFile(file, { isTrial: true }, by()), expected);
    assert.deepEqual(await hall.stores.hardwareTokens.search({ limit: 9 }), []);
    assert.deepEqual(await subjects(), []);
    assert.deepEqual(await tokens.importFile(file, { isTrial: false }, by()), expected);
    const found = await hall.stores.hardwareTokens.search({ limit: 9 });
    assert.deepEqual(
      found.map((token) => [token.serialNumber, token.status, token.assignedTo]),
      [
        ['A-1001', 'assigned', anna.id],
        ['A-1002', 'available', undefined],
      ],
    );
    assert.match((await subjects()).join(), /A hardware token is meant for your/);
    const again = await tokens.importFile(file, { isTrial: false }, by());
    assert.deepEqual(again.fault === undefined && again.lines.map(({ fault }) => fault), [
      'already-here',
      'already-here',
      'owner-unknown',
      'key-unreadable',
    ]);
  });

  it('are given to nobody who is above whoever gives', async () => {
    await hall.stores.users.change(anna.id, { role: 'global-admin' });
    const id = await onShelf();
    await assert.rejects(tokens.assign(id, anna.id, by()), { code: 'NOT_ALLOWED' });
    const rows = `${heading}\n${anna.userPrincipalName},B-1,${secret.key},30,,`;
    const done = await tokens.importFile(Buffer.from(rows), { isTrial: false }, by());
    assert.equal(done.fault === undefined && done.lines[0]?.fault, 'owner-above');
    await assert.rejects(tokens.importFile(Buffer.from(rows), { isTrial: true }, by('help-desk')), {
      code: 'NOT_ALLOWED',
    });
  });

  it('go back to the shelf with the account of their owner, and prove nobody then', async () => {
    const id = await onShelf();
    await tokens.assign(id, anna.id, by());
    assert.deepEqual(await tokens.activate(id, shows(3), by()), { kind: 'activated' });
    await hall.administration.remove(anna.id, by('global-admin'));
    assert.equal(await status(), 'available');
    assert.equal(await hall.stores.users.find(anna.id), undefined);
    assert.deepEqual(await hall.stores.registrations.list(anna.id), []);
    assert.ok((await events()).includes('token-unassigned'));
    const bram = await hall.person({ userPrincipalName: 'bram@voorbeeld.example' });
    assert.equal(await tokens.assign(id, bram.id, by()), true, 'it can be given to the next');
  });

  it('go back to the shelf with the account of their owner, however many there are', async () => {
    for (let index = 0; index < 101; index += 1) {
      await hall.stores.hardwareTokens.add(
        sampleToken({ id: `token-${index}`, serialNumber: `B-${index}`, assignedTo: anna.id }),
      );
    }
    await hall.administration.remove(anna.id, by('global-admin'));
    const { available, assigned } = await hall.stores.hardwareTokens.count();
    assert.deepEqual({ available, assigned }, { available: 101, assigned: 0 });
  });

  it('prove their owner once a code was shown, and open the door with the next', async () => {
    const id = await onShelf();
    assert.equal(await tokens.assign(id, anna.id, by()), true);
    assert.equal(await tokens.assign(id, anna.id, by()), false, 'it is hers already');
    assert.deepEqual(await tokens.activate(id, '000000', by()), { kind: 'wrong' });
    assert.equal(await status(), 'failedActivation');
    const code = shows(3);
    assert.deepEqual(await tokens.activate(id, code, by()), { kind: 'activated' });
    assert.equal(await status(), 'activated');
    assert.deepEqual(await tokens.activate(id, shows(4), by()), { kind: 'gone' });
    const { ref } = await hall.arrive(anna);
    assert.match(await outcome(ref, code), /rejected/, 'that code was used');
    hall.clock.advanceSeconds(60);
    assert.match(await outcome(ref, shows(3)), /signed in/);
    assert.deepEqual((await events()).toReversed(), [
      'token-assigned',
      'token-activation-failed',
      'token-activated',
    ]);
  });

  const outcome = async (
    ref: Awaited<ReturnType<Hall['arrive']>>['ref'],
    code: string,
  ): Promise<string> => {
    const { attempt } = await hall.signin.look(ref);
    const challenge = attempt.challenge?.id ?? assert.fail('nothing is asked');
    const progress = await hall.signin.answer(ref, challenge, { code });
    return progress.session === undefined
      ? (progress.attempt.notice?.kind ?? 'nothing')
      : 'signed in';
  };

  it('are activated by their owner too, with a second step that is fresh', async () => {
    const id = await onShelf();
    await hall.app(anna);
    const own = createOwnHardwareTokens(hall.parts);
    const visitor = { locale: 'en', address: '192.0.2.7' } as const;
    const current = await hall.enter(anna);
    assert.deepEqual(await own.activate(current, id, shows(), visitor), { kind: 'gone' });
    await tokens.assign(id, anna.id, by());
    assert.deepEqual(
      (await own.waiting(anna)).map((token) => token.id),
      [id],
    );
    hall.clock.advanceSeconds(301);
    await assert.rejects(own.activate(current, id, shows(), visitor), { code: 'STEP_UP_REQUIRED' });
    const fresh = await hall.enter(anna);
    assert.deepEqual(await own.activate(fresh, id, shows(), visitor), { kind: 'activated' });
    assert.deepEqual(await own.waiting(anna), []);
    assert.match((await subjects()).join(), /A verification method was added/);
  });

  it('end what the password alone had opened, where they are the first thing registered', async () => {
    const sessionsOf = async ({ id }: User): Promise<readonly string[]> =>
      (await hall.stores.sessions.list(id, hall.clock.now())).map((one) => one.id.toString('hex'));
    const mayRegister = { perUserMfaState: 'disabled', mfaRequiredAt: hall.clock.now() } as const;
    const ben = await hall.person({ ...mayRegister, userPrincipalName: 'ben@voorbeeld.example' });
    const cas = await hall.person({ ...mayRegister, userPrincipalName: 'cas@voorbeeld.example' });
    const bens = await onShelf({ assignedTo: ben.id });
    const fields = { id: 'token-2', serialNumber: 'B-1', assignedTo: cas.id };
    const casToken = await onShelf(fields);

    await hall.enter(ben);
    assert.equal((await sessionsOf(ben)).length, 1);
    assert.equal((await tokens.activate(bens, shows(), by())).kind, 'activated');
    assert.deepEqual(await sessionsOf(ben), []);

    const own = await hall.enter(cas);
    await hall.enter(cas);
    assert.equal((await sessionsOf(cas)).length, 2);
    const service = createOwnHardwareTokens(hall.parts);
    const visitor = { locale: 'en', address: '192.0.2.7' } as const;
    const came = await service.activate(own, casToken, shows(), visitor);
    assert.equal(came.kind, 'activated');
    assert.deepEqual(await sessionsOf(cas), [own.session.id.toString('hex')]);
  });

  it('are not guessed: after ten codes nobody looks at one for a while', async () => {
    const id = await onShelf({ assignedTo: anna.id });
    for (let tries = 0; tries < 10; tries += 1) await tokens.activate(id, '000000', by());
    assert.equal((await tokens.activate(id, shows(), by())).kind, 'paused');
    hall.clock.advanceSeconds(15 * 60);
    assert.equal((await tokens.activate(id, shows(), by())).kind, 'activated');
  });

  it('whose clock ran away are set right by two codes in a row', async () => {
    const id = await onShelf({ assignedTo: anna.id });
    await tokens.activate(id, shows(), by());
    const codes = { first: shows(30), second: shows(31) };
    assert.deepEqual(
      await tokens.resynchronise(id, { first: codes.second, second: codes.first }, by()),
      { kind: 'wrong' },
    );
    assert.deepEqual(await tokens.resynchronise(id, codes, by()), { kind: 'activated' });
    const { ref } = await hall.arrive(anna);
    hall.clock.advanceSeconds(60);
    assert.match(await outcome(ref, shows(31)), /signed in/);
  });

  it('prove nobody any more once they are taken back, or their owner registers anew', async () => {
    const id = await onShelf({ assignedTo: anna.id });
    await tokens.activate(id, shows(), by());
    await hall.administration.requireReRegistration(anna.id, by());
    assert.equal(await status(), 'assigned', 'hers still, and activated anew');
    hall.clock.advanceSeconds(60);
    assert.deepEqual(await tokens.activate(id, shows(), by()), { kind: 'activated' });
    assert.equal(await tokens.unassign(id, by()), true);
    assert.equal(await tokens.unassign(id, by()), false);
    assert.deepEqual(await hall.stores.registrations.list(anna.id), []);
    assert.equal(await status(), 'available');
    assert.equal(await tokens.remove(id, by()), true);
    assert.equal(await tokens.remove(id, by()), false);
    assert.equal(await status(), undefined);
  });

  it('are one of five apps and tokens at most', async () => {
    const id = await onShelf({ assignedTo: anna.id });
    for (let slot = 1; slot <= 5; slot += 1) {
      await hall.stores.registrations.add({
        id: `app-${slot}`,
        userId: anna.id,
        kind: 'authenticator-app',
        slot: String(slot),
        secret,
        version: 1,
        createdAt: hall.clock.now(),
        lastUsedAt: undefined,
      });
    }
    assert.deepEqual(await tokens.activate(id, shows(), by()), { kind: 'full' });
  });
});
