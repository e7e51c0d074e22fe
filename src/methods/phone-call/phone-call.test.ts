import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { CallMessage, DeliveryEvent } from '../../delivery/message.ts';
import { render } from '../../lib/html.ts';
import { describeMethod, later, sampleAsk, sampleSetup, sampleView } from '../method.contract.ts';
import type { Ask, ChallengeStart, Verdict } from '../method.ts';
import { earlyKeysOfAPerson } from './hearing.ts';
import { phoneCall, waitSeconds } from './phone-call.ts';
import { spokenName } from './script.ts';
import { state } from './state.ts';

const number = '+31612345612';
const mobile = { number, phoneType: 'mobile' };
const office = { number: '+31205551234', extension: '12', phoneType: 'office' };

describeMethod(phoneCall, {
  input: { phoneType: 'mobile', country: 'NL', number: '06 12345612' },
  // With the digits on the page one answer can be told from another.
  ask: { privileged: true },
  right: (_ask, started) => ({ heard: keys(`${digitsOf(started)}#`) }),
  wrong: (_ask, started) => ({ heard: keys(`${otherThan(digitsOf(started))}#`) }),
  unreadable: [
    { typed: undefined },
    { typed: { code: '123456' } },
    { typed: { keys: '#' } },
    { heard: keys('42') },
    { heard: keys('') },
  ],
  secrets: (_ask, started) => [
    { value: `<strong>${digitsOf(started)}</strong>`, seenIn: ['challenge'] },
    { value: digitsOf(started), seenIn: ['challenge'] },
    { value: number, seenIn: [] },
    { value: number.slice(3), seenIn: [] },
  ],
});

describe('a phone call', () => {
  it('says first who is calling, and last and twice what to press', () => {
    const { greeting, instruction } = callIn(phoneCall.challenge(ask()));
    assert.match(greeting, /^This is Voorbeeld\. .*account of anna\.$/);
    assert.match(instruction, /press zero, then hash\..*press the hash key.*press the hash key\.$/);
  });

  it('speaks Dutch to who reads Dutch', () => {
    const { greeting, instruction, language } = callIn(phoneCall.challenge(ask({ locale: 'nl' })));
    assert.equal(language, 'nl');
    assert.match(greeting, /^Dit is Voorbeeld\./);
    assert.match(instruction, /Druk op hekje .* druk op hekje\.$/);
  });

  it('goes to a mobile number as it is, and dials the extension of an office phone', () => {
    const toMobile = callIn(phoneCall.challenge(ask()));
    assert.deepEqual([toMobile.to, toMobile.extension], [number, undefined]);
    const toOffice = callIn(phoneCall.challenge(ask({ secret: office })));
    assert.deepEqual([toOffice.to, toOffice.extension], ['+31205551234', '12']);
  });

  it('never dials an extension that a mobile number came by', () => {
    const secret = { ...mobile, extension: '12' };
    assert.equal(callIn(phoneCall.challenge(ask({ secret }))).extension, undefined);
  });

  it('waits 60 seconds', () => {
    const asked = ask();
    const { expiresAt } = phoneCall.challenge(asked);
    assert.equal(expiresAt.getTime() - asked.now.getTime(), 60_000);
    assert.equal(waitSeconds, 60);
  });

  it('says a name as people do', () => {
    assert.equal(spokenName('anna.de-vries@voorbeeld.example'), 'anna de vries');
    assert.equal(spokenName('a_b+c'), 'a b c');
  });
});

describe('answering with #', () => {
  const asked = ask();
  const started = phoneCall.challenge(asked);
  const hear = (event: DeliveryEvent, at = asked): Verdict =>
    phoneCall.hear(at, started.state, event);

  it('proves it', () => {
    assert.deepEqual(hear(keys('#')), { kind: 'verified' });
    assert.deepEqual(hear(keys('##')), { kind: 'verified' });
  });

  it('counts as wrong with any other key before it', () => {
    for (const pressed of ['1#', '*#', '00#', '42#', '10#', '9#0#']) {
      assertRejected(hear(keys(pressed)), 'incorrect-digits', { counts: true, ends: false });
    }
  });

  it('is not there yet without the #', () => {
    for (const pressed of ['1', '0', '*', '']) {
      assertRejected(hear(keys(pressed)), 'unreadable', { counts: false, ends: false });
    }
  });

  it('reports fraud with 0#', () => {
    assertRejected(hear(keys('0#')), 'fraud-reported', { counts: false, ends: true });
    assertRejected(hear(keys('0#'), ask({ privileged: true })), 'fraud-reported', {
      counts: false,
      ends: true,
    });
  });

  it('reports fraud with the key that the organisation chose, which the call names', () => {
    const chosen = ask({ settings: { reportKey: '9' } });
    assertRejected(hear(keys('9#'), chosen), 'fraud-reported', { counts: false, ends: true });
    assertRejected(hear(keys('0#'), chosen), 'incorrect-digits', { counts: true, ends: false });
    assert.match(callIn(phoneCall.challenge(chosen)).instruction, /press nine, then hash/);
    const { reportsFraud } = phoneCall;
    assert.equal(reportsFraud(keys('9#'), { reportKey: '9' }), true);
    assert.equal(reportsFraud(keys('0#'), { reportKey: '9' }), false);
    assert.equal(reportsFraud(keys('0#'), {}), true);
  });

  it('comes too late after a minute', () => {
    assert.equal(hear(keys('#'), later(asked, 59)).kind, 'verified');
    assertRejected(hear(keys('#'), later(asked, 61)), 'expired', { counts: false, ends: true });
  });
});

describe('answering with the digits on the page', () => {
  it('is asked of administrators always, and of all where the organisation wants it', () => {
    for (const asked of [
      ask({ privileged: true }),
      ask({ settings: { confirmation: 'digits' } }),
    ]) {
      const started = phoneCall.challenge(asked);
      const call = callIn(started);
      assert.match(call.instruction, /the two digits on your screen, then hash\.$/);
      assert.equal(call.keysBeforeHash, 2);
      const { state: remembered } = started;
      assertRejected(phoneCall.hear(asked, remembered, keys('#')), 'incorrect-digits', {
        counts: true,
        ends: false,
      });
      const right = keys(`${digitsOf(started)}#`);
      assert.equal(phoneCall.hear(asked, remembered, right).kind, 'verified');
    }
  });

  it('is not asked of others', () => {
    assert.equal(state.parse(phoneCall.challenge(ask()).state).digits, undefined);
  });

  it('is never satisfied by anything but these two digits and #', () => {
    const asked = ask({ privileged: true });
    const started = phoneCall.challenge(asked);
    const pressed = fc.string({ unit: fc.constantFrom(...'0123456789*#'.split('')) });
    fc.assert(
      fc.property(pressed, (entry) => {
        const verdict = phoneCall.hear(asked, started.state, keys(entry));
        const isRight = entry.startsWith(`${digitsOf(started)}#`);
        assert.equal(verdict.kind === 'verified', isRight);
      }),
    );
  });
});

describe('keys before the instruction has been spoken', () => {
  it('do not count, not even the right ones', () => {
    const asked = ask();
    const started = phoneCall.challenge(asked);
    const heard = phoneCall.hear(asked, started.state, keys('#', false));
    assert.ok(heard.kind === 'pending');
    assert.equal(phoneCall.hear(asked, heard.state, keys('#')).kind, 'verified');
  });

  it('do not count as a guess or a report of fraud either', () => {
    const asked = ask();
    const started = phoneCall.challenge(asked);
    for (const pressed of ['0#', '1#']) {
      const heard = phoneCall.hear(asked, started.state, keys(pressed, false));
      assert.equal(heard.kind, 'pending');
    }
  });

  it('are a machine when they never end: a greeting made of tones gets nobody in', () => {
    const asked = ask();
    let remembered = phoneCall.challenge(asked).state;
    for (let pressed = 1; pressed <= earlyKeysOfAPerson; pressed += 1) {
      const heard = phoneCall.hear(asked, remembered, keys('#', false));
      assert.ok(heard.kind === 'pending');
      remembered = heard.state;
    }
    assertRejected(phoneCall.hear(asked, remembered, keys('#', false)), 'went-to-voicemail', {
      counts: false,
      ends: true,
    });
  });
});

describe('a call that nobody confirms', () => {
  const asked = ask();
  const started = phoneCall.challenge(asked);

  it('ends with its own reason, which is no guess', () => {
    const endings = [
      ['hung-up', 'hung-up'],
      ['no-answer', 'no-answer'],
      ['busy', 'busy'],
      ['voicemail', 'went-to-voicemail'],
      ['no-key', 'never-pressed-a-key'],
    ] as const;
    for (const [ended, reason] of endings) {
      const verdict = phoneCall.hear(asked, started.state, { kind: 'ended', reason: ended });
      assertRejected(verdict, reason, { counts: false, ends: true });
    }
  });

  it('may be no call at a reset, whose page shows the number that was typed', () => {
    const view = sampleView(asked, started, { isBlind: true });
    const page = render(phoneCall.views.challenge(view).body);
    assert.match(page, /If this is the number you registered, we are calling \+31 6 12345612/);
  });

  it('is still waited for once it was answered, and the page says so', () => {
    const heard = phoneCall.hear(asked, started.state, { kind: 'answered' });
    assert.ok(heard.kind === 'pending');
    const ringing = render(phoneCall.views.challenge(sampleView(asked, started)).body);
    assert.match(ringing, /We&#39;re calling \+31\u00a0··\u00a0··\u00a0··\u00a012/);
    const view = sampleView(asked, started, { state: heard.state });
    assert.match(render(phoneCall.views.challenge(view).body), /Call answered.*press #/s);
  });

  it('is not confirmed by a text, nor on a page', async () => {
    const reply = phoneCall.hear(asked, started.state, { kind: 'reply', from: number, text: '#' });
    assert.deepEqual(reply, { kind: 'pending', state: started.state });
    assert.equal((await phoneCall.verify(asked, started.state, '#')).kind, 'rejected');
  });

  it('changes nothing by being on its way', () => {
    const sent = phoneCall.hear(asked, started.state, { kind: 'sent' });
    assert.deepEqual(sent, { kind: 'pending', state: started.state });
  });
});

describe('the page that waits for the phone', () => {
  it('shows a ring with the time left', () => {
    const asked = ask();
    const started = phoneCall.challenge(asked);
    const { now } = later(asked, 45);
    const body = render(phoneCall.views.challenge(sampleView(asked, started, { now })).body);
    assert.match(body, /15 seconds left/);
  });

  it('shows the digits where they are asked for, with what to do with them', () => {
    const asked = ask({ privileged: true });
    const started = phoneCall.challenge(asked);
    const body = render(phoneCall.views.challenge(sampleView(asked, started)).body);
    assert.ok(body.includes(`<strong>${digitsOf(started)}</strong>`));
    assert.match(body, /press these two digits, then #/);
  });
});

describe('a phone that is called', () => {
  it('is any phone there is', () => {
    for (const secret of [mobile, office, { ...mobile, phoneType: 'alternateMobile' }]) {
      assert.equal(phoneCall.appliesTo(secret), true);
    }
  });

  it('is labelled by its place', () => {
    const { label, tile } = phoneCall.views;
    assert.equal(label(mobile, 'en'), 'Phone - call (+31\u00a0··\u00a0··\u00a0··\u00a012)');
    assert.equal(label(mobile, 'nl'), 'Telefoon – bellen (+31\u00a0··\u00a0··\u00a0··\u00a012)');
    assert.equal(
      label(office, 'en'),
      'Office phone - call (+31\u00a0··\u00a0··\u00a0··\u00a034\u00a0x12)',
    );
    assert.equal(
      label(office, 'nl'),
      'Bureautelefoon – bellen (+31\u00a0··\u00a0··\u00a0··\u00a034\u00a0x12)',
    );
    assert.deepEqual(tile(office, 'en'), {
      title: 'Call +31\u00a0··\u00a0··\u00a0··\u00a034\u00a0x12',
      detail: 'Office phone',
    });
  });

  it('may be an office phone that was typed, unless the organisation says otherwise', () => {
    const input = { phoneType: 'office', country: 'NL', number: '020 5551234', extension: '12' };
    const typed = phoneCall.begin?.(sampleSetup(phoneCall), input, 'en');
    assert.deepEqual(typed?.kind === 'begun' && typed.secret, office);
    const settings = { officePhoneTyped: false };
    const refused = phoneCall.begin?.(sampleSetup(phoneCall, { settings }), input, 'en');
    assert.equal(refused?.kind, 'refused');
  });
});

function ask(parts: Partial<Ask> = {}): Ask {
  return sampleAsk(phoneCall, mobile, parts);
}

function keys(pressed: string, promptSpoken = true): DeliveryEvent {
  return { kind: 'keys', keys: pressed, promptSpoken };
}

function callIn(started: ChallengeStart): CallMessage {
  const [message] = started.messages;
  assert.ok(message?.kind === 'call');
  return message;
}

function digitsOf(started: ChallengeStart): string {
  const { digits } = state.parse(started.state);
  assert.ok(digits !== undefined);
  return digits;
}

/** Two other digits. */
function otherThan(digits: string): string {
  return digits.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));
}

function assertRejected(
  verdict: Verdict,
  reason: string,
  how: { readonly counts: boolean; readonly ends: boolean },
): void {
  assert.deepEqual(verdict, { kind: 'rejected', reason, ...how });
}
