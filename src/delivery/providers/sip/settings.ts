/** Owns what an operator says of an exchange, and what follows from it: encryption, and how numbers are dialled. */
import { isIP } from 'node:net';

import { z } from 'zod';

import type { PortRange } from '../../../lib/rtp/ports.ts';
import { isThisMachine } from '../../../lib/this-machine.ts';

/** What stands before a number on its way to the exchange: what one dials for an outside line as well. */
const prefix = z.string().regex(/^\+?[0-9*#]{0,8}$/, { error: 'is nothing that one dials' });

/** Calls by the organisation's own telephone exchange, or by a SIP trunk. */
export const sipSettings = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .max(253)
      .meta({ env: 'TWEESTAP_SIP_HOST' })
      .describe('Name or address of the exchange, or of the trunk’s proxy.'),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_PORT' })
      .describe('Its port: 5061 with tls and 5060 otherwise, unless told.'),
    transport: z
      .enum(['tls', 'tcp', 'udp'])
      .default('tls')
      .meta({ env: 'TWEESTAP_SIP_TRANSPORT' })
      .describe(
        'How it is spoken to. tls is the only one that nobody on the way can read or change.',
      ),
    authorities: z
      .string()
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_AUTHORITIES', secret: true })
      .describe('Certificates (PEM) that vouch for the exchange, where the usual ones do not.'),
    srtp: z
      .boolean()
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_SRTP' })
      .describe(
        'Whether sound and keys are encrypted (SDES). With tls they are unless told; without it they cannot be.',
      ),
    ownNetwork: z
      .boolean()
      .default(false)
      .meta({ env: 'TWEESTAP_SIP_OWN_NETWORK' })
      .describe(
        'That the whole way to the exchange is the organisation’s own (a VLAN, a VPN): only then may anything cross it unencrypted. Whoever is on that way can press # for others.',
      ),
    domain: z
      .string()
      .regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, { error: 'is not a domain such as sip.example.org' })
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_DOMAIN' })
      .describe('What stands behind the @ of numbers; the host unless told.'),
    user: z
      .string()
      .regex(/^[\w.!~*'()&=+$,;?/-]{1,80}$/, { error: 'is not the name of an account' })
      .meta({ env: 'TWEESTAP_SIP_USER' })
      .describe('The account at the exchange.'),
    password: z
      .string()
      .min(1)
      .max(200)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_PASSWORD', secret: true })
      .describe(
        'The password that goes with it (digest); leave it out where the exchange knows us by our address.',
      ),
    realm: z
      .string()
      .min(1)
      .max(200)
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_REALM' })
      .describe(
        'The only realm that hears of the password; the first that asks unless told. Asterisk calls its own asterisk.',
      ),
    from: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, { error: 'is not a number such as +31201234567' })
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_FROM' })
      .describe(
        'The number that calls come from, where the exchange lets us choose; else it shows the one that the account has there.',
      ),
    ownAddress: z
      .string()
      .refine((address) => isIP(address) !== 0, { error: 'is no address' })
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_OWN_ADDRESS' })
      .describe('The address at which the exchange reaches us, where this machine has another.'),
    soundPorts: z
      .string()
      .refine((text) => portsIn(text) !== undefined, {
        error: 'is not a range such as 20000-20199',
      })
      .exactOptional()
      .meta({ env: 'TWEESTAP_SIP_SOUND_PORTS' })
      .describe(
        'The UDP ports on which the sound of calls arrives, as a firewall lets them through: two for each call. Any free ones unless told.',
      ),
    numbers: z
      .strictObject({
        international: prefix
          .default('+')
          .meta({ env: 'TWEESTAP_SIP_INTERNATIONAL_PREFIX' })
          .describe(
            'What is dialled before a country code: + or 00, or 000 for an outside line and 00.',
          ),
        country: z
          .string()
          .regex(/^[1-9]\d{0,2}$/, { error: 'is not a country code such as 31' })
          .exactOptional()
          .meta({ env: 'TWEESTAP_SIP_COUNTRY_CODE' })
          .describe('The country code whose numbers are dialled as national ones.'),
        national: prefix
          .default('0')
          .meta({ env: 'TWEESTAP_SIP_NATIONAL_PREFIX' })
          .describe('What is dialled in place of that country code.'),
      })
      .prefault({})
      .describe('How the exchange wants numbers.'),
    mostCalls: z
      .int()
      .min(1)
      .max(500)
      .default(30)
      .meta({ env: 'TWEESTAP_SIP_MOST_CALLS' })
      .describe(
        'How many calls each node holds at one time; others wait, or the next provider is asked.',
      ),
    extensionPauseSeconds: z
      .number()
      .min(0)
      .max(10)
      .default(2)
      .meta({ env: 'TWEESTAP_SIP_EXTENSION_PAUSE_SECONDS' })
      .describe('How long to wait between the answer of another exchange and the extension.'),
    machineDetection: z
      .boolean()
      .default(true)
      .meta({ env: 'TWEESTAP_SIP_MACHINE_DETECTION' })
      .describe(
        'Whether we listen for an answering machine before we speak, for two seconds or three. Never for a number with an extension, where a machine is what answers.',
      ),
    machineSpeechSeconds: z
      .number()
      .min(1)
      .max(10)
      .default(2.5)
      .meta({ env: 'TWEESTAP_SIP_MACHINE_SPEECH_SECONDS' })
      .describe('Whoever answers and speaks this long without a pause is taken for a machine.'),
    speech: z
      .strictObject({
        command: z
          .array(z.string().max(1_000))
          .min(1)
          .max(40)
          .meta({ env: 'TWEESTAP_SIP_SPEECH_COMMAND' })
          .describe(
            'The program and its arguments, without a shell. It reads the words and writes a WAV; {language} becomes en or nl.',
          ),
        seconds: z
          .int()
          .min(1)
          .max(9)
          .default(6)
          .meta({ env: 'TWEESTAP_SIP_SPEECH_SECONDS' })
          .describe('How long it may take for a sentence or two.'),
      })
      .exactOptional()
      .describe(
        'The program that speaks; without it every moment of a call needs a sound of the organisation.',
      ),
  })
  .refine(({ transport, srtp }) => transport === 'tls' || srtp !== true, {
    path: ['srtp'],
    error: 'is true without tls: the key would cross the network for everybody to read',
  })
  .refine((settings) => settings.ownNetwork || isThisMachine(settings.host) || isSrtp(settings), {
    path: ['transport'],
    error:
      'leaves calls unencrypted, so that whoever is on the way can press #: use tls with srtp, or say that it is your ownNetwork',
  });

export type SipSettings = z.infer<typeof sipSettings>;

/** Whether sound is encrypted. */
export function isSrtp({
  transport,
  srtp,
}: {
  readonly transport: 'tls' | 'tcp' | 'udp';
  readonly srtp?: boolean;
}): boolean {
  return srtp ?? transport === 'tls';
}

/** A range with room for one call at least; undefined where it is none. */
export function portsIn(text: string): PortRange | undefined {
  const [, from = 0, to = 0] = (/^(\d{4,5})-(\d{4,5})$/.exec(text) ?? []).map(Number);
  // The sound of a call needs an even one, and the next.
  const first = from + (from % 2);
  return from >= 1_024 && first < to && to <= 65_535 ? { from, to } : undefined;
}

/** A number (E.164) as the exchange wants it. */
export function dialledAs(
  number: string,
  { international, country, national }: SipSettings['numbers'],
): string {
  const digits = number.slice(1);
  return country !== undefined && digits.startsWith(country)
    ? `${national}${digits.slice(country.length)}`
    : `${international}${digits}`;
}
