/** The worker of a hall and its ear: what is in its outbox goes out, and the sign-in hears what became of it. */
import { createDelivery, type Delivery, type DeliveryParts } from '../../src/delivery/delivery.ts';
import type { Provider } from '../../src/delivery/provider.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { createHearing, type Hearing } from '../../src/protocols/webhooks/hearing.ts';
import type { Hall } from './signin.ts';

/** Starts it, in a hurry: it looks every 20 ms. `report` hears what goes wrong; nobody does unless told. */
export function startDelivering(
  { clock, signin, stores: { outbox } }: Hall,
  provider: Provider,
  report: DeliveryParts['report'] = () => undefined,
): Delivery {
  const delivery = createDelivery({
    outbox,
    providers: [provider],
    clock,
    random: systemRandom,
    report,
    onSettled: async ({ attemptId, challengeId }, event) => {
      if (attemptId === undefined || challengeId === undefined) return;
      await signin.hear({ attemptId, challengeId, event });
    },
    limits: { pollMilliseconds: 20 },
  });
  delivery.start();
  return delivery;
}

/** The way in of what providers report. A message is looked for no longer than `patienceMilliseconds`. */
export function hearingOf(
  { clock, signin, stores: { outbox, heard } }: Hall,
  patienceMilliseconds?: number,
): Hearing {
  return createHearing({
    outbox,
    heard,
    clock,
    hear: (report) => signin.hear(report),
    patienceMilliseconds,
  });
}
