/**
 * Random walks through resets and sign-ins (attacks ATK-21, ATK-32). A thief has an account of his
 * own, knows everybody's name, number and address, and holds one thing of each of his victims, where
 * two are needed. He opens resets and sign-ins, mixes their commands, goes back, starts over, names
 * other people in between, and lets time pass. Whatever the order: no password is changed, and nobody
 * is signed in, without the evidence for it.
 *
 * `TWEESTAP_TEST_RESET_STEPS` walks further, `TWEESTAP_TEST_SEED` elsewhere.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { User } from '../../src/accounts/user.ts';
import { TweestapError } from '../../src/errors/errors.ts';
import { decodeBase32, encodeBase32 } from '../../src/lib/otp/base32.ts';
import { totp } from '../../src/lib/otp/otp.ts';
import { randomBelow, seededRandom } from '../../src/lib/random.ts';
import type { AttemptRef } from '../../src/signin/progress.ts';
import { createResetting, type Resetting } from '../../src/signin/resetting.ts';
import { openReset } from '../support/reset.ts';
import { password, startHall, type Hall, opening } from '../support/signin.ts';

const steps = Number(process.env['TWEESTAP_TEST_RESET_STEPS'] ?? 2_000);
const stepsOfOneWalk = 250;
const seed = process.env['TWEESTAP_TEST_SEED'] ?? 'tweestap';

interface Account {
  readonly user: User;
  readonly key: string;
  readonly number: string;
  readonly address: string;
  /** What the thief has of it. */
  readonly held: readonly ('app' | 'phone' | 'mail')[];
}

let hall: Hall;
let resetting: Resetting;
before(async () => {
  hall = await startHall();
  resetting = createResetting(hall.parts);
  await hall.policies.change((policy) => ({
    ...policy,
    reset: { ...policy.reset, allowedFor: 'all', gates: 2 },
  }));
});
after(() => hall.close());

let hashed: Promise<string> | undefined;
function theirs(): Promise<string> {
  hashed ??= hall.parts.hasher.hash('a password of somebody else');
  return hashed;
}

let count = 0;
async function account(held: Account['held'], change: Partial<User> = {}): Promise<Account> {
  count += 1;
  const random = seededRandom(`account ${count}`);
  const key = encodeBase32(random.bytes(20));
  const number = `+31612${String(count).padStart(6, '0')}`;
  const address = `person-${count}@thuis.example`;
  const user = await hall.person({
    userPrincipalName: `person-${count}@voorbeeld.example`,
    mail: undefined,
    ...change,
  });
  for (const [kind, slot, secret] of [
    ['authenticator-app', '1', { key }],
    ['phone', 'mobile', { number, phoneType: 'mobile' }],
    ['email', '1', { address }],
  ] as const) {
    await hall.stores.registrations.add({
      id: hall.parts.random.token(16),
      userId: user.id,
      kind,
      slot,
      secret,
      version: 1,
      createdAt: hall.clock.now(),
      lastUsedAt: undefined,
    });
  }
  return { user, key, number, address, held };
}

describe('a thief who holds one thing of everybody, where two are needed', () => {
  it(`changes nobody's password in ${steps} steps (seed “${seed}”)`, async (context) => {
    let walked = 0;
    let changed = 0;
    for (let walk = 0; walked < steps; walk++) {
      const length = Math.min(stepsOfOneWalk, steps - walked);
      changed += await walks(`${seed} ${walk}`, length);
      walked += length;
    }
    context.diagnostic(`${walked} steps; he changed his own password ${changed} times`);
    // A walk that never gets through anything would prove nothing.
    assert.ok(changed >= walked / 1_000, `only ${changed} resets in ${walked} steps`);
    const { brokenAt } = await hall.stores.audit.verify();
    assert.equal(brokenAt, undefined);
  });
});

/** One walk; resolves to how often he reset his own password. */
async function walks(name: string, length: number): Promise<number> {
  const random = seededRandom(name);
  const below = (limit: number): number => randomBelow(random, limit);
  const pick = <item>(items: readonly item[]): item =>
    items[below(items.length)] ?? assert.fail('nothing to pick from');

  // Their passwords are their own.
  const passwordHash = await theirs();
  const own = await account(['app', 'phone', 'mail']);
  const victims = [
    await account(['app'], { passwordHash }),
    await account(['phone'], { passwordHash }),
    await account(['mail'], { role: 'global-admin', passwordHash }),
    await account([], { passwordHash }),
  ];
  const everybody = [own, own, ...victims];
  const before = await Promise.all(victims.map(({ user }) => hall.stores.users.find(user.id)));
  let ownHash = (await hall.stores.users.find(own.user.id))?.passwordHash;
  let changed = 0;
  let resets: readonly AttemptRef[] = [await openReset(hall)];
  let signIns: readonly AttemptRef[] = [await opensSignIn()];
  const codes: string[] = [];
  const trail: string[] = [];

  const methods = ['authenticator-code', 'text-message', 'phone-call', 'email', 'recovery-codes'];
  const anyCode = (): string => {
    const keys = everybody.filter(({ held }) => held.includes('app')).map(({ key }) => key);
    const bytes = decodeBase32(pick(keys)) ?? assert.fail();
    const app = totp(bytes, hall.clock.now().getTime() / 1000);
    return pick([
      app,
      app,
      app,
      codes.at(-1) ?? '000000',
      codes.at(-1) ?? '000000',
      random.digits(6),
    ]);
  };
  /** He reads what comes to the phones and mailboxes that he holds. */
  const reads = async (): Promise<void> => {
    const his = everybody.flatMap(({ held, number, address }) => [
      ...(held.includes('phone') ? [number] : []),
      ...(held.includes('mail') ? [address] : []),
    ]);
    for (const { message } of await hall.sent()) {
      if (message.kind !== 'text' && message.kind !== 'mail') continue;
      const code = /\b\d{6}\b/.exec(message.kind === 'text' ? message.body : message.text)?.[0];
      if (code !== undefined && his.includes(message.to)) codes.push(code);
    }
  };
  const answers = async (ref: AttemptRef, by: 'reset' | 'sign-in'): Promise<unknown> => {
    const attempt = await hall.stores.attempts.find(ref.id);
    const id = attempt?.challenge?.id ?? 'none';
    const answer = { code: anyCode() };
    return by === 'reset' ? resetting.answer(ref, id, answer) : hall.signin.answer(ref, id, answer);
  };
  const identifies = async (ref: AttemptRef): Promise<unknown> => {
    const question = resetting.humanQuestion(ref.id);
    hall.clock.advanceSeconds(31);
    return resetting.identify(ref, pick(everybody).user.userPrincipalName, question);
  };
  /** The way of somebody who knows what he does, so that walks get somewhere. */
  const goesOn = async (ref: AttemptRef): Promise<unknown> => {
    const { step, attempt } = await resetting.look(ref);
    switch (step.kind) {
      case 'reset-identify':
        return identifies(ref);
      case 'reset-choose':
        return resetting.choose(ref, pick(methods));
      case 'reset-name': {
        const whose = everybody.find(({ user }) => user.id === attempt.identified?.userId) ?? own;
        const isMail = attempt.gate?.methodId === 'email';
        hall.clock.advanceSeconds(31);
        return resetting.name(ref, isMail ? whose.address : whose.number);
      }
      case 'reset-challenge':
        return pick([answers, answers, () => resetting.anotherWay(ref)])(ref, 'reset');
      case 'reset-password':
        return resetting.setPassword(ref, `zeven olifanten ${random.digits(6)}`);
      case 'reset-stopped':
        return resetting.restart(ref);
      default:
        resets = resets.filter((one) => one !== ref);
        return undefined;
    }
  };

  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    opensReset: async () => {
      resets = [...resets, await openReset(hall)].slice(-4);
    },
    opensSignIn: async () => {
      signIns = [...signIns, await opensSignIn()].slice(-4);
    },
    identifies: () => identifies(pick([...resets, ...signIns])),
    chooses: () => resetting.choose(pick([...resets, ...signIns]), pick(methods)),
    names: () =>
      resetting.name(pick(resets), pick([pick(everybody).number, pick(everybody).address])),
    answers: () => answers(pick([...resets, ...signIns]), 'reset'),
    crosses: () => answers(pick([...resets, ...signIns]), 'sign-in'),
    repeats: () =>
      pick([resetting.repeat, resetting.anotherWay, hall.signin.anotherWay, hall.signin.repeat])(
        pick([...resets, ...signIns]),
      ),
    restarts: () => pick([resetting.restart, hall.signin.restart])(pick([...resets, ...signIns])),
    finishes: () => pick([hall.signin.finish, resetting.unlock])(pick([...resets, ...signIns])),
    setsPassword: () =>
      resetting.setPassword(pick([...resets, ...signIns]), `zeven olifanten ${random.digits(6)}`),
    changesPassword: () =>
      hall.signin.changePassword(
        pick([...resets, ...signIns]),
        `acht olifanten ${random.digits(6)}`,
      ),
    signsIn: async () => {
      const ref = pick([...resets, ...signIns]);
      await hall.signin.identify(ref, pick(everybody).user.userPrincipalName);
      // Hashing takes its time; his own password proves nothing here that a wrong one does not.
      if (below(5) === 0) await hall.signin.password(ref, pick([password, 'wrong']), undefined);
    },
    waits: async () => hall.clock.advanceSeconds(pick([31, 31, 120, 3_700])),
    waitsADay: async () => {
      if (below(4) === 0) hall.clock.advanceSeconds(90_000);
    },
  };
  const names = Object.keys(acts);

  for (let step = 0; step < length; step++) {
    if (resets.length === 0) resets = [await openReset(hall)];
    const isPurposeful = below(10) < 6;
    const chosen = isPurposeful ? 'goes on' : pick(names);
    trail.push(chosen);
    try {
      await (isPurposeful ? goesOn(pick(resets)) : acts[chosen]?.());
    } catch (error) {
      if (!(error instanceof TweestapError)) throw error;
    }
    await reads();

    const told = `walk “${name}”: ${trail.slice(-40).join(', ')}`;
    for (const [index, { user }] of victims.entries()) {
      const now = await hall.stores.users.find(user.id);
      assert.equal(now?.passwordHash, before[index]?.passwordHash, told);
      assert.deepEqual(await hall.stores.sessions.list(user.id, hall.clock.now()), [], told);
    }
    const hash = (await hall.stores.users.find(own.user.id))?.passwordHash;
    if (hash !== ownHash) changed += 1;
    ownHash = hash;
  }
  return changed;
}

function opensSignIn(): Promise<AttemptRef> {
  return hall.signin.open(opening({}, { address: '192.0.2.7' }));
}
