/**
 * Owns the operator's settings: composed from their owners, loaded, and completed with what follows
 * from one another. What an organisation decides is policy and lives in the database.
 */
import { z } from 'zod';

import {
  readAddress,
  upstreamSettings,
  type UpstreamSettings,
} from './accounts/upstream/settings.ts';
import {
  deliverySettings,
  strangersInOrder,
  type DeliverySettings,
} from './delivery/providers/registry.ts';
import { isServiceHere } from './delivery/providers/web-push/services.ts';
import { isLoopback } from './http/hosts.ts';
import { httpSettings, type HttpSettings } from './http/settings.ts';
import { addressRanges, normaliseAddress } from './lib/ip.ts';
import { parseKey } from './lib/key-file.ts';
import {
  load,
  processEnvironment,
  type Environment,
  type SettingsFault,
} from './lib/settings/settings.ts';
import {
  forwardAuthSettings,
  type ForwardAuthSettings,
} from './protocols/forward-auth/settings.ts';
import { ldapSettings, sampleLdapSettings, type LdapSettings } from './protocols/ldap/settings.ts';
import { oidcSettings, type OidcSettings } from './protocols/oidc/settings.ts';
import { radiusSettings, samplePort, type RadiusSettings } from './protocols/radius/settings.ts';

const key = z
  .string()
  .refine((text) => parseKey(text) !== undefined, 'is not 32 bytes in base64 or hexadecimal');

/** The variable that names the file of settings. */
export const configVariable = 'TWEESTAP_CONFIG';

/**
 * What the settings are for. `service`: they must be complete. `sample`: some have other defaults, and
 * nothing may leave this machine. `command`: a command that only needs the data does not ask for what
 * only the service needs.
 */
export type Mode = 'service' | 'sample' | 'command';

/** All settings. */
export function settingsSchema(mode: Mode) {
  const isSample = mode === 'sample';
  return z.strictObject({
    publicUrl: (mode === 'service' ? publicUrl(false) : publicUrl(isSample).exactOptional())
      .meta({ env: 'TWEESTAP_PUBLIC_URL' })
      .describe(
        'The address people see, such as https://login.example.org. The OpenID Connect issuer and every link come from it. http is for this machine only.',
      ),
    dataFolder: z
      .string()
      .min(1)
      .default('./data')
      .meta({ env: 'TWEESTAP_DATA' })
      .describe('The folder of the embedded database and of the secret key.'),
    databaseUrl: z
      .url({
        protocol: /^postgres(?:ql)?$/,
        error: 'is not an address of PostgreSQL (postgres://…)',
      })
      .exactOptional()
      .meta({ env: 'TWEESTAP_DATABASE_URL', secret: true })
      .describe(
        'Where PostgreSQL is; without it the embedded database in the data folder is used.',
      ),
    secretKey: key
      .exactOptional()
      .meta({ env: 'TWEESTAP_SECRET_KEY', secret: true })
      .describe(
        'Seals secrets at rest: 32 random bytes in base64 or hexadecimal. Without it a key is made at the first start and kept in the data folder, as secret.key. Nodes that share a database share it.',
      ),
    previousSecretKeys: z
      .array(key)
      .max(20)
      .default([])
      .meta({ env: 'TWEESTAP_PREVIOUS_SECRET_KEYS', secret: true })
      .describe(
        'Keys that were in use before secretKey, the newest first. They may go once tweestap rotate-keys says that nothing is sealed with them any more.',
      ),
    logLevel: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .meta({ env: 'TWEESTAP_LOG_LEVEL' })
      .describe('How much is written to the log: one JSON object a line, readable on a terminal.'),
    http: (isSample
      ? httpSettings.extend({ host: httpSettings.shape.host.refine(isThisMachine, onlyHere) })
      : httpSettings
    ).prefault({}),
    delivery: (isSample
      ? deliverySettings.extend({ push: deliverySettings.shape.push.default('simulator') })
      : deliverySettings
    ).prefault({}),
    upstream: upstreamSettings
      .exactOptional()
      .describe('The organisation’s own directory, which owns people and passwords.'),
    oidc: oidcSettings.prefault({}),
    forwardAuth: forwardAuthSettings.prefault({}),
    ldap: (isSample
      ? sampleLdapSettings.extend({
          host: ldapSettings.shape.host.refine(isThisMachine, onlyHere),
        })
      : ldapSettings
    ).prefault({}),
    radius: (isSample
      ? radiusSettings.extend({
          port: radiusSettings.shape.port.default(samplePort),
          hosts: radiusSettings.shape.hosts.refine((hosts) => hosts.every(isThisMachine), onlyHere),
        })
      : radiusSettings
    ).prefault({}),
    simulator: z
      .boolean()
      .default(isSample)
      .refine(
        (isOn) => mode !== 'service' || !isOn,
        'is for the sample organisation: start --sample',
      )
      .meta({ env: 'TWEESTAP_SIMULATOR' })
      .describe(
        'Whether phones and a mailbox are simulated on a page, instead of the providers under delivery. Only with --sample, where it is on.',
      ),
    sampleApp: z
      .strictObject({
        port: z
          .int()
          .min(0)
          .max(65_535)
          .default(8081)
          .meta({ env: 'TWEESTAP_SAMPLE_APP_PORT' })
          .describe('The port of the sample application, which runs with --sample only.'),
      })
      .prefault({}),
  });
}

const onlyHere = 'leaves this machine: with --sample everything stays on 127.0.0.1';

function publicUrl(isSample: boolean): z.ZodType<string> {
  return z.string().transform((text, context) => {
    const fault = publicUrlFault(text, isSample);
    if (fault === undefined) return new URL(text).origin;
    context.addIssue(fault);
    return z.NEVER;
  });
}

function publicUrlFault(text: string, isSample: boolean): string | undefined {
  if (!URL.canParse(text)) return 'is not an address such as https://login.example.org';
  const { protocol, hostname, username, pathname, search, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'begins with neither https nor http';
  if (`${username}${search}${hash}` !== '' || pathname !== '/') {
    return 'has more than a host: Tweestap has a host of its own, without a path';
  }
  if (isSample && !isThisMachine(hostname)) return onlyHere;
  if (protocol === 'http:' && !isThisMachine(hostname)) {
    return 'begins with http: passwords may cross a network encrypted only (https)';
  }
  return undefined;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || isLoopback(normaliseAddress(host));
}

/** What the program runs on. */
export interface Settings {
  readonly isSample: boolean;
  /** An origin; undefined in sample mode, where it is `http://localhost:<port>`, and for commands. */
  readonly publicUrl: string | undefined;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** The one in use first; empty where the key is kept in the data folder. */
  readonly secretKeys: readonly Buffer[];
  readonly logLevel: LogLevel;
  readonly http: HttpSettings;
  readonly delivery: DeliverySettings;
  /** Undefined where no directory owns anybody. */
  readonly upstream: UpstreamSettings | undefined;
  readonly oidc: OidcSettings;
  readonly forwardAuth: ForwardAuthSettings;
  readonly ldap: LdapSettings;
  readonly radius: RadiusSettings;
  readonly simulator: boolean;
  readonly sampleAppPort: number;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The settings, or everything that is wrong with them; warnings stop nobody. */
export type LoadedSettings =
  | { readonly settings: Settings; readonly warnings: readonly SettingsFault[] }
  | {
      readonly settings: undefined;
      readonly faults: readonly SettingsFault[];
      readonly warnings: readonly SettingsFault[];
    };

/** Loads the settings from a file (or the one `TWEESTAP_CONFIG` names) and the environment. */
export function loadSettings(options: {
  readonly mode: Mode;
  readonly file?: string | undefined;
  /** The environment of the process unless told. */
  readonly environment?: Environment | undefined;
}): LoadedSettings {
  const { mode, environment = processEnvironment() } = options;
  const named = environment[configVariable] ?? '';
  const loaded = load(settingsSchema(mode), {
    file: options.file ?? (named === '' ? undefined : named),
    environment,
    alsoKnown: [configVariable],
  });
  const { warnings } = loaded;
  if (loaded.settings === undefined)
    return { settings: undefined, faults: loaded.faults, warnings };
  const { secretKey, previousSecretKeys, sampleApp, ...rest } = loaded.settings;
  const faults = contradictions(loaded.settings, mode);
  if (faults.length > 0) return { settings: undefined, faults, warnings };
  const texts = secretKey === undefined ? [] : [secretKey, ...previousSecretKeys];
  return {
    settings: {
      ...rest,
      isSample: mode === 'sample',
      publicUrl: rest.publicUrl,
      upstream: rest.upstream,
      databaseUrl: rest.databaseUrl,
      secretKeys: texts.map(parseKey).filter((parsed) => parsed !== undefined),
      sampleAppPort: sampleApp.port,
    },
    warnings:
      mode === 'service'
        ? [...warnings, ...silences(rest), ...openWays(rest), ...everybody(rest), ...deadEnds(rest)]
        : warnings,
  };
}

type Parsed = z.output<ReturnType<typeof settingsSchema>>;

/** What is wrong only in view of one another. */
function contradictions(settings: Parsed, mode: Mode): readonly SettingsFault[] {
  const faults: SettingsFault[] = [];
  const { push, webPush } = settings.delivery;
  if (push === 'simulator' && mode === 'service') {
    faults.push({
      path: 'delivery.push',
      message: 'The simulator is for the sample organisation: start --sample.',
    });
  }
  if (push === 'web-push' && mode === 'sample' && !webPush.services.every(isServiceHere)) {
    faults.push({
      path: 'delivery.webPush.services',
      message: 'Pushes would leave this machine: with --sample everything stays on 127.0.0.1.',
    });
  }
  if (mode === 'sample' && !(settings.upstream?.urls ?? []).every(isDirectoryHere)) {
    faults.push({ path: 'upstream.urls', message: `The directory ${onlyHere}.` });
  }
  for (const { path, name } of strangersInOrder(settings.delivery)) {
    faults.push({ path, message: `There is no provider of the name ${name}.` });
  }
  if (settings.secretKey === undefined && settings.previousSecretKeys.length > 0) {
    faults.push({
      path: 'previousSecretKeys',
      message: 'Keys went before secretKey, which is missing.',
    });
  }
  const { sites } = settings.forwardAuth;
  if (settings.publicUrl !== undefined && sites.includes(settings.publicUrl)) {
    faults.push({
      path: 'forwardAuth.sites',
      message: 'This is the address of Tweestap itself, which guards its pages without a proxy.',
    });
  }
  if (settings.publicUrl?.startsWith('https:') === true && !sites.every(isEncrypted)) {
    faults.push({
      path: 'forwardAuth.sites',
      message: 'A site begins with http: browsers keep our cookies on https only.',
    });
  }
  if (sites.length > 0 && settings.http.trustedProxies.length === 0 && mode !== 'command') {
    faults.push({
      path: 'http.trustedProxies',
      message: 'No proxy is believed, so nobody can ask for forwardAuth.sites.',
    });
  }
  return faults;
}

function isDirectoryHere(url: string): boolean {
  return isThisMachine(readAddress(url)?.host ?? '');
}

function isEncrypted(site: string): boolean {
  return site.startsWith('https:');
}

/** What an operator may not have meant. */
function silences(settings: Pick<Parsed, 'simulator' | 'delivery'>): readonly SettingsFault[] {
  if (settings.simulator || settings.delivery.smtp !== undefined) return [];
  return [
    {
      path: 'delivery.smtp',
      message: 'There is no mail server: nobody is told of changes to their account.',
    },
  ];
}

// Far apart on the open internet: whoever believes both of a pair believes whoever writes to them.
const farApart = [
  ['1.1.1.1', '223.5.5.5'],
  ['2001:4860::8888', '2a00:1450::8888'],
] as const;

/** Who believes everybody is told any address, a trusted network among them (attack ATK-86). */
function everybody({ http }: Pick<Parsed, 'http'>): readonly SettingsFault[] {
  const proxies = addressRanges(http.trustedProxies);
  if (!farApart.some((pair) => pair.every((address) => proxies.has(address)))) return [];
  return [
    {
      path: 'http.trustedProxies',
      message:
        'Everybody is believed to be a proxy, and may say to be anywhere, in a trusted network too: name the addresses of your proxies alone.',
    },
  ];
}

/** Where somebody else will knock in vain. */
function deadEnds({
  publicUrl,
  delivery,
}: Pick<Parsed, 'publicUrl' | 'delivery'>): readonly SettingsFault[] {
  const isReachable = publicUrl !== undefined && !isThisMachine(new URL(publicUrl).hostname);
  const knocking = [
    ...(delivery.twilio === undefined ? [] : ['Twilio']),
    ...(delivery.vonage === undefined ? [] : ['Vonage']),
  ];
  if (isReachable) return [];
  return knocking.map((name) => ({
    path: 'publicUrl',
    message: `${name} cannot reach this address: calls stay silent, and nobody hears of replies or of texts that do not arrive.`,
  }));
}

/** What anybody on the way could read or change: a warning, since the way may be the operator's own. */
function openWays({ databaseUrl }: Pick<Parsed, 'databaseUrl'>): readonly SettingsFault[] {
  if (databaseUrl === undefined) return [];
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host') ?? hostname.replace(/^\[(.*)\]$/, '$1');
  const isSocket = host === '' || host.startsWith('/');
  const isVerified = /^verify-(?:ca|full)$/.test(searchParams.get('sslmode') ?? '');
  if (isSocket || isThisMachine(host) || isVerified) return [];
  return [
    {
      path: 'databaseUrl',
      message:
        'The way to the database may be read, and its server may be anybody: add sslmode=verify-full.',
    },
  ];
}
