/** What is Twilio's own of texts and calls all the way; what every network keeps to is its contract. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { testOrigin } from '../../../test/support/http-server.ts';
import type { Webhook } from '../../../test/support/stand-in.ts';
import {
  bodyHash,
  ourNumber,
  ourVoiceNumber,
  startTwilio,
  type TakenCall,
  type TwilioServer,
} from '../../../test/support/twilio-server.ts';
import { twilioSettings } from '../../delivery/providers/twilio/settings.ts';
import { twilioProvider } from '../../delivery/providers/twilio/twilio.ts';
import {
  describeNetwork,
  mobile,
  startJourney,
  type Journey,
  type NetworkParts,
  type NetworkStage,
} from './network.contract.ts';

const otherToken = 'b'.repeat(32);

interface TwilioStage extends NetworkStage {
  readonly twilio: TwilioServer;
}

/** How Twilio says that a text did not arrive, and what the page then tells. */
const failures = [
  [undefined, 'unable-to-reach'],
  [30003, 'unable-to-reach'],
  [30007, 'unable-to-reach'],
  [21610, 'opted-out'],
] as const;

async function setUp({ hall, deliver }: NetworkParts): Promise<TwilioStage> {
  const { clock } = hall;
  const twilio = await startTwilio({
    origin: testOrigin,
    deliver,
    passes: (seconds) => clock.advanceSeconds(seconds),
    now: () => clock.now(),
  });
  const settings = twilioSettings.parse({
    accountSid: twilio.accountSid,
    authToken: twilio.authToken,
    otherAuthToken: otherToken,
    from: ourNumber,
    voiceFrom: ourVoiceNumber,
    address: twilio.address,
  });
  return {
    twilio,
    provider: twilioProvider({ settings, origin: testOrigin, clock, timeoutMs: 300 }),
    webhooks: {
      twilio: {
        settings,
        origin: testOrigin,
        soundAddress: (id) => `${testOrigin}/sounds/${id}/mark`,
      },
    },
    address: '/webhooks/twilio/texts',
    failures: failures.map(([, outcome]) => outcome),
    refusal: { fault: { kind: 'error', status: 400, code: 21610 }, outcome: 'opted-out' },
    hangsUp: ({ body }) => /<Response>(?:<Hangup\/>)?<\/Response>$/.test(body),
    network: {
      ...twilio,
      textTo: async (number) => {
        const text = await twilio.textTo(number);
        const statuses = ['queued', 'sending', 'sent', 'delivered'];
        return {
          body: text.body,
          arrives: () => Promise.all(statuses.map((status) => twilio.report(text, status))),
          fails: (way) => twilio.report(text, 'undelivered', failures[way]?.[0]),
        };
      },
      callTo: async (number) => {
        const call = await twilio.callTo(number);
        const about = { CallSid: call.sid, AccountSid: twilio.accountSid };
        return {
          messageId: idIn(call),
          reference: call.sid,
          ring: (callee) => twilio.ring(call, callee),
          hash: () => twilio.signed(keysOf(call), { ...about, Digits: '#' }),
          over: () =>
            twilio.signed(call.asked['StatusCallback'] ?? '', {
              ...about,
              CallStatus: 'completed',
            }),
          astray: (messageId) => [
            twilio.signed(`${testOrigin}/webhooks/twilio/calls/${messageId}`, about),
            twilio.signed(keysOf(call), { CallSid: `CA${'0'.repeat(32)}`, Digits: '#' }),
          ],
        };
      },
    },
  };
}

function keysOf({ asked }: TakenCall): string {
  return `${asked['Url'] ?? ''}/keys?turn=1&silences=0`;
}

function idIn({ asked }: TakenCall): string {
  return new URL(asked['Url'] ?? '').pathname.split('/').at(-1) ?? '';
}

describeNetwork('Twilio', setUp);

describe('a webhook of Twilio, by its own proof,', () => {
  let journey: Journey<TwilioStage>;
  let twilio: TwilioServer;
  beforeEach(async () => {
    journey = await startJourney(setUp);
    ({ twilio } = journey.stage);
  });
  afterEach(() => journey.close());

  function asJson(url: string, body: string): Webhook {
    const { headers } = twilio.signed(url, {});
    return { url, headers: { ...headers, 'content-type': 'application/json' }, body };
  }

  it('is refused unless Twilio signed exactly this', async () => {
    const ref = await journey.called();
    const call = await twilio.callTo(mobile);
    await journey.ready(idIn(call));
    const url = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0`;
    const fields = { AccountSid: twilio.accountSid, CallSid: call.sid, Digits: '#' };
    const { signed } = twilio;
    const right = signed(url, fields);
    const withHeaders = (headers: Readonly<Record<string, string>>): Webhook => ({
      ...right,
      headers: { ...right.headers, ...headers },
    });
    const { 'x-twilio-signature': _signature, ...unsigned } = right.headers;
    const json = JSON.stringify(fields);
    const forged: readonly Webhook[] = [
      { ...right, headers: unsigned },
      withHeaders({ 'x-twilio-signature': '' }),
      withHeaders({ 'x-twilio-signature': 'x' }),
      withHeaders({ 'x-twilio-signature': 'a'.repeat(27) + '=' }),
      // Another account's token, and none.
      signed(url, fields, 'c'.repeat(32)),
      signed(url, fields, ''),
      // A changed, an added, a doubled and a lost field.
      { ...right, body: right.body.replace('Digits=%23', 'Digits=0%23') },
      { ...right, body: `${right.body}&AnsweredBy=human` },
      { ...right, body: `${right.body}&Digits=%23` },
      { ...right, body: right.body.replace(/^AccountSid=[^&]*&/, '') },
      { ...right, body: '' },
      { ...right, body: '%' },
      // Another address: http and https, another turn, another call.
      signed(url.replace('http:', 'https:'), fields),
      { ...signed(url.replace('turn=1', 'turn=2'), fields), url },
      { ...signed(call.asked['Url'] ?? '', fields), url },
      { ...signed(url.replace('localhost', '127.0.0.1'), fields), url },
      { ...right, url: `${url}&after=0` },
      // A body that is no form is proved by its hash in the address, or not at all.
      {
        ...signed(url, {}),
        headers: { ...right.headers, 'content-type': 'application/json' },
        body: json,
      },
      asJson(`${url}&bodySHA256=${bodyHash('{}')}`, json),
    ];
    for (const webhook of forged) {
      const { status } = await journey.deliver(webhook);
      assert.ok(status === 401 || status === 403, `${status} for ${JSON.stringify(webhook)}`);
    }
    assert.equal(await journey.stepOf(ref), 'challenge');
    assert.equal((await journey.deliver(right)).status, 200, 'the true one was spoilt');
    assert.equal(await journey.stepOf(ref), 'finish');
  });

  it('may be signed with the token that takes over, and may bring JSON', async () => {
    const ref = await journey.called();
    const call = await twilio.callTo(mobile);
    await journey.ready(idIn(call));
    const fields = { CallSid: call.sid };
    const answered = await journey.deliver(
      twilio.signed(call.asked['Url'] ?? '', fields, otherToken),
    );
    assert.match(answered.body, /<Say/);
    const json = JSON.stringify({ CallSid: call.sid, Digits: '#', Confidence: null });
    const url = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0&bodySHA256=${bodyHash(json)}`;
    assert.equal((await journey.deliver(asJson(url, json))).status, 200);
    assert.equal(await journey.stepOf(ref), 'finish');
  });
});
