import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { TextMessage } from '../../delivery/message.ts';
import { html, render } from '../../lib/html.ts';
import {
  describeMethod,
  later,
  sampleAsk,
  sampleSetup,
  sampleView,
  type SampleAnswer,
} from '../method.contract.ts';
import type { Ask, ChallengeStart, Verdict, ViewContext } from '../method.ts';
import { state } from './state.ts';
import { textMessage } from './text-message.ts';

const number = '+31612345612';
const phone = { number, phoneType: 'mobile' };

describeMethod(textMessage, {
  input: { phoneType: 'mobile', country: 'NL', number: '06 12345612' },
  right: (_ask, started) => ({ typed: { code: codeIn(started) } }),
  wrong: (_ask, started) => ({ typed: { code: otherThan(codeIn(started)) } }),
  unreadable: [
    { typed: undefined },
    { typed: {} },
    { typed: { code: '' } },
    { typed: { code: '12345' } },
    { typed: { code: '1234567' } },
    { typed: { code: 'abcdef' } },
    { typed: { code: ['123456'] } },
    { heard: { kind: 'reply', from: number, text: 'yes' } },
  ],
  secrets: (_ask, started) => [
    { value: codeIn(started), seenIn: ['messages'] },
    { value: `<strong>${digitsOf(started)}</strong>`, seenIn: ['challenge'] },
    { value: state.parse(started.state).codeHash, seenIn: [] },
    { value: number, seenIn: [] },
    { value: number.slice(3), seenIn: [] },
  ],
});

describe('a code by text message', () => {
  it('goes to the registered number, in one text of plain letters', () => {
    for (const locale of ['en', 'nl'] as const) {
      const message = textIn(textMessage.challenge(ask({ locale })));
      assert.equal(message.to, number);
      assert.match(message.body, /^Voorbeeld: .*\b\d{6}\b/);
      assert.ok(message.body.length <= 160, `${message.body.length} characters`);
      // GSM 03.38 without the characters that count twice.
      assert.match(message.body, /^[A-Za-z0-9 .,:;?!'()/-]*$/);
    }
  });

  it('says to type the code or to reply, and only to type it where replies are off', () => {
    const both = textIn(textMessage.challenge(ask()));
    assert.match(both.body, /reply with the two digits/);
    const typed = textMessage.challenge(ask({ settings: { reply: false } }));
    assert.doesNotMatch(textIn(typed).body, /reply/);
    assert.equal(state.parse(typed.state).replyDigits, undefined);
  });

  it('is taken with blanks and hyphens between its digits', async () => {
    const asked = ask();
    const started = textMessage.challenge(asked);
    const code = codeIn(started);
    for (const typed of [
      ` ${code} `,
      `${code.slice(0, 3)} ${code.slice(3)}`,
      `${code.slice(0, 3)}-${code.slice(3)}`,
      `${code.slice(0, 3)}\u00a0${code.slice(3)}\n`,
      code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ]) {
      const verdict = await textMessage.verify(asked, started.state, { code: typed });
      assert.equal(verdict.kind, 'verified', typed);
    }
  });

  it('is good for 180 seconds at sign-in and for 300 in a reset', async () => {
    for (const codeSeconds of [180, 300]) {
      const asked = ask({ codeSeconds });
      const started = textMessage.challenge(asked);
      const typed = { code: codeIn(started) };
      const last = later(asked, codeSeconds - 1);
      const over = later(asked, codeSeconds + 1);
      assert.equal((await textMessage.verify(last, started.state, typed)).kind, 'verified');
      assertRejected(await textMessage.verify(over, started.state, typed), 'expired', {
        counts: false,
        ends: true,
      });
    }
  });

  it('is dead once a newer one was sent', async () => {
    const first = textMessage.challenge(ask());
    const newer = ask({ challengeId: 'challenge-2' });
    const second = textMessage.challenge(newer);
    assert.notEqual(codeIn(first), codeIn(second));
    const verdict = await textMessage.verify(newer, second.state, { code: codeIn(first) });
    assertRejected(verdict, 'incorrect-code', { counts: true, ends: false });
  });

  it('is remembered for this challenge only, even where the same digits come up again', async () => {
    const started = textMessage.challenge(ask());
    const elsewhere = ask({ challengeId: 'challenge-2' });
    const verdict = await textMessage.verify(elsewhere, started.state, { code: codeIn(started) });
    assertRejected(verdict, 'incorrect-code', { counts: true, ends: false });
  });

  it('can be any of the million codes, leading zeros included', () => {
    const codes = Array.from({ length: 300 }, (_, index) =>
      codeIn(textMessage.challenge(ask({ challengeId: `challenge-${index}` }))),
    );
    assert.ok(codes.some((code) => code.startsWith('0')));
    assert.ok(new Set(codes).size > 290);
  });
});

describe('a reply to the text', () => {
  const asked = ask();
  const started = textMessage.challenge(asked);
  const digits = digitsOf(started);
  const reply = (text: string, from = number, at = asked): Verdict =>
    textMessage.hear(at, started.state, { kind: 'reply', from, text });

  it('proves it with the two digits on the page, whatever stands around them', () => {
    for (const text of [digits, ` ${digits}\n`, `It says ${digits}.`, digits.split('').join(' ')]) {
      assert.equal(reply(text).kind, 'verified', text);
    }
  });

  it('counts as wrong with other digits, and with the code instead of the digits', () => {
    for (const text of [otherThan(digits), codeIn(started), `${digits}${digits}`, `1${digits}`]) {
      assertRejected(reply(text), 'incorrect-digits', { counts: true, ends: false });
    }
  });

  it('is no guess when it is only words', () => {
    for (const text of ['yes', 'Ja hoor', '👍', '', '??']) {
      assertRejected(reply(text), 'unreadable', { counts: false, ends: false });
    }
  });

  it('is nobody’s business from another number', () => {
    assert.deepEqual(reply(digits, '+31612345613'), { kind: 'pending', state: started.state });
  });

  it('comes too late once the time is over', () => {
    assert.equal(reply(digits, number, later(asked, 179)).kind, 'verified');
    assertRejected(reply(digits, number, later(asked, 181)), 'expired', {
      counts: false,
      ends: true,
    });
  });

  it('ends it when it says STOP, in either language', () => {
    for (const text of ['STOP', 'stop.', ' Stop all ', 'Afmelden', 'UNSUBSCRIBE']) {
      assertRejected(reply(text), 'opted-out', { counts: false, ends: true });
    }
  });

  it('is not listened to where the organisation switched replies off', () => {
    const quiet = ask({ settings: { reply: false } });
    const { state: remembered } = textMessage.challenge(quiet);
    const heard = { kind: 'reply', from: number, text: '42' } as const;
    assert.deepEqual(textMessage.hear(quiet, remembered, heard), {
      kind: 'pending',
      state: remembered,
    });
    // Switched off after the text was sent: it asked for a reply, but the new rule holds.
    const verdict = textMessage.hear(quiet, started.state, { ...heard, text: digits });
    assert.equal(verdict.kind, 'pending');
  });
});

describe('what happens to the text on its way', () => {
  it('changes nothing when it was sent, or when something odd is told', () => {
    const asked = ask();
    const started = textMessage.challenge(asked);
    for (const event of [
      { kind: 'sent' },
      { kind: 'answered' },
      { kind: 'keys', keys: '#', promptSpoken: true },
      { kind: 'ended', reason: 'busy' },
    ] as const) {
      assert.deepEqual(textMessage.hear(asked, started.state, event), {
        kind: 'pending',
        state: started.state,
      });
    }
  });
});

describe('a phone that gets texts', () => {
  it('is a mobile one, never the office phone or a landline', () => {
    assert.equal(textMessage.appliesTo(phone), true);
    assert.equal(textMessage.appliesTo({ number, phoneType: 'alternateMobile' }), true);
    assert.equal(textMessage.appliesTo({ number, phoneType: 'office' }), false);
    assert.equal(textMessage.appliesTo({ number, phoneType: 'mobile', landline: true }), false);
    assert.equal(textMessage.appliesTo({ key: 'ABC' }), false);
  });

  it('cannot be an office phone or a landline when it is registered either', () => {
    const begin = (input: Record<string, string>) =>
      textMessage.begin?.(sampleSetup(textMessage), input, 'en');
    const office = begin({ phoneType: 'office', country: 'NL', number: '020 5551234' });
    assert.equal(office?.kind === 'refused' && office.field, 'phoneType');
    const landline = begin({ phoneType: 'mobile', country: 'NL', number: '020 5551234' });
    assert.equal(landline?.kind === 'refused' && landline.field, 'number');
  });

  it('is shown in full to whoever typed it at a reset, and only perhaps got a text', () => {
    const asked = ask();
    const view = sampleView(asked, textMessage.challenge(asked), { isBlind: true });
    const body = render(textMessage.views.challenge(view).body);
    assert.match(body, /If this is the number you registered, .* to \+31 6 12345612\./);
  });

  it('is shown by its last two digits', () => {
    assert.equal(
      textMessage.views.label(phone, 'en'),
      'Phone - text (+31\u00a0··\u00a0··\u00a0··\u00a012)',
    );
    assert.equal(
      textMessage.views.label(phone, 'nl'),
      'Telefoon – sms (+31\u00a0··\u00a0··\u00a0··\u00a012)',
    );
    assert.deepEqual(textMessage.views.tile(phone, 'en'), {
      title: 'Text +31\u00a0··\u00a0··\u00a0··\u00a012',
      detail: 'Authentication phone',
    });
  });

  it('is told that its extension was left out, until it is proved', async () => {
    const input = { phoneType: 'mobile', country: 'NL', number: '06 12345612 x345' };
    const begun = textMessage.begin?.(sampleSetup(textMessage), input, 'en');
    assert.ok(begun?.kind === 'begun');
    const asked = ask({ secret: begun.secret });
    const started = textMessage.challenge(asked);
    const draft = textMessage.views.draft?.(sampleView(asked, started));
    assert.ok(draft !== undefined);
    assert.match(render(draft), /We removed extension 345/);
    const proof: SampleAnswer = { typed: { code: codeIn(started) } };
    const verdict = await textMessage.verify(asked, started.state, proof.typed);
    assert.deepEqual(verdict, { kind: 'verified', secret: phone });
  });
});

/** All that the page shows of the challenge, above the button and below it. */
function pageOf(view: ViewContext<unknown, unknown>): string {
  const { body, below } = textMessage.views.challenge(view);
  return render(html`${body}${below}`);
}

describe('the page that asks for the code', () => {
  it('shows the two digits where a reply will do, and not where it will not', () => {
    const asked = ask();
    const started = textMessage.challenge(asked);
    const body = pageOf(sampleView(asked, started));
    assert.ok(body.includes(`<strong>${digitsOf(started)}</strong>`));
    const quiet = ask({ settings: { reply: false } });
    const view = sampleView(quiet, textMessage.challenge(quiet));
    assert.doesNotMatch(pageOf(view), /<strong>/);
  });

  it('takes no reply from an administrator, whose sender could be forged', () => {
    const admin = ask({ privileged: true });
    const started = textMessage.challenge(admin);
    assert.equal(state.parse(started.state).replyDigits, undefined);
    assert.doesNotMatch(textIn(started).body, /reply/);
  });

  it('says that only the newest code counts, and how long it is good', () => {
    const asked = ask();
    const view = sampleView(asked, textMessage.challenge(asked));
    const body = pageOf(view);
    assert.match(body, /only the newest code counts/);
    assert.match(body, /3 minutes/);
  });
});

function ask(parts: Partial<Ask> = {}): Ask {
  return sampleAsk(textMessage, phone, parts);
}

function textIn(started: ChallengeStart): TextMessage {
  const [message] = started.messages;
  assert.ok(message?.kind === 'text');
  return message;
}

function codeIn(started: ChallengeStart): string {
  const [code] = /\d{6}/.exec(textIn(started).body) ?? [];
  assert.ok(code !== undefined);
  return code;
}

function digitsOf(started: ChallengeStart): string {
  const { replyDigits } = state.parse(started.state);
  assert.ok(replyDigits !== undefined);
  return replyDigits;
}

/** As many digits, and none of them in its place. */
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
