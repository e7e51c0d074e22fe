/**
 * Owns the list of providers that an operator can configure: a new one is one line in each of the
 * two below. The simulator is not among them: it comes with the sample organisation.
 */
import { z } from 'zod';

import type { Clock } from '../../lib/clock.ts';
import type { VapidKey } from '../../lib/web-push/vapid.ts';
import type { Provider } from '../provider.ts';
import { smtpSettings } from './smtp/settings.ts';
import { smtpProvider } from './smtp/smtp.ts';
import { twilioSettings } from './twilio/settings.ts';
import { twilioProvider } from './twilio/twilio.ts';
import { webPushSettings } from './web-push/settings.ts';
import { webPushProvider } from './web-push/web-push.ts';

/** The settings of every provider; a group that is left out is a provider that is not used. */
export const deliverySettings = z.strictObject({
  smtp: smtpSettings.exactOptional().describe('Hands mail to a mail server.'),
  twilio: twilioSettings.exactOptional().describe('Carries texts and calls by Twilio.'),
  push: z
    .enum(['web-push', 'simulator', 'none'])
    .default('web-push')
    .meta({ env: 'TWEESTAP_PUSH' })
    .describe(
      'Who wakes the authenticator on people’s devices. web-push: the push service of each browser, which learns that something waits and not what. none: nobody, and people open the app themselves. simulator: the page of the sample organisation, as start --sample does by itself.',
    ),
  webPush: webPushSettings.prefault({}).describe('How pushes get to browsers.'),
});

export type DeliverySettings = z.infer<typeof deliverySettings>;

/** What providers need of the installation. */
export interface ProviderParts {
  /** The key that browsers subscribe with. */
  readonly pushKey: VapidKey;
  /** An address of ours that strangers may write to or look at; undefined where there is none. */
  readonly contact: string | undefined;
  /** Our public origin, where providers report; undefined where nobody could reach us. */
  readonly origin: string | undefined;
  readonly clock: Clock;
}

/** The providers that are configured, in order of preference. */
export function configuredProviders(
  { smtp, twilio, push, webPush }: DeliverySettings,
  { pushKey, contact, origin, clock }: ProviderParts,
): readonly Provider[] {
  const providers = [
    smtp === undefined ? undefined : smtpProvider(smtp),
    twilio === undefined || origin === undefined
      ? undefined
      : twilioProvider({ settings: twilio, origin, clock }),
    push === 'web-push'
      ? webPushProvider({ settings: webPush, key: pushKey, contact, clock })
      : undefined,
  ];
  return providers.filter((provider) => provider !== undefined);
}
