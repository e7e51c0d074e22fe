/** A sign-in whose calls go by SIP, through the outbox, the worker and the way in of reports. */
import type { CallMessage } from '../../src/delivery/message.ts';
import { sipSettings, type SipSettings } from '../../src/delivery/providers/sip/settings.ts';
import { sipProvider } from '../../src/delivery/providers/sip/sip.ts';
import type { Provider } from '../../src/delivery/provider.ts';
import { listenToProviders } from '../../src/protocols/webhooks/listening.ts';
import { hearingOf, startDelivering } from './delivering.ts';
import { until } from './poll.ts';
import { startHall, type Arrival, type Hall } from './signin.ts';

export interface CalledBySip {
  readonly hall: Hall;
  readonly provider: Provider;
  /** Somebody asks to be called at this number. */
  called(number: string): Promise<Arrival['ref']>;
  /** A message that answers no challenge. */
  send(message: CallMessage): Promise<void>;
  stepOf(ref: Arrival['ref']): Promise<string>;
  /** Waits until the page says how the call ended. */
  outcomeOf(ref: Arrival['ref'], outcome: string): Promise<void>;
  stop(): Promise<void>;
}

/** `second`: how long a second of a call lasts, in milliseconds. */
export async function startCallingBySip(
  settings: Partial<SipSettings>,
  second = 1_000,
): Promise<CalledBySip> {
  const hall = await startHall();
  const { clock, signin, stores } = hall;
  const { outbox, greetings } = stores;
  const provider = sipProvider({
    settings: sipSettings.parse(settings),
    clock,
    sounds: greetings,
    second,
  });
  const stopListening = listenToProviders([provider], hearingOf(hall));
  const delivery = startDelivering(hall, provider);
  return {
    hall,
    provider,
    called: async (number) => {
      const anna = await hall.person();
      await hall.phone(anna, number);
      const { ref, progress } = await hall.arrive(anna);
      hall.clock.advanceSeconds(31);
      const option = progress.known.options.find(({ method }) => method.id === 'phone-call');
      await signin.choose(ref, option?.id ?? '');
      return ref;
    },
    send: async (message) => {
      const deliverBefore = new Date(clock.now().getTime() + 60_000);
      await outbox.add([delivery.prepare(message, { deliverBefore })]);
      delivery.wake();
    },
    stepOf: async (ref) => (await signin.look(ref)).step.kind,
    outcomeOf: async (ref, outcome) => {
      await until(
        outcome,
        async () => (await signin.look(ref)).attempt.challenge?.outcome === outcome,
        15_000,
      );
    },
    stop: async () => {
      await delivery.stop();
      await stopListening();
      await hall.close();
    },
  };
}
