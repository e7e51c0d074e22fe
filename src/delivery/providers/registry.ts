/**
 * Owns the list of providers that an operator can configure: a new one is one line in each of the
 * two below. The simulator is not among them: it comes with the sample organisation.
 */
import { z } from 'zod';

import type { Provider } from '../provider.ts';
import { smtpSettings } from './smtp/settings.ts';
import { smtpProvider } from './smtp/smtp.ts';

/** The settings of every provider; a group that is left out is a provider that is not used. */
export const deliverySettings = z.strictObject({
  smtp: smtpSettings.exactOptional().describe('Hands mail to a mail server.'),
});

export type DeliverySettings = z.infer<typeof deliverySettings>;

/** The providers that are configured, in order of preference. */
export function configuredProviders({ smtp }: DeliverySettings): readonly Provider[] {
  const providers = [smtp === undefined ? undefined : smtpProvider(smtp)];
  return providers.filter((provider) => provider !== undefined);
}
