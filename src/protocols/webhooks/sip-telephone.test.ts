/**
 * What `sip.test.ts` tells, with programs of other makers: Kamailio as the exchange, with a password and over
 * TLS; baresip as the telephone, which takes encrypted calls only; and espeak-ng, which speaks.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import {
  baresipProgram,
  espeakProgram,
  kamailioModules,
  kamailioProgram,
  proxyAccount,
  startProxy,
  startTelephone,
  type Telephone,
} from '../../../test/support/baresip.ts';
import { startCallingBySip, type CalledBySip } from '../../../test/support/called-by-sip.ts';
import { until } from '../../../test/support/poll.ts';
import { withoutFiles } from '../../../test/support/programs.ts';
import { wavOf } from '../../../test/support/sounds.ts';
import { createSpeech } from '../../delivery/providers/sip/speech.ts';

const number = '+31612345612';
const command = [espeakProgram, '-v', '{language}', '-s', '400', '--stdin', '--stdout'];
const skip = withoutFiles(
  baresipProgram,
  espeakProgram,
  kamailioProgram,
  `${kamailioModules()}/tls.so`,
);

describe('a challenge by SIP, to a real telephone behind a real exchange', { skip }, () => {
  const openThings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of openThings.splice(0).toReversed()) await close();
  });

  async function start(
    says: Buffer,
    answers: 'auto' | 'manual' = 'auto',
    password: string = proxyAccount.password,
  ): Promise<{ readonly telephone: Telephone; readonly calling: CalledBySip }> {
    const telephone = await startTelephone({ number, says, answers, srtp: true });
    openThings.push(telephone.stop);
    const proxy = await startProxy(telephone.port);
    openThings.push(proxy.stop);
    const calling = await startCallingBySip({
      ...proxyAccount,
      password,
      host: 'localhost',
      port: proxy.port,
      transport: 'tls',
      authorities: proxy.authority,
      speech: { command, seconds: 9 },
    });
    openThings.push(calling.stop);
    return { telephone, calling };
  }

  it('is greeted, told what to press, confirmed with #, and thanked', async () => {
    const { telephone, calling } = await start(wavOf(new Int16Array(8_000 * 60)));
    await calling.provider.check();
    const ref = await calling.called(number);
    await until(
      'greeting and instruction',
      () => telephone.speech().spoken > 3 && telephone.speech().quiet > 1,
      30_000,
    );
    assert.match(telephone.log(), /starting mediaenc 'srtp-mand'/);
    assert.equal(await calling.stepOf(ref), 'challenge');
    const before = telephone.speech().spoken;
    await telephone.press('#');
    await until('the sign-in', async () => (await calling.stepOf(ref)) === 'finish');
    await until('the goodbye', () => / terminated \(duration/.test(telephone.log()));
    assert.ok(telephone.speech().spoken > before + 0.2, 'nobody was thanked');
  });

  it('is taken for what it is where a machine greets', async () => {
    const speak = createSpeech({ command: [espeakProgram, '--stdin', '--stdout'], seconds: 9 });
    const greeting = await speak(
      'You have reached the voicemail of Anna, who cannot come to the telephone at this moment, so please leave your name and your number after the tone and you will be called back',
      'en',
    );
    const { telephone, calling } = await start(wavOf(greeting));
    const ref = await calling.called(number);
    await calling.outcomeOf(ref, 'went-to-voicemail');
    assert.equal(telephone.speech().spoken, 0);
  });

  it('is declined, and the page says so', async () => {
    const { telephone, calling } = await start(wavOf(new Int16Array(8_000)), 'manual');
    const ref = await calling.called(number);
    await until('it to ring', () => /incoming call/i.test(telephone.log()));
    await telephone.hangUp();
    await calling.outcomeOf(ref, 'busy');
  });

  it('does not ring with a password that the exchange does not know', async () => {
    const { telephone, calling } = await start(wavOf(new Int16Array(8_000)), 'auto', 'verkeerd');
    await assert.rejects(calling.provider.check());
    const ref = await calling.called(number);
    await until('the page to say so', async () => {
      // It is tried again before it is given up.
      calling.hall.clock.advanceSeconds(1);
      const { attempt } = await calling.hall.signin.look(ref);
      return attempt.challenge?.outcome === 'unable-to-reach';
    });
    assert.doesNotMatch(telephone.log(), /incoming call|answering call/i);
  });
});
