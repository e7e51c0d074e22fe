/** Owns `tweestap migrate`: what an upgrade will do to the database, and doing it. */
import type { Settings } from '../config.ts';
import {
  boxKeys,
  keptHashKey,
  keyFileOf,
  presentKeys,
  requireKeyOf,
  secretKeys,
} from '../installation/keys.ts';
import { systemRandom } from '../lib/random.ts';
import { createSecretBox } from '../lib/secret-box.ts';
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
    const keys = keysAtHand(settings);
    const box = createSecretBox(boxKeys(keys ?? [noKey], await keptHashKey(settings)));
    const database = await openDatabase({ url, dataFolder, box });
    try {
      const plan = await database.plan();
      if (plan.unknown.length > 0) {
        throw new CommandFailure(
          `The database was changed by a newer Tweestap: ${plan.unknown.join(', ')}.`,
        );
      }
      const isWanted = call.flag('apply') && plan.pending.length > 0;
      if (isWanted && plan.applied.length > 0) {
        const { meta } = database.stores;
        if (keys === undefined && (await meta.read('key-check')) !== undefined) {
          throw new CommandFailure(
            `There is no secret key here: put that of the installation into ${keyFileOf(settings)}, or name it in TWEESTAP_SECRET_KEY.`,
          );
        }
        if (keys !== undefined) await requireKeyOf(meta, box);
      }
      const applied = isWanted ? await database.migrate(systemClock.now()) : [];
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
 * An embedded database is never without its key: a first start after this must find both. Where the
 * database is elsewhere none is made: an empty one needs none, and one that was used has its own.
 */
function keysAtHand(settings: Settings): readonly [Buffer, ...Buffer[]] | undefined {
  return settings.databaseUrl === undefined
    ? secretKeys(settings, systemRandom)
    : presentKeys(settings);
}

const noKey = Buffer.alloc(32);
