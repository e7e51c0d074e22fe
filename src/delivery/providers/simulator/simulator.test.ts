import { systemRandom } from '../../../lib/random.ts';
import { settableClock } from '../../../lib/clock.ts';
import { describeProvider } from '../provider.contract.ts';
import { createSimulatorNetwork, type Fault } from './network.ts';
import { createSimulatorProvider } from './simulator.ts';

describeProvider('the simulator', async () => {
  const network = createSimulatorNetwork({
    clock: settableClock(new Date('2026-11-20T09:00:00Z')),
    random: systemRandom,
    secret: Buffer.alloc(32, 1),
    deliver: async () => ({ status: 200, body: '{}' }),
    senders: { number: '+3197010240000', mail: 'no-reply@voorbeeld.example' },
  });
  const behave = (fault: Fault): void => {
    for (const channel of ['text', 'call', 'mail', 'push'] as const) {
      network.setFault(channel, { fault, milliseconds: 60_000 });
    }
  };
  return {
    provider: createSimulatorProvider(network),
    samples: [
      { kind: 'text', to: '+31612345678', language: 'en', body: 'Your code is 123456' },
      {
        kind: 'call',
        to: '+31201234567',
        extension: '12',
        language: 'en',
        greeting: 'This is Voorbeeld.',
        instruction: 'Press the hash key.',
        thanks: 'Thank you.',
        refused: 'That was not the hash key.',
      },
      {
        kind: 'mail',
        to: 'anna@voorbeeld.example',
        language: 'nl',
        subject: 'Er is een methode toegevoegd',
        text: 'Was u dit niet?',
        html: '<p>Was u dit <em>niet</em>?</p>',
      },
      {
        kind: 'push',
        to: 'device-1',
        language: 'nl',
        subscription: {
          endpoint: 'https://push.example/send/1',
          p256dh: 'public-key-of-the-receiver',
          auth: 'secret-of-the-receiver',
        },
        body: '{"changed":true}',
      },
    ],
    arrived: async () => {
      for (const call of network.messages({ kind: 'call' })) await network.answer(call.id);
      return network.messages().map((message) => ({
        to: message.to,
        words:
          message.kind === 'call'
            ? message.call.spoken.join('\n')
            : message.kind === 'mail'
              ? [message.subject, message.text, message.html].join('\n')
              : message.text,
      }));
    },
    goDown: async () => behave('down'),
    comeUp: async () => behave('none'),
    refuse: () => behave('error'),
    hang: () => behave('slow'),
    close: () => network.stop(),
  };
});
