/** Owns `tweestap check`: looking at everything the settings name, without starting anything. */
import { existsSync } from 'node:fs';

import { openUpstream } from '../accounts/upstream/opening.ts';
import type { UpstreamSettings } from '../accounts/upstream/settings.ts';
import type { Settings } from '../config.ts';
import { configuredProviders, soundsLack } from '../delivery/providers/registry.ts';
import { refusalOf } from '../delivery/refusal.ts';
import { TweestapError } from '../errors/errors.ts';
import { systemClock } from '../lib/clock.ts';
import { readKeyFile } from '../lib/key-file.ts';
import { systemRandom } from '../lib/random.ts';
import { createSecretBox } from '../lib/secret-box.ts';
import { createVapidKey } from '../lib/web-push/vapid.ts';
import { certificateFault } from '../protocols/ldap/certificate.ts';
import { openDatabase, type Database } from '../stores/sql/database.ts';
import { clockFault } from './clock-fault.ts';
import { boxKeys, databaseFile, isKeyOf, keptHashKey, keyFaults, keyFileOf } from './keys.ts';

/** Something that `check` found. */
export interface Finding {
  readonly part: 'keys' | 'certificates' | 'database' | 'providers' | 'directory' | 'audit log';
  readonly message: string;
  readonly isFault: boolean;
}

/** Looks at everything the settings name, without starting and without making anything. */
export async function examine(settings: Settings): Promise<readonly Finding[]> {
  const findings: Finding[] = keyFaults(settings).map((message) => ({
    part: 'keys',
    message,
    isFault: true,
  }));
  // What is looked at needs no key of ours, and nothing is to be made.
  const parts = {
    pushKey: createVapidKey(),
    contact: undefined,
    origin: settings.publicUrl,
    clock: systemClock,
    random: systemRandom,
  };
  for (const provider of await configuredProviders(settings.delivery, parts)) {
    try {
      await provider.check();
      findings.push({ part: 'providers', message: `${provider.name}: in order`, isFault: false });
    } catch (error) {
      findings.push({
        part: 'providers',
        message: `${provider.name}: ${whyOf(error)}`,
        isFault: true,
      });
    }
  }
  if (settings.upstream !== undefined) findings.push(await examineDirectory(settings.upstream));
  const certificate = certificateFault(settings.ldap, systemClock.now());
  if (certificate !== undefined)
    findings.push({ part: 'certificates', message: certificate, isFault: true });
  const found = await examineDatabase(settings);
  return [...findings, ...found];
}

/** Signs in as the account of the settings, and finds where people and groups are. */
async function examineDirectory(settings: UpstreamSettings): Promise<Finding> {
  const part = 'directory';
  try {
    const directory = await openUpstream(settings);
    try {
      await directory.probe();
      return { part, message: `${settings.urls.join(', ')}: in order`, isFault: false };
    } finally {
      directory.close();
    }
  } catch (error) {
    return { part, message: whyOf(error), isFault: true };
  }
}

async function examineDatabase(settings: Settings): Promise<readonly Finding[]> {
  const note = (message: string): Finding => ({ part: 'database', message, isFault: false });
  const fault = (message: string): Finding => ({ part: 'database', message, isFault: true });
  const { databaseUrl: url, dataFolder } = settings;
  if (url === undefined && !existsSync(databaseFile(settings))) {
    return [note(`${databaseFile(settings)} is not there yet: the first start makes it`)];
  }
  try {
    const keys =
      settings.secretKeys.length > 0 ? settings.secretKeys : readKeyFile(keyFileOf(settings));
    const [first, ...previous] = keys ?? [];
    // Without a key the tables can still be looked at.
    const hashKey = await keptHashKey(settings);
    const box = createSecretBox(boxKeys([first ?? Buffer.alloc(32), ...previous], hashKey));
    const database = await openDatabase({ url, dataFolder, box });
    try {
      const { applied, pending, unknown } = await database.plan();
      if (unknown.length > 0)
        return [fault(`it was changed by a newer Tweestap: ${unknown.join(', ')}`)];
      if (applied.length === 0) return [note('it is empty: the first start prepares it')];
      const findings: Finding[] = [];
      if (pending.length > 0) {
        findings.push(note(`the next start brings it up to date: ${pending.join(', ')}`));
      }
      const { databaseTime } = await database.ping(systemClock.now());
      const clock = clockFault(systemClock.now(), databaseTime);
      if (clock !== undefined) findings.push(fault(clock));
      const check = await database.stores.meta.read('key-check');
      if (first !== undefined && !isKeyOf(box, { check, hashKey })) {
        findings.push(fault('it was made with another secret key'));
      } else if (first !== undefined && pending.length === 0) {
        const lack = await soundsLack(settings.delivery, database.stores.greetings);
        if (lack !== undefined) findings.push({ part: 'providers', ...lack });
        findings.push(await examineAuditLog(database));
        if (previous.length > 0) findings.push({ part: 'keys', ...olderKeys(previous.length) });
      }
      return findings;
    } finally {
      await database.close();
    }
  } catch (error) {
    return [fault(whyOf(error))];
  }
}

function olderKeys(count: number): Omit<Finding, 'part'> {
  const message =
    count === 1
      ? 'an older key is still there: tweestap rotate-keys lets it go'
      : `${count} older keys are still there: tweestap rotate-keys lets them go`;
  return { message, isFault: false };
}

/**
 * Walks the chain of the audit log, which the key alone can judge. How many events there are is told
 * as well: fewer than the last time means that an older database was put back.
 */
async function examineAuditLog({ stores }: Database): Promise<Finding> {
  const { checked, brokenAt } = await stores.audit.verify();
  return brokenAt === undefined
    ? {
        part: 'audit log',
        message: `${checked} ${checked === 1 ? 'event' : 'events'}, and nobody changed any`,
        isFault: false,
      }
    : {
        part: 'audit log',
        message: `event ${brokenAt} was changed, removed or moved by somebody else`,
        isFault: true,
      };
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Nothing was sent that could be refused: only what the provider itself says helps.
  if (error instanceof TweestapError && error.code === 'DELIVERY_REFUSED') {
    const { fault } = refusalOf(error);
    const whole = error.cause instanceof Error ? error.cause.message.trim() : '';
    if (fault.includes(whole)) return fault;
    return whole.startsWith(fault) ? whole : `${fault}: ${whole}`;
  }
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}
