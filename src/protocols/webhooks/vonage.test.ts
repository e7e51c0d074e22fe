/** What is Vonage's own of texts and calls all the way; what every network keeps to is its contract. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { testOrigin } from '../../../test/support/http-server.ts';
import type { Arrival } from '../../../test/support/signin.ts';
import type { Webhook } from '../../../test/support/stand-in.ts';
import {
  startVonage,
  vonageNumber,
  vonageVoiceNumber,
  type VonageCall,
  type VonageServer,
  type VonageText,
} from '../../../test/support/vonage-server.ts';
import { vonageSettings } from '../../delivery/providers/vonage/settings.ts';
import { vonageProvider } from '../../delivery/providers/vonage/vonage.ts';
import { systemRandom } from '../../lib/random.ts';
import {
  describeNetwork,
  mobile,
  startJourney,
  type Journey,
  type NetworkParts,
  type NetworkStage,
} from './network.contract.ts';

const otherSecret = 'b'.repeat(32);
/** What Vonage tells of # alone. */
const hash = { digits: '', timed_out: false };

interface VonageStage extends NetworkStage {
  readonly vonage: VonageServer;
}

/** How Vonage says that a text did not arrive. */
const failures = ['rejected', 'undeliverable'] as const;

async function setUp({ hall, deliver }: NetworkParts): Promise<VonageStage> {
  const { clock } = hall;
  const vonage = await startVonage({
    origin: testOrigin,
    deliver,
    passes: (seconds) => clock.advanceSeconds(seconds),
    now: () => clock.now(),
  });
  const { apiKey, signatureSecret, applicationId, privateKey, address } = vonage;
  const settings = vonageSettings.parse({
    apiKey,
    signatureSecret,
    applicationId,
    privateKey,
    otherSignatureSecret: otherSecret,
    from: vonageNumber,
    voiceFrom: vonageVoiceNumber,
    address,
    voiceAddress: address,
  });
  const random = systemRandom;
  return {
    vonage,
    provider: vonageProvider({ settings, origin: testOrigin, clock, random, timeoutMs: 300 }),
    webhooks: {
      vonage: {
        settings,
        origin: testOrigin,
        soundAddress: (id) => `${testOrigin}/sounds/${id}/mark`,
      },
    },
    address: '/webhooks/vonage/texts',
    failures: failures.map(() => 'unable-to-reach'),
    refusal: { fault: { kind: 'error', status: 422 }, outcome: 'unable-to-reach' },
    hangsUp: ({ body }) => body === '[]',
    network: {
      ...vonage,
      textTo: async (number) => {
        const text = await vonage.textTo(number);
        const statuses = ['submitted', 'delivered', 'read'];
        return {
          body: text.body,
          arrives: () => Promise.all(statuses.map((status) => vonage.report(text, status))),
          fails: (way) =>
            vonage.report(text, failures[way] ?? '', { error: { type: 'x', title: '1470' } }),
        };
      },
      callTo: async (number) => {
        const call = await vonage.callTo(number);
        const about = { uuid: call.uuid, to: call.to };
        const status = String([call.asked['event_url']].flat()[0]);
        return {
          messageId: idIn(call),
          reference: call.uuid,
          ring: (callee) => vonage.ring(call, callee),
          hash: () => vonage.signed(keysOf(call), { ...about, dtmf: hash }),
          over: () => vonage.signed(status, { ...about, status: 'completed' }),
          astray: (messageId) => [
            vonage.signed(`${testOrigin}/webhooks/vonage/calls/${messageId}`, about),
            vonage.signed(keysOf(call), {
              uuid: '00000000-0000-4000-8000-000000000000',
              to: call.to,
              dtmf: hash,
            }),
            vonage.signed(keysOf(call), { uuid: call.uuid, to: '31687654321', dtmf: hash }),
          ],
        };
      },
    },
  };
}

function answerUrlOf({ asked }: VonageCall): string {
  return String([asked['answer_url']].flat()[0]);
}

function keysOf(call: VonageCall): string {
  return `${answerUrlOf(call)}/keys?turn=1&silences=0`;
}

function idIn(call: VonageCall): string {
  return new URL(answerUrlOf(call)).pathname.split('/').at(-1) ?? '';
}

describeNetwork('Vonage', setUp);

describe('what is Vonage’s own', () => {
  let journey: Journey<VonageStage>;
  let vonage: VonageServer;
  beforeEach(async () => {
    journey = await startJourney(setUp);
    ({ vonage } = journey.stage);
  });
  afterEach(() => journey.close());

  const texted = async (
    number = mobile,
    userPrincipalName = 'anna@voorbeeld.example',
  ): Promise<{ readonly ref: Arrival['ref']; readonly text: VonageText }> => {
    const { ref } = await journey.texted(number, { userPrincipalName });
    return { ref, text: await vonage.textTo(number) };
  };

  it('costs what Vonage says', async () => {
    const { ref, text } = await texted();
    await journey.delivered(ref);
    await vonage.report(text, 'delivered');
    const record = await journey.hall.stores.outbox.findByReference('vonage', text.uuid);
    assert.deepEqual(record?.cost, { millionths: 33_300, currency: 'EUR' });
  });

  it('is told of by its own name only, whatever address the report comes to', async () => {
    const one = await texted();
    const other = await texted('+31612345619', 'bram@voorbeeld.example');
    await journey.delivered(other.ref);
    const stolen = vonage.signed(String(other.text.asked['webhook_url']), {
      message_uuid: one.text.uuid,
      client_ref: one.text.asked['client_ref'],
      status: 'rejected',
    });
    assert.equal((await journey.deliver(stolen)).status, 200);
    assert.equal((await journey.hall.signin.look(other.ref)).attempt.challenge?.outcome, undefined);
  });

  it('is refused unless Vonage signed exactly this', async () => {
    const ref = await journey.called();
    const call = await vonage.callTo(mobile);
    await journey.ready(idIn(call));
    const url = keysOf(call);
    const body = { uuid: call.uuid, to: call.to, dtmf: hash };
    const { signed } = vonage;
    const right = signed(url, body);
    const { authorization = '', ...unsigned } = right.headers;
    const token = authorization.replace('Bearer ', '');
    const withToken = (changed: string): Webhook => ({
      ...right,
      headers: { ...right.headers, authorization: `Bearer ${changed}` },
    });
    const [head = '', claims = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const seconds = journey.hall.clock.now().getTime() / 1_000;
    const forged: readonly Webhook[] = [
      { ...right, headers: unsigned },
      { ...right, headers: { ...right.headers, authorization: '' } },
      withToken('x'),
      withToken(`${head}.${claims}.`),
      withToken(`${none}.${claims}.`),
      withToken(`${none}.${claims}.${signature}`),
      withToken(`${head}.${claims}.${'A'.repeat(43)}`),
      withToken(`${token}.${signature}`),
      // Another account's secret, and none.
      signed(url, body, { secret: 'c'.repeat(32) }),
      signed(url, body, { secret: '' }),
      // Another account, another application, another algorithm.
      signed(url, body, { claims: { api_key: 'someone1' } }),
      signed(url, body, { claims: { application_id: '00000000-0000-4000-8000-000000000000' } }),
      signed(url, body, { header: { alg: 'HS512' } }),
      signed(url, body, { header: { alg: 'none' } }),
      // Too old, too young, of no time.
      signed(url, body, { claims: { iat: seconds - 301 } }),
      signed(url, body, { claims: { iat: seconds + 301 } }),
      signed(url, body, { claims: { iat: undefined } }),
      // Another body, and one that is not proved.
      { ...right, body: right.body.replace('"timed_out":false', '"timed_out":true') },
      { ...right, body: `${right.body.slice(0, -1)},"x":1}` },
      { ...right, body: '' },
      signed(url, body, { claims: { payload_hash: undefined } }),
      signed(url, body, { claims: { payload_hash: 'f'.repeat(64) } }),
    ];
    for (const webhook of forged) {
      const { status } = await journey.deliver(webhook);
      assert.ok(status === 401 || status === 403, `${status} for ${JSON.stringify(webhook)}`);
    }
    assert.equal(await journey.stepOf(ref), 'challenge');
    assert.equal((await journey.deliver(right)).status, 200, 'the true one was spoilt');
    assert.equal(await journey.stepOf(ref), 'finish');
  });

  it('may be signed with the secret that takes over', async () => {
    const ref = await journey.called();
    const call = await vonage.callTo(mobile);
    await journey.ready(idIn(call));
    const url = keysOf(call);
    const body = { uuid: call.uuid, to: call.to, dtmf: hash };
    assert.equal(
      (await journey.deliver(vonage.signed(url, body, { secret: otherSecret }))).status,
      200,
    );
    assert.equal(await journey.stepOf(ref), 'finish');
  });
});
