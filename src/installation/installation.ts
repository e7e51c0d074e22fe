/**
 * Owns the installation: what the command line and the server both stand on (keys, database,
 * policies, accounts), opened and brought up to date.
 */
import { createAdministration, type Administration } from '../administration/administration.ts';
import { createDirectorySync, type DirectorySync } from '../administration/directory/directory.ts';
import { createConnecting, type Connecting } from '../administration/connecting.ts';
import { createGoverning, type Governing } from '../administration/governing.ts';
import { createGreetings, type Greetings } from '../administration/greetings.ts';
import { createNumberBlocks, type NumberBlocks } from '../administration/number-blocks.ts';
import { createJobs, type Jobs } from '../administration/jobs/jobs.ts';
import {
  createHardwareTokens,
  type HardwareTokens,
} from '../administration/hardware-tokens/hardware-tokens.ts';
import { createAppPasswords, type AppPasswords } from '../app-passwords/app-passwords.ts';
import { createApplications, type Applications } from '../applications/applications.ts';
import { createLdapClients, type LdapClients } from '../applications/ldap-clients.ts';
import { createRadiusClients, type RadiusClients } from '../applications/radius-clients.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Settings } from '../config.ts';
import type { Provider } from '../delivery/provider.ts';
import { configuredProviders } from '../delivery/providers/registry.ts';
import { TweestapError } from '../errors/errors.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { createPasswordHasher, type PasswordHasher } from '../lib/password-hash.ts';
import { systemRandom, type Random } from '../lib/random.ts';
import { createSecretBox, type SecretBox } from '../lib/secret-box.ts';
import type { VapidKey } from '../lib/web-push/vapid.ts';
import { createMethods, type Methods } from '../methods/method.ts';
import { methods as allMethods } from '../methods/registry.ts';
import { createPolicies, type Policies } from '../policies/policies.ts';
import { requirableNames } from '../policies/strengths.ts';
import { openDatabase, type Database } from '../stores/sql/database.ts';
import type { Damage } from '../stores/sql/sealed.ts';
import { directorySource, rulesOf } from './directory-source.ts';
import {
  announceSealingKey,
  boxKeys,
  foreignKey,
  isKeyOf,
  keptHashKey,
  keyCheckOf,
  requireKeyOf,
  secretKeys,
  settleHashKey,
  settlePushKey,
} from './keys.ts';

/** What the command line and the server both stand on. */
export interface Installation {
  readonly settings: Settings;
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: PasswordHasher;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly applications: Applications;
  readonly ldapClients: LdapClients;
  readonly radiusClients: RadiusClients;
  readonly appPasswords: AppPasswords;
  readonly administration: Administration;
  readonly governing: Governing;
  readonly numberBlocks: NumberBlocks;
  readonly greetings: Greetings;
  readonly jobs: Jobs;
  readonly hardwareTokens: HardwareTokens;
  readonly connecting: Connecting;
  /** Undefined where no directory is configured. */
  readonly directorySync: DirectorySync | undefined;
  /** What browsers subscribe with (VAPID's public key, base64url); undefined where nothing is pushed. */
  readonly pushKey: string | undefined;
  /** The providers that the settings name; the simulator is not among them. */
  readonly providers: readonly Provider[];
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** The machine's clock unless told. */
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** For tests: SQLite may lose what was acknowledged when the power fails. */
  readonly synchronous?: 'FULL' | 'OFF' | undefined;
  readonly onAudited?: ((events: readonly AuditEvent[]) => void) | undefined;
  readonly onDamage?: ((damage: Damage) => void) | undefined;
  /** Told of what failed for somebody in long work, which went on with the next. */
  readonly onJobFault?:
    | ((fault: { readonly job: string; readonly error: unknown }) => void)
    | undefined;
  /** Told why the organisation's directory could not be read. */
  readonly onDirectoryFault?: ((error: unknown) => void) | undefined;
  /** Whether an older database is brought up to date, as the server does; else only an empty one. */
  readonly upgrades?: boolean | undefined;
}

/** Opens the keys and the database. */
export async function openInstallation(
  settings: Settings,
  options: InstallationOptions = {},
): Promise<Installation> {
  const { clock = systemClock, random = systemRandom, synchronous = 'FULL' } = options;
  const hashKey = await keptHashKey(settings);
  const keys = boxKeys(secretKeys(settings, random), hashKey);
  const box = createSecretBox(keys);
  const database = await openDatabase({
    url: settings.databaseUrl,
    dataFolder: settings.dataFolder,
    box,
    synchronous,
    ...(options.onAudited === undefined ? {} : { onAudited: options.onAudited }),
    ...(options.onDamage === undefined ? {} : { onDamage: options.onDamage }),
  });
  let pushKey: VapidKey;
  try {
    await bringUpToDate(database, box, clock.now(), options.upgrades ?? false);
    await requireOwnKey(database, box, hashKey);
    await settleHashKey(database.stores.meta, box, keys);
    if (options.upgrades === true) await announceSealingKey(database.stores.meta, keys);
    pushKey = await settlePushKey(database.stores.meta, box);
  } catch (error) {
    await database.close();
    throw error;
  }
  const { stores, transact } = database;
  const hasher = createPasswordHasher();
  const methods = createMethods(allMethods);
  const policies = createPolicies({ store: stores.policies, methods });
  const appPasswords = createAppPasswords({ box, clock, random });
  const administration = createAdministration({
    stores,
    transact,
    appPasswords,
    policies,
    methods,
    hasher,
    clock,
    random,
  });
  return {
    settings,
    database,
    box,
    clock,
    random,
    hasher,
    methods,
    policies,
    applications: createApplications({
      store: stores.applications,
      transact,
      clock,
      random,
      requirable: async () => requirableNames(await policies.current()),
    }),
    ldapClients: createLdapClients({
      store: stores.ldapClients,
      transact,
      box,
      clock,
      random,
    }),
    radiusClients: createRadiusClients({ store: stores.radiusClients, transact, clock, random }),
    appPasswords,
    administration,
    jobs: createJobs({
      stores,
      transact,
      administration,
      methods,
      policies,
      clock,
      random,
      signals: database.signals,
      report: options.onJobFault ?? (() => {}),
    }),
    directorySync:
      settings.upstream === undefined
        ? undefined
        : createDirectorySync({
            stores,
            transact,
            source: directorySource(settings.upstream),
            rules: rulesOf(settings.upstream),
            policies,
            methods,
            clock,
            random,
            signals: database.signals,
            report: options.onDirectoryFault ?? (() => {}),
          }),
    connecting: createConnecting({ transact, methods, policies, box, clock, random }),
    hardwareTokens: createHardwareTokens({
      stores,
      transact,
      administration,
      methods,
      policies,
      clock,
      random,
    }),
    numberBlocks: createNumberBlocks({ stores, transact, methods, policies, clock }),
    greetings: createGreetings({ stores, transact, methods, policies, clock, random }),
    governing: createGoverning({ transact, methods, policies, clock }),
    pushKey: settings.delivery.push === 'none' ? undefined : pushKey.publicKey,
    providers: await configuredProviders(settings.delivery, {
      pushKey,
      contact: contactOf(settings),
      origin: settings.publicUrl,
      sounds: stores.greetings,
      clock,
      random,
    }),
    close: () => database.close(),
  };
}

/** Where strangers learn whose server this is; undefined where nobody but us can reach it. */
function contactOf({ publicUrl }: Settings): string | undefined {
  return publicUrl?.startsWith('https:') === true ? publicUrl : undefined;
}

/** A new database is made ready; one of a newer program is left alone. */
async function bringUpToDate(
  database: Database,
  box: SecretBox,
  now: Date,
  upgrades: boolean,
): Promise<void> {
  const { applied, unknown, pending } = await database.plan();
  if (unknown.length > 0) {
    throw new TweestapError('CONFIGURATION_FAULTY', {
      details: { reason: `the database was changed by a newer Tweestap (${unknown.join(', ')})` },
    });
  }
  if (pending.length === 0) return;
  if (!upgrades && applied.length > 0) {
    throw new TweestapError('CONFIGURATION_FAULTY', {
      details: { reason: 'the database is older than this program: tweestap migrate --apply' },
    });
  }
  if (applied.length > 0) await requireKeyOf(database.stores.meta, box);
  await database.migrate(now);
}

/** Nothing must be written with a key that does not open what is there (attack ATK-93). */
async function requireOwnKey(
  database: Database,
  box: SecretBox,
  hashKey: string | undefined,
): Promise<void> {
  const check = await database.stores.meta.settle('key-check', keyCheckOf(box));
  if (isKeyOf(box, { check, hashKey })) return;
  throw foreignKey();
}
