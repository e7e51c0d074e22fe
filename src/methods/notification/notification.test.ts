import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';

import type { DeviceDecision } from '../../delivery/message.ts';
import { render } from '../../lib/html.ts';
import { newAppDevice, type AppDevice } from '../../../test/support/app-device.ts';
import { appSecret, type AppSecret } from '../authenticator-app.ts';
import {
  describeMethod,
  later,
  sampleAsk,
  samplePairing,
  sampleSetup,
  sampleView,
} from '../method.contract.ts';
import type { Ask, ChallengeStart, PairingResult, Verdict } from '../method.ts';
import { notification, waitSeconds } from './notification.ts';
import type { AnswerRequest, PairRequest } from './protocol.ts';
import { settings } from './settings.ts';
import { state } from './state.ts';

const origin = 'https://login.voorbeeld.example';
const pin = '2468';
const push = {
  endpoint: 'https://push.voorbeeld.example/send/anna',
  p256dh: 'B'.repeat(87),
  auth: 'pushAuthOfAnnasPhone12',
};
const phone = newAppDevice();
const p384Key = generateKeyPairSync('ec', {
  namedCurve: 'P-384',
  publicKeyEncoding: { format: 'der', type: 'spki' },
  privateKeyEncoding: { format: 'der', type: 'pkcs8' },
}).publicKey.toString('base64url');

describeMethod(notification, {
  input: {},
  // With a PIN one wrong answer leaves another to give.
  ask: { settings: { pin: true } },
  pairs: ({ now }, code) => phone.pairing(origin, { code, at: now.getTime(), pin, push }),
  right: (ask, started) => ({ heard: decision(ask, started) }),
  wrong: (ask, started) => ({ heard: decision(ask, started, { pin: '1357' }) }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { code: '42' } },
    { typed: { number: '42', decision: 'approve' } },
  ],
  secrets: (ask, started) => {
    const { key, device } = appSecret.parse(ask.secret);
    return [
      { value: `<strong>${numberOf(started)}</strong>`, seenIn: ['challenge'] },
      { value: `"${numberOf(started)}"`, seenIn: [] },
      { value: key, seenIn: [] },
      { value: pin, seenIn: [] },
      { value: device?.key ?? '', seenIn: [] },
      { value: device?.pin ?? '', seenIn: [] },
      { value: push.auth, seenIn: [] },
      { value: ask.userId, seenIn: [] },
    ];
  },
});

describe('pairing', () => {
  it('keeps what the device is, and of its PIN only a hash that fits no other device', () => {
    const one = paired({ pin, push }).device;
    assert.equal(one?.key, phone.key);
    assert.deepEqual([one?.name, one?.version], ['Chrome on Android', '1.0.0']);
    assert.deepEqual(one?.push, push);
    assert.ok(!JSON.stringify(one).includes(pin));
    const random = { ...samplePairing(notification).random, token: () => 'another-device' };
    const other = paired({ pin }, { random }).device;
    assert.notEqual(other?.pin, one?.pin);
  });

  it('takes the code however it was typed', () => {
    const { code } = draft();
    const typed = ` ${
      code
        .toLowerCase()
        .match(/.{1,4}/g)
        ?.join(' - ') ?? ''
    } `;
    assert.equal(join({ code: typed }).kind, 'paired');
  });

  it('has a code of sixty bits, and another one each time', () => {
    const codes = Array.from({ length: 50 }, (_, index) => {
      const { random } = sampleAsk(notification, undefined, { challengeId: `c${index}` });
      const begun = notification.begin?.(sampleSetup(notification, { random }), {}, 'en');
      return begun?.kind === 'begun' ? notification.pairing?.code(begun.secret) : undefined;
    });
    assert.equal(new Set(codes).size, 50);
    for (const code of codes) assert.match(code ?? '', /^[A-Z2-7]{12}$/);
  });

  it('asks for a PIN where policy does, and for none where it does not', () => {
    const asksPin = { settings: { pin: true } };
    assert.deepEqual(join({}, asksPin), { kind: 'refused', reason: 'pin-needed' });
    assert.equal(join({ pin }, asksPin).kind, 'paired');
    assert.equal(join({}).kind, 'paired');
    for (const poor of ['', '123', '123456789', 'abcd', '12 4']) {
      assert.deepEqual(join({ pin: poor }, asksPin).kind, 'refused');
    }
  });

  it('refuses a device whose clock is more than a minute off', () => {
    const { now } = samplePairing(notification);
    for (const seconds of [-61, 61]) {
      assert.deepEqual(join({ at: now.getTime() + seconds * 1000 }), {
        kind: 'refused',
        reason: 'clock',
      });
    }
    for (const seconds of [-60, 60]) {
      assert.equal(join({ at: now.getTime() + seconds * 1000 }).kind, 'paired');
    }
  });

  it('refuses whoever does not hold the key that they bring', () => {
    const { code } = draft();
    const at = samplePairing(notification).now.getTime();
    const own = phone.pairing(origin, { code, at, pin });
    const stranger = newAppDevice();
    const forged: readonly Partial<PairRequest>[] = [
      { key: stranger.key },
      { signature: stranger.pairing(origin, { code, at, pin }).signature },
      { pin: '1357' },
      { at: at + 1 },
      { signature: phone.pairing('https://elsewhere.example', { code, at, pin }).signature },
      { signature: phone.pairing(origin, { code: 'AAAABBBBCCCC', at, pin }).signature },
      { signature: '' },
      { signature: 'A'.repeat(86) },
    ];
    for (const change of forged) {
      assert.deepEqual(
        send({ ...own, ...change }),
        { kind: 'refused', reason: 'unreadable' },
        JSON.stringify(Object.keys(change)),
      );
    }
    assert.equal(send(own).kind, 'paired');
  });

  it('takes no key but one on P-256, and no name that is more than a name', () => {
    for (const key of ['', 'AAAA', p384Key, 'A'.repeat(122)]) {
      assert.equal(join({}, {}, { key }).kind, 'refused', key);
    }
    const hidden = ['a\nb', 'Pixel\u202e', 'Pi\u200bxel', 'Pi\u00adxel', 'Pi\u2066xel'];
    for (const name of ['', '   ', ...hidden, 'x'.repeat(61)]) {
      assert.equal(join({ name }).kind, 'refused', name);
    }
    assert.equal(join({ version: 'one <b>two</b>' }).kind, 'refused');
  });

  it('lets the device change its name, its version and where it is woken, and nothing else', () => {
    const secret = paired({ pin, push });
    const change = (update: Readonly<Record<string, unknown>>): AppSecret | undefined => {
      const changed = notification.pairing?.update(secret, update);
      return changed === undefined ? undefined : appSecret.parse(changed);
    };
    assert.deepEqual(change({ name: 'Mijn telefoon', version: '1.1.0' }), {
      ...secret,
      device: { ...secret.device, name: 'Mijn telefoon', version: '1.1.0' },
    });
    const elsewhere = { ...push, endpoint: 'https://push.voorbeeld.example/send/new' };
    assert.deepEqual(change({ push: elsewhere })?.device?.push, elsewhere);
    assert.equal(change({ push: null })?.device?.push, undefined);
    assert.deepEqual(change({ key: newAppDevice().key, pin: 'none', denials: -1 }), secret);
    assert.equal(change({ name: '' }), undefined);
    assert.equal(change({ name: 'Pixel\u202e' }), undefined);
    const family = '👩\u200d👧 phone';
    assert.equal(change({ name: family })?.device?.name, family);
    assert.equal(change({ push: { endpoint: 'file:///etc/passwd' } }), undefined);
  });
});

describe('approving in the app', () => {
  it('takes the number of the page, signed by the device that was paired', () => {
    const { ask, started } = asked();
    const verdict = hear(ask, started, decision(ask, started));
    assert.equal(verdict.kind, 'verified');
  });

  it('waits a minute', () => {
    const { ask, started } = asked();
    assert.equal(waitSeconds, 60);
    assert.equal(started.expiresAt.getTime() - ask.now.getTime(), 60_000);
  });

  it('ends with a wrong number: nobody guesses twice (attack ATK-26)', () => {
    const { ask, started } = asked();
    const number = numberOf(started) === '42' ? '43' : '42';
    assert.deepEqual(hear(ask, started, decision(ask, started, { number })), {
      kind: 'rejected',
      reason: 'incorrect-number',
      counts: true,
      ends: true,
    });
  });

  it('needs the number: an approval without one proves nothing', () => {
    const { ask, started } = asked();
    const verdict = hear(ask, started, decision(ask, started, { number: '' }));
    assert.deepEqual([verdict.kind, reasonOf(verdict)], ['rejected', 'incorrect-number']);
  });

  it('wakes the device that is asked, and tells it nothing', () => {
    const { started } = asked({ push });
    assert.deepEqual(started.messages, [
      {
        kind: 'push',
        to: paired({}).device?.id,
        language: 'en',
        subscription: push,
        body: '{"v":1,"kind":"request"}',
      },
    ]);
    assert.deepEqual(asked().started.messages, [], 'who wants no notifications opens the app');
  });

  it('shows the number large, the time that is left, and what to do', () => {
    const { ask, started } = asked();
    const body = render(notification.views.challenge(sampleView(ask, started)).body);
    assert.match(body, new RegExp(`class="number-match".*<strong>${numberOf(started)}</strong>`));
    assert.match(body, /<count-down[^>]* total="60"/);
    assert.match(body, /A request waits in your Tweestap Authenticator \(Chrome on Android\)/);
    assert.doesNotMatch(body, /notification/, 'none was sent to an app that wants none');
    const woken = asked({ push });
    const view = sampleView(woken.ask, woken.started);
    const shown = render(notification.views.challenge(view).body);
    assert.match(shown, /We sent a notification to .* No notification\? Open the app anyway/s);
  });
});

describe('a forged decision (attack ATK-27)', () => {
  const { ask, started } = asked({ pin });
  const withPin: Ask = { ...ask, settings: { pin: true } };
  const right = decision(withPin, started, { pin });
  const isRefused = (event: DeviceDecision, at: Ask = withPin): void => {
    assert.deepEqual(hear(at, started, event), {
      kind: 'rejected',
      reason: 'not-accepted',
      counts: false,
      ends: false,
    });
  };
  const otherNumber = numberOf(started) === '42' ? '43' : '42';

  it('is refused where one signed field was changed afterwards', () => {
    const changed: readonly Partial<DeviceDecision>[] = [
      { number: otherNumber },
      { decision: 'deny' },
      { decision: 'report' },
      { pin: '1357' },
      { pin: '' },
      { at: right.at + 1 },
      { account: right.account.replace('user-anna', 'user-ben') },
    ];
    for (const change of changed) isRefused({ ...right, ...change });
    assert.equal(hear(withPin, started, right).kind, 'verified');
  });

  it('is refused where a denial is sent as an approval', () => {
    const denied = decision(withPin, started, { decision: 'deny', number: '', pin: '' });
    isRefused({ ...denied, decision: 'approve', number: numberOf(started), pin });
  });

  it('is refused from another device, though it knows number and PIN', () => {
    isRefused(decision(withPin, started, { pin }, newAppDevice()));
  });

  it('is refused where it was signed for another origin, another request or another person', () => {
    const at = withPin.now.getTime();
    const asked = { account: right.account, at, number: numberOf(started), pin };
    const request = withPin.challengeId;
    const elsewhere = phone.answer('https://evil.example', { ...asked, request });
    isRefused(eventOf(elsewhere));
    isRefused(eventOf(phone.answer(origin, { ...asked, request: 'challenge-2' })));
    isRefused(right, { ...withPin, challengeId: 'challenge-2' });
    isRefused(right, { ...withPin, userId: 'user-ben' });
    isRefused(right, { ...withPin, origin: 'https://evil.example' });
  });

  it('is refused where it is older than a minute, or from the future', () => {
    for (const seconds of [-61, 61]) {
      const at = withPin.now.getTime() + seconds * 1000;
      isRefused(decision(withPin, started, { pin, at }));
    }
  });

  it('is refused by the key of before, once the app was registered anew', () => {
    const anew = paired({ pin }, {}, newAppDevice());
    isRefused(right, { ...withPin, secret: anew });
  });

  it('is refused where fields were moved into one another', () => {
    const number = `${numberOf(started)}\n${pin}`;
    isRefused({ ...right, number, pin: '' });
    isRefused({ ...right, signature: right.signature.toUpperCase() });
    isRefused({ ...right, signature: '' });
  });
});

describe('the PIN of the app', () => {
  const locked = { pin: true };

  it('may be typed again, four times; the fifth wrong one locks the app', () => {
    let secret = paired({ pin });
    for (let wrong = 1; wrong <= 5; wrong += 1) {
      const { ask, started } = asked({}, { secret, settings: locked });
      const verdict = hear(ask, started, decision(ask, started, { pin: '1357' }));
      assert.equal(verdict.kind, 'rejected');
      assert.deepEqual(
        [verdict.reason, verdict.counts, verdict.ends, verdict.suspends],
        wrong < 5 ? ['incorrect-pin', true, false, false] : ['app-locked', true, true, true],
      );
      secret = appSecret.parse(verdict.secret);
    }
    assert.equal(secret.device?.wrongPins, 0, 'whoever opens it again begins anew');
  });

  it('is counted from the last right one', () => {
    const { ask, started } = asked({ pin }, { settings: locked });
    const wrong = hear(ask, started, decision(ask, started, { pin: '' }));
    assert.equal(wrong.kind, 'rejected');
    const right = hear(
      { ...ask, secret: wrong.secret },
      started,
      decision({ ...ask, secret: wrong.secret }, started, { pin }),
    );
    assert.equal(right.kind, 'verified');
    assert.equal(appSecret.parse(right.secret).device?.wrongPins, 0);
  });

  it('is none that an app without one could have right', () => {
    const { ask, started } = asked({}, { settings: locked });
    for (const typed of ['', pin]) {
      const verdict = hear(ask, started, decision(ask, started, { pin: typed }));
      assert.equal(reasonOf(verdict), 'incorrect-pin');
    }
  });

  it('is not asked where policy does not ask for it', () => {
    const { ask, started } = asked({ pin });
    assert.equal(hear(ask, started, decision(ask, started)).kind, 'verified');
  });
});

describe('saying no in the app', () => {
  it('ends the request, and after three in a row nothing is sent to it any more', () => {
    let secret = paired({});
    for (let times = 1; times <= 3; times += 1) {
      const { ask, started } = asked({}, { secret });
      const verdict = hear(ask, started, decision(ask, started, { decision: 'deny', number: '' }));
      assert.equal(verdict.kind, 'rejected');
      assert.deepEqual(
        [verdict.reason, verdict.counts, verdict.ends, verdict.suspends],
        ['user-declined', false, true, times === 3],
      );
      secret = appSecret.parse(verdict.secret);
      assert.equal(secret.device?.denials, times % 3);
    }
  });

  it('is counted from the last approval', () => {
    const { ask, started } = asked();
    const denied = hear(ask, started, decision(ask, started, { decision: 'deny', number: '' }));
    assert.equal(denied.kind, 'rejected');
    const again = { ...ask, secret: denied.secret };
    const approved = hear(again, started, decision(again, started));
    assert.equal(approved.kind, 'verified');
    assert.equal(appSecret.parse(approved.secret).device?.denials, 0);
  });

  it('reports fraud at once, and closes the app until another way was proved', () => {
    const { ask, started } = asked();
    const verdict = hear(ask, started, decision(ask, started, { decision: 'report', number: '' }));
    assert.deepEqual(verdict, {
      kind: 'rejected',
      reason: 'fraud-reported',
      counts: false,
      ends: true,
      suspends: true,
    });
  });

  it('says nothing once the time is over', () => {
    const { ask, started } = asked();
    const over = later(ask, 60);
    for (const no of ['deny', 'report'] as const) {
      const verdict = hear(over, started, decision(over, started, { decision: no, number: '' }));
      assert.equal(reasonOf(verdict), 'expired');
    }
  });
});

/** A draft, and the code that is typed in the app. */
function draft(): { readonly secret: unknown; readonly code: string } {
  const begun = notification.begin?.(sampleSetup(notification), {}, 'en');
  assert.equal(begun?.kind, 'begun');
  return { secret: begun.secret, code: notification.pairing?.code(begun.secret) ?? '' };
}

/** Signs what a device sends, and sends it; `forged` is changed afterwards. */
function join(
  asked: Partial<PairRequest>,
  parts: Parameters<typeof samplePairing>[1] = {},
  forged: Partial<PairRequest> = {},
  device: AppDevice = phone,
): PairingResult {
  const { now } = samplePairing(notification);
  const request = device.pairing(origin, { code: draft().code, at: now.getTime(), ...asked });
  return send({ ...request, ...forged }, parts);
}

function send(
  request: PairRequest,
  parts: Parameters<typeof samplePairing>[1] = {},
): PairingResult {
  const { pairing } = notification;
  assert.ok(pairing);
  return pairing.pair(samplePairing(notification, parts), draft().secret, request);
}

function paired(
  asked: Partial<PairRequest>,
  parts: Parameters<typeof samplePairing>[1] = {},
  device: AppDevice = phone,
): AppSecret {
  const joined = join(asked, parts, {}, device);
  assert.equal(joined.kind, 'paired');
  return appSecret.parse(joined.secret);
}

/** A paired app that is asked. */
function asked(
  device: Partial<PairRequest> = {},
  parts: Partial<Ask> = {},
): { readonly ask: Ask; readonly started: ChallengeStart } {
  const ask = sampleAsk(notification, paired(device), parts);
  return { ask, started: notification.challenge(ask) };
}

/** An approval with the right number and the PIN, unless told, as the device signs it. */
function decision(
  ask: Ask,
  started: ChallengeStart,
  change: Partial<AnswerRequest> = {},
  device: AppDevice = phone,
): DeviceDecision {
  const { id } = notification.pairing?.device(ask.secret) ?? { id: 'none' };
  const { pin: isPinAsked } = settings.parse(ask.settings);
  return eventOf(
    device.answer(ask.origin, {
      account: `${ask.userId}.${id}`,
      request: ask.challengeId,
      at: ask.now.getTime(),
      number: numberOf(started),
      pin: isPinAsked ? pin : '',
      ...change,
    }),
  );
}

function eventOf({ request: _request, ...said }: AnswerRequest): DeviceDecision {
  return { kind: 'decision', ...said };
}

function hear(ask: Ask, started: ChallengeStart, event: DeviceDecision): Verdict {
  return notification.hear(ask, started.state, event);
}

function numberOf(started: ChallengeStart): string {
  return state.parse(started.state).number;
}

function reasonOf(verdict: Verdict): string | undefined {
  return verdict.kind === 'rejected' ? verdict.reason : undefined;
}
