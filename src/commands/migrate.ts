/** Owns `tweestap migrate`: what an upgrade will do to the database, and doing it. */
import type { Settings } from '../config.ts';
import { boxKeys, keptHashKey, secretKeys } from '../installation/keys.ts';
import { systemRandom } from '../lib/random.ts';
import { createSecretBox, type SecretBox } from '../lib/secret-box.ts';
import { openDatabase } from '../stores/sql/database.ts';
import { systemClock } from '../lib/clock.ts';
import { CommandFailure, jsonOption, type Command } from './command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  does: 'Shows what an upgrade will do to the database; does it with --apply.',
  more: 'The server does it at its start as well. Make a backup first (tweestap backup FILE): there is no way back.',
  options: { apply: { takes: 'nothing', does: 'Does it.' }, ...jsonOption },
  run: async (call) => {
    const settings = call.settings('command');
    const { databaseUrl: url, dataFolder } = settings;
    const database = await openDatabase({ url, dataFolder, box: await boxOf(settings) });
    try {
      const plan = await database.plan();
      if (plan.unknown.length > 0) {
        throw new CommandFailure(
          `The database was changed by a newer Tweestap: ${plan.unknown.join(', ')}.`,
        );
      }
      const applied = call.flag('apply') ? await database.migrate(systemClock.now()) : [];
      const pending = plan.pending.filter((name) => !applied.includes(name));
      if (call.flag('json')) {
        call.json({ engine: database.engine, before: plan.applied, applied, pending });
        return;
      }
      for (const name of plan.applied) call.say(`done     ${name}`);
      for (const name of applied) call.say(`applied  ${name}`);
      for (const name of pending) call.say(`pending  ${name}`);
      if (pending.length > 0) call.say('Nothing was changed. tweestap migrate --apply does it.');
      else call.say('The database is up to date.');
    } finally {
      await database.close();
    }
  },
};

/**
 * An embedded database is never without its key: a first start after this must find both. Tables hold
 * no secrets of their own, so where the database is elsewhere, no key is needed and none is made.
 */
async function boxOf(settings: Settings): Promise<SecretBox> {
  if (settings.databaseUrl === undefined) {
    const keys = secretKeys(settings, systemRandom);
    return createSecretBox(boxKeys(keys, await keptHashKey(settings)));
  }
  const anyKey = { id: 'none', key: Buffer.alloc(32) };
  return createSecretBox({ current: anyKey, previous: [], hashKey: Buffer.alloc(32) });
}
