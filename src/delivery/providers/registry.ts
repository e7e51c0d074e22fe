/**
 * Owns the list of providers that an operator can configure: a new one is told in each of the two
 * below. Only those that are used are loaded. The simulator is not among them: it comes with the sample
 * organisation.
 */
import { z } from 'zod';

import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { VapidKey } from '../../lib/web-push/vapid.ts';
import type { Provider } from '../provider.ts';
import { httpProvidersSettings } from './http/settings.ts';
import { sipSettings } from './sip/settings.ts';
import { lackOf, type SoundKeeper, type SoundsLack } from './sip/voice.ts';
import { smppSettings } from './smpp/settings.ts';
import { smtpSettings } from './smtp/settings.ts';
import { twilioSettings } from './twilio/settings.ts';
import { vonageSettings } from './vonage/settings.ts';
import { webPushSettings } from './web-push/settings.ts';

const kindOrder = {
  text: z
    .array(z.string())
    .exactOptional()
    .describe('Who is asked first to send a text: names such as twilio. The rest come after them.'),
  call: z.array(z.string()).exactOptional().describe('Who is asked first to call somebody.'),
};

/** Who is asked first, where several can. */
const orderSettings = z.strictObject({
  ...kindOrder,
  countries: z
    .record(
      z.string().regex(/^[A-Z]{2}$/, { error: 'is not a country such as NL' }),
      z.strictObject(kindOrder),
    )
    .exactOptional()
    .describe('An order of its own for numbers of a country (ISO 3166).'),
});

/** The settings of every provider; a group that is left out is a provider that is not used. */
export const deliverySettings = z.strictObject({
  smtp: smtpSettings.exactOptional().describe('Hands mail to a mail server.'),
  twilio: twilioSettings.exactOptional().describe('Carries texts and calls by Twilio.'),
  vonage: vonageSettings.exactOptional().describe('Carries texts and calls by Vonage.'),
  smpp: smppSettings.exactOptional().describe('Carries texts by SMPP 3.4.'),
  sip: sipSettings
    .exactOptional()
    .describe('Carries calls by the organisation’s own telephone exchange or a SIP trunk.'),
  http: httpProvidersSettings
    .default({})
    .describe('Providers of texts that take an HTTP request, each described under a name.'),
  push: z
    .enum(['web-push', 'simulator', 'none'])
    .default('web-push')
    .meta({ env: 'TWEESTAP_PUSH' })
    .describe(
      'Who wakes the authenticator on people’s devices. web-push: the push service of each browser, which learns that something waits and not what. none: nobody, and people open the app themselves. simulator: the page of the sample organisation, as start --sample does by itself.',
    ),
  webPush: webPushSettings.prefault({}).describe('How pushes get to browsers.'),
  order: orderSettings
    .prefault({})
    .describe(
      'Who is asked first where several providers carry texts or calls. The next one is asked where one surely did not take a message, and instead of one that fails too often.',
    ),
});

export type DeliverySettings = z.infer<typeof deliverySettings>;

/**
 * Names in the order that no provider of texts or calls has, so that a slip is no silent preference;
 * each with where it stands.
 */
export function strangersInOrder(
  settings: DeliverySettings,
): readonly { readonly path: string; readonly name: string }[] {
  const known = carrierNames(settings);
  const { countries = {}, text = [], call = [] } = settings.order;
  const named = (path: string, names: readonly string[]) => names.map((name) => ({ path, name }));
  return [
    ...named('delivery.order.text', text),
    ...named('delivery.order.call', call),
    ...Object.entries(countries).flatMap(([country, order]) => [
      ...named(`delivery.order.countries.${country}.text`, order.text ?? []),
      ...named(`delivery.order.countries.${country}.call`, order.call ?? []),
    ]),
  ].filter(({ name }) => !known.includes(name));
}

/** Groups of settings whose providers carry texts or calls: each provider is called as its group. */
const carriers = [
  'twilio',
  'vonage',
  'smpp',
  'sip',
] as const satisfies readonly (keyof DeliverySettings)[];

/** Who may carry texts or calls, whether configured or not. */
function carrierNames({ http }: DeliverySettings): readonly string[] {
  return [...carriers, ...Object.keys(http)];
}

/** What calls lack for want of sounds of the organisation that can be played; undefined: nothing. */
export async function soundsLack(
  { sip }: DeliverySettings,
  sounds: SoundKeeper,
): Promise<SoundsLack | undefined> {
  return sip === undefined ? undefined : lackOf(sounds, sip.speech !== undefined);
}

/** What providers need of the installation. */
export interface ProviderParts {
  /** The key that browsers subscribe with. */
  readonly pushKey: VapidKey;
  /** An address of ours that strangers may write to or look at; undefined where there is none. */
  readonly contact: string | undefined;
  /** Our public origin, where providers report; undefined where nobody could reach us. */
  readonly origin: string | undefined;
  /** The organisation's own sounds, for who plays them itself; undefined: none are played. */
  readonly sounds?: SoundKeeper | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** The providers that are configured, in order of preference. */
export async function configuredProviders(
  { smtp, twilio, vonage, smpp, sip, http, push, webPush }: DeliverySettings,
  { pushKey, contact, origin, sounds, clock, random }: ProviderParts,
): Promise<readonly Provider[]> {
  const providers: Provider[] = [];
  if (smtp !== undefined) {
    const { smtpProvider } = await import('./smtp/smtp.ts');
    providers.push(smtpProvider(smtp, clock));
  }
  if (twilio !== undefined && origin !== undefined) {
    const { twilioProvider } = await import('./twilio/twilio.ts');
    providers.push(twilioProvider({ settings: twilio, origin, clock }));
  }
  if (vonage !== undefined && origin !== undefined) {
    const { vonageProvider } = await import('./vonage/vonage.ts');
    providers.push(vonageProvider({ settings: vonage, origin, clock, random }));
  }
  if (smpp !== undefined) {
    const { smppProvider } = await import('./smpp/smpp.ts');
    providers.push(smppProvider({ settings: smpp, clock }));
  }
  if (sip !== undefined) {
    const { sipProvider } = await import('./sip/sip.ts');
    providers.push(sipProvider({ settings: sip, clock, sounds }));
  }
  for (const [name, settings] of Object.entries(http)) {
    const { httpProvider } = await import('./http/http.ts');
    providers.push(httpProvider(name, settings));
  }
  if (push === 'web-push') {
    const { webPushProvider } = await import('./web-push/web-push.ts');
    providers.push(webPushProvider({ settings: webPush, key: pushKey, contact, clock }));
  }
  return providers;
}
