import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { User } from '../../accounts/user.ts';
import { locales } from '../../i18n/locale.ts';
import { render } from '../../lib/html.ts';
import { createPasswordHasher } from '../../lib/password-hash.ts';
import { seededRandom } from '../../lib/random.ts';
import type { Registration } from '../../registrations/registration.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';
import { addTo } from '../../../test/support/adding.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import { describeMethod, judge, sampleAsk, sampleSetup, sampleView } from '../method.contract.ts';
import type { Ask } from '../method.ts';
import { newCode, readCode, writeCode } from './code.ts';
import { recoveryCodes } from './recovery-codes.ts';
import { codesSecret } from './secret.ts';
import { state as stateSchema } from './state.ts';

const ticked = { kept: 'yes' };
const typing = (code: string) => ({ code });

const draft = draftOf('setup');
const [first = '', second = ''] = draft.codes;
const kept = { hashes: await hashesOf(draft.codes) };

describeMethod(recoveryCodes, {
  kept,
  typedIn: 'letters',
  input: {},
  right: ({ secret }) => ({ typed: 'codes' in codesSecret.parse(secret) ? ticked : typing(first) }),
  wrong: () => ({ typed: typing('0000000000000000') }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: ticked },
    { typed: typing('') },
    { typed: typing(first.slice(1)) },
    { typed: typing(`${first}0`) },
    { typed: { code: [first] } },
  ],
  secrets: () =>
    [...draft.codes, ...draft.codes.map(writeCode), ...Object.values(kept.hashes)].map((value) => ({
      value,
      seenIn: [],
    })),
});

describe('recovery codes', () => {
  it('are ten, each of sixteen letters and digits that nobody mistakes for another', () => {
    for (const code of draft.codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{16}$/);
    assert.equal(new Set(draft.codes).size, 10);
    assert.equal(draft.codes.map((code) => code.slice(0, 1)).join(''), '0123456789');
    assert.equal(writeCode('0123456789ABCDEF'), '0123-4567-89AB-CDEF');
  });

  it('are drawn evenly from all there are', () => {
    const codes = Array.from({ length: 430 }, (_, index) => newCode(seededRandom(index), 7));
    const drawn = codes.map((code) => code.slice(1)).join('');
    const counts = new Map<string, number>();
    for (const letter of drawn) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    assert.equal(counts.size, 32);
    for (const count of counts.values()) assert.ok(count > 120 && count < 280, `${count}`);
  });

  it('are taken however they are typed from paper', () => {
    for (const typed of [
      '7Q4M-K2XR-0VBH-19DE',
      '7q4m k2xr 0vbh 19de',
      '7q4mk2xr0vbh19de',
      ' 7Q4M–K2XR–OVBH–l9DE ',
      '7Q4M.K2XR.oVBH.I9DE\n',
      '７Ｑ４Ｍ－Ｋ２ＸＲ－０ＶＢＨ－１９ＤＥ',
    ]) {
      assert.equal(readCode(typed), '7Q4MK2XR0VBH19DE', typed);
    }
    for (const typed of ['', '7Q4M-K2XR-0VBH', '7Q4M-K2XR-0VBH-19DU', '7Q4M-K2XR-0VBH-19D!']) {
      assert.equal(readCode(typed), undefined, typed);
    }
  });

  it('are shown with whose they are and from when, and nowhere else', () => {
    const asked = ask({ secret: draft });
    const started = recoveryCodes.challenge(asked);
    for (const locale of locales) {
      const view = sampleView({ ...asked, locale }, started);
      const sheet = render(recoveryCodes.views.draft?.(view) ?? assert.fail());
      const { title, body } = recoveryCodes.views.challenge(view);
      for (const code of draft.codes) {
        assert.ok(sheet.includes(`<li>${writeCode(code)}</li>`));
        assert.ok(!`${title}${render(body)}`.includes(writeCode(code)));
      }
      for (const fact of ['Voorbeeld', 'anna@voorbeeld.example', '2026']) {
        assert.ok(sheet.includes(`${fact}</p>`), fact);
      }
    }
  });

  it('wait until the box is ticked, say so, and blame nobody', async () => {
    const asked = ask({ secret: draft });
    const started = recoveryCodes.challenge(asked);
    const { body } = recoveryCodes.views.challenge(sampleView(asked, started));
    assert.match(render(body), /type="checkbox"[^>]*required/);
    for (const typed of [{}, { kept: '' }]) {
      const verdict = await judge(recoveryCodes, asked, started.state, { typed });
      const state = { ...stateSchema.parse(started.state), unticked: true } as const;
      assert.deepEqual(verdict, { kind: 'pending', state });
      const { missing } = recoveryCodes.views.challenge(sampleView(asked, { ...started, state }));
      assert.match(missing?.message ?? '', /tick that you have kept them/);
    }
  });

  it('are kept as hashes with a salt each, and nothing else', async () => {
    const asked = ask({ secret: draft });
    const started = recoveryCodes.challenge(asked);
    const verdict = await judge(recoveryCodes, asked, started.state, { typed: ticked });
    assert.ok(verdict.kind === 'verified');
    const secret = codesSecret.parse(verdict.secret);
    assert.ok('hashes' in secret);
    assert.deepEqual(Object.keys(secret), ['hashes']);
    const hashes = Object.values(secret.hashes);
    const salts = hashes.map((hash) => hash.split('$')[4]);
    assert.equal(new Set(salts).size, 10);
    for (const hash of hashes) assert.match(hash, /^\$argon2id\$/);
  });

  it('go one by one, in any order', async () => {
    const asked = ask();
    const started = recoveryCodes.challenge(asked);
    const verdict = await judge(recoveryCodes, asked, started.state, { typed: typing(second) });
    assert.deepEqual(verdict, {
      kind: 'verified',
      secret: { hashes: keptWithout('1') },
    });
  });

  it('say how many are left, and ask for new ones when they become few', () => {
    const told = (left: number): string =>
      recoveryCodes.registers.detail(
        { hashes: Object.fromEntries(Object.entries(kept.hashes).slice(0, left)) },
        'en',
      );
    assert.equal(told(10), '10 of 10 left');
    assert.equal(told(4), '4 of 10 left');
    assert.equal(told(3), 'Only 3 of 10 left: make new ones');
    assert.equal(told(0), 'None left: make new ones');
    assert.equal(recoveryCodes.appliesTo({ hashes: {} }), false);
  });

  it('stand in for what is lost, and prove nothing by being made', () => {
    assert.equal(recoveryCodes.standsIn, true);
    assert.equal(recoveryCodes.draftProves, false);
  });
});

describe('recovery codes on Security info', () => {
  let hall: Hall;
  let other: Hall;
  let anna: User;
  before(async () => {
    hall = await startHall();
    other = await startHall(hall.database);
  });
  after(() => hall.close());
  beforeEach(async () => {
    hall.clock.advanceSeconds(3 * 86_400);
    const name = `anna${hall.clock.now().getTime()}@voorbeeld.example`;
    anna = await hall.person({ userPrincipalName: name });
    await hall.app(anna);
    hall.clock.advanceSeconds(1);
  });

  interface Begun {
    readonly ref: AttemptRef;
    readonly progress: Progress;
  }
  const begin = async (replaces?: string): Promise<Begun> => {
    hall.clock.advanceSeconds(60);
    other.clock.set(hall.clock.now());
    const current = await hall.enter(anna);
    const adds = { kind: 'recovery-codes', slot: '1' };
    const ref = await addTo(hall, current, replaces === undefined ? adds : { ...adds, replaces });
    const contact = { methodId: 'recovery-codes', input: {} };
    return { ref, progress: await hall.signin.contact(ref, contact) };
  };
  const shownIn = ({ progress }: Begun): readonly string[] => {
    const secret = codesSecret.parse(progress.attempt.registration?.draft?.secret);
    return 'codes' in secret ? secret.codes : assert.fail();
  };
  const keep = ({ ref, progress }: Begun): Promise<Progress> =>
    hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', ticked);
  const made = async (): Promise<readonly string[]> => {
    const begun = await begin();
    assert.equal((await keep(begun)).step.kind, 'finish');
    return shownIn(begun);
  };
  const registered = async (): Promise<Registration | undefined> => {
    const all = await hall.stores.registrations.list(anna.id);
    return all.find(({ kind }) => kind === 'recovery-codes');
  };
  /** Arrives with the password, and asks for a recovery code in place of the app. */
  const atTheDoor = async (of: Hall = hall): Promise<Arrival> => {
    const { ref } = await of.arrive(anna, { required: 'second-step' });
    const codes = await registered();
    return { ref, progress: await of.signin.choose(ref, `${codes?.id}.recovery-codes`) };
  };
  const type = ({ ref, progress }: Arrival, code: string, by: Hall = hall): Promise<Progress> =>
    by.signin.answer(ref, progress.attempt.challenge?.id ?? '', typing(code));

  it('count once they are kept, and let their owner in without the phone', async () => {
    const begun = await begin();
    assert.equal(await registered(), undefined);
    await keep(begun);
    assert.ok('hashes' in codesSecret.parse((await registered())?.secret));
    const entered = await type(await atTheDoor(), writeCode(shownIn(begun)[3] ?? ''));
    assert.equal(entered.step.kind, 'finish');
    assert.ok(entered.session);
    const user = (await hall.stores.users.find(anna.id)) ?? assert.fail();
    const { entries } = await hall.securityInfo.overview(user, 'en');
    const entry = entries.find(({ kind }) => kind.id === 'recovery-codes');
    assert.equal(entry?.kind.detail(entry.registration.secret, 'en'), '9 of 10 left');
    assert.equal(user.defaultMethod?.methodId, 'authenticator-code');
  });

  it('are told of by mail when one is used, with how many are left', async () => {
    const [code = ''] = await made();
    await hall.sent();
    await type(await atTheDoor(), '0000-0000-0000-0000');
    assert.deepEqual(await hall.sent(), []);
    await type(await atTheDoor(), code);
    const [told] = await hall.sent();
    assert.ok(told?.message.kind === 'mail');
    assert.equal(told.message.to, anna.mail);
    assert.match(told.message.subject, /without your usual methods/);
    assert.match(told.message.text, /Recovery codes: 9 of 10 left/);
  });

  it('are not asked first: the phone is', async () => {
    await made();
    hall.clock.advanceSeconds(60);
    const { progress } = await hall.arrive(anna, { required: 'second-step' });
    assert.equal(progress.attempt.challenge?.methodId, 'authenticator-code');
  });

  it('are good once', async () => {
    const [code = ''] = await made();
    assert.equal((await type(await atTheDoor(), code)).step.kind, 'finish');
    const again = await type(await atTheDoor(), code);
    assert.deepEqual(again.attempt.notice, {
      kind: 'rejected',
      methodId: 'recovery-codes',
      reason: 'incorrect-code',
    });
  });

  it('open one door, for as many as come with one code at once through two nodes', async () => {
    const [code = ''] = await made();
    const doors: Arrival[] = [];
    for (let door = 0; door < 8; door += 1) doors.push(await atTheDoor(nodeOf(door)));
    const entered = await Promise.allSettled(
      doors.map((door, index) => type(door, code, nodeOf(index))),
    );
    const opened = entered.filter(
      (result) => result.status === 'fulfilled' && result.value.session !== undefined,
    );
    assert.equal(opened.length, 1);
    const secret = codesSecret.parse((await registered())?.secret);
    assert.equal('hashes' in secret && Object.keys(secret.hashes).length, 9);
  });
  const nodeOf = (index: number): Hall => (index % 2 === 0 ? hall : other);

  it('that are wrong count with all other wrong second steps', async () => {
    await made();
    for (const last of [5, 10]) {
      const door = await atTheDoor();
      for (let wrong = last - 4; wrong < last; wrong += 1) await type(door, '0000-0000-0000-0000');
      const { attempt, step } = await type(door, '0000-0000-0000-0000');
      assert.equal(attempt.challenge?.outcome, 'too-many-wrong');
      assert.equal(step.kind, last === 10 ? 'paused' : 'challenge');
    }
  });

  it('cost one hash a guess, used before or not', async () => {
    const [code = ''] = await made();
    await type(await atTheDoor(), code);
    for (const typed of [code, '9000-0000-0000-0000']) {
      const door = await atTheDoor();
      const before = hall.hashings();
      await type(door, typed);
      assert.equal(hall.hashings() - before, 1);
    }
  });

  it('cost no hash while answers pause', async () => {
    const [code = ''] = await made();
    const door = await atTheDoor();
    const pausedUntil = hall.clock.now().getTime() + 60_000;
    await hall.stores.throttle.update(`wrong-second-steps:${anna.id}`, () => ({
      record: { events: [], pausedUntil, level: 1, recent: [] },
      result: undefined,
    }));
    const before = hall.hashings();
    assert.equal((await type(door, code)).step.kind, 'paused');
    assert.equal(hall.hashings(), before);
  });

  it('are made anew as a whole: the old ones end when the new ones are kept, not before', async () => {
    const [old = '', older = ''] = await made();
    const begun = await begin((await registered())?.id);
    assert.equal((await type(await atTheDoor(), old)).step.kind, 'finish');
    await keep(begun);
    const refused = await type(await atTheDoor(), older);
    assert.equal(refused.attempt.notice?.kind, 'rejected');
    const [fresh = ''] = shownIn(begun);
    assert.equal((await type(await atTheDoor(), fresh)).step.kind, 'finish');
    const all = await hall.stores.registrations.list(anna.id);
    assert.equal(all.filter(({ kind }) => kind === 'recovery-codes').length, 1);
  });

  it('that end while somebody types one of them open nothing', async () => {
    const [old = ''] = await made();
    const door = await atTheDoor();
    await keep(await begin((await registered())?.id));
    assert.equal((await type(door, old)).session, undefined);
  });

  it('stand nowhere in the database in words that anybody can read', async () => {
    const begun = await begin();
    const codes = shownIn(begun);
    const readable = async (): Promise<string> => {
      const rows: Readonly<Record<string, unknown>>[] = [];
      for (const table of ['attempt', 'registration', 'audit_event', 'outbox']) {
        rows.push(...(await hall.database.intrude(`select * from ${table}`)));
      }
      return rows
        .flatMap((row) => Object.values(row))
        .map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
        )
        .join('\n');
    };
    const assertUnread = async (): Promise<void> => {
      const text = await readable();
      assert.ok(text.includes(begun.ref.id), 'the attempt was looked at');
      for (const code of codes) {
        assert.ok(!text.includes(code));
        assert.ok(!text.includes(writeCode(code)));
      }
    };
    await assertUnread();
    await keep(begun);
    await assertUnread();
    const attempt = await hall.stores.attempts.find(begun.ref.id);
    assert.doesNotMatch(JSON.stringify(attempt), new RegExp(codes.join('|')));
  });

  it('are never the first thing somebody registers', async () => {
    const name = `bram${hall.clock.now().getTime()}@voorbeeld.example`;
    const bram = await hall.person({ userPrincipalName: name, perUserMfaState: 'enabled' });
    const { ref } = await hall.arrive(bram);
    await hall.signin.setUpNow(ref);
    await assert.rejects(hall.signin.contact(ref, { methodId: 'recovery-codes', input: {} }), {
      code: 'STEP_NOT_ALLOWED',
    });
  });
});

function ask(parts: Partial<Ask> = {}): Ask {
  return sampleAsk(recoveryCodes, kept, parts);
}

function draftOf(seed: string): { readonly codes: readonly string[] } {
  const setup = sampleSetup(recoveryCodes, { random: seededRandom(seed) });
  const begun = recoveryCodes.begin?.(setup, {}, 'en');
  assert.ok(begun?.kind === 'begun');
  const secret = codesSecret.parse(begun.secret);
  return 'codes' in secret ? secret : assert.fail();
}

async function hashesOf(codes: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const hasher = createPasswordHasher();
  return Object.fromEntries(
    await Promise.all(
      codes.map(async (code) => [code.slice(0, 1), await hasher.hash(code)] as const),
    ),
  );
}

/** The hashes without the one of this place. */
function keptWithout(place: string): Readonly<Record<string, string>> {
  const { [place]: _used, ...left } = kept.hashes;
  return left;
}
