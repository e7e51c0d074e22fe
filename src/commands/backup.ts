/** Owns `tweestap backup` and `tweestap restore`: everything into a file, and a file in place of everything. */
import { createInterface } from 'node:readline/promises';

import { FileExistsError } from '../lib/authentic-file.ts';
import { systemClock } from '../lib/clock.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { count } from './words.ts';

export const backupCommands: readonly Command[] = [
  {
    name: 'backup',
    does: 'Writes everything that is to last into one file, while the service goes on.',
    more: [
      'The file holds people, policy, logs and keys, their secrets sealed; no sessions. It is for its owner only.',
      'The secret key is NOT in it: keep secret.key, or TWEESTAP_SECRET_KEY, elsewhere. Without it nobody restores this.',
    ].join('\n'),
    arguments: [{ name: 'FILE' }],
    options: {
      force: { takes: 'nothing', does: 'Replaces FILE where it is there already.' },
      ...jsonOption,
    },
    run: backup,
  },
  {
    name: 'restore',
    does: 'Puts a backup in the place of the database; stop the service before.',
    more: [
      'All of it is done or nothing. It takes the secret key that the backup was sealed with.',
      'Every session, sign-in under way, trusted device and token ends; recovery codes and passes end too,',
      'and codes of authenticator apps count again after a minute and a half.',
    ].join('\n'),
    arguments: [{ name: 'FILE' }],
    options: {
      replace: { takes: 'nothing', does: 'Replaces a database that is not empty.' },
      'dry-run': {
        takes: 'nothing',
        does: 'Only reads the backup to its end, and says what it is.',
      },
      ...jsonOption,
    },
    run: restore,
  },
];

async function backup(call: Call): Promise<void> {
  const file = call.argument('FILE');
  const { takeBackup } = await import('../installation/backup.ts');
  const taken = await takeBackup(call.settings('command'), {
    file,
    replaces: call.flag('force'),
    by: actor,
    clock: systemClock,
  }).catch((error: unknown) => {
    if (!(error instanceof FileExistsError)) throw error;
    throw new CommandFailure(`${error.message} --force replaces it.`);
  });
  if ('refused' in taken) throw new CommandFailure(taken.refused);
  const { takenAt, rows, bytes, keyId, isNoted } = taken;
  if (!isNoted) {
    call.warn('The audit log does not tell of this: the database is older than this program.');
  }
  if (call.flag('json')) {
    call.json({ file, takenAt: takenAt.toISOString(), rows, bytes, keyId, isNoted });
    return;
  }
  call.say(`${file} holds ${count(rows, 'row')} in ${bytes} bytes.`);
  call.say(`The secret key (${keyId}) is not in it: keep it elsewhere.`);
}

async function restore(call: Call): Promise<void> {
  const file = call.argument('FILE');
  const isRehearsal = call.flag('dry-run');
  const { prepareRestore } = await import('../installation/restore.ts');
  const prepared = await prepareRestore(call.settings('command'), {
    file,
    isRehearsal,
    by: actor,
    clock: systemClock,
  });
  if ('refused' in prepared) throw new CommandFailure(prepared.refused);
  try {
    const { takenAt, version, engine, migrations, keyId } = prepared.head;
    const newest = migrations.at(-1) ?? '';
    const from = { takenAt: takenAt.toISOString(), version, engine, newest, keyId };
    if (isRehearsal) {
      if (call.flag('json')) call.json({ file, ...from });
      else call.say(`${file} is whole: ${described(from)}. Nothing was done.`);
      return;
    }
    await requireReplaceable(call, prepared.standing);
    const restored = await prepared.run();
    if ('refused' in restored) throw new CommandFailure(restored.refused);
    const { epoch, people, audit, damaged } = restored;
    if (call.flag('json')) {
      const { checked, brokenAt = null } = audit;
      call.json({ file, ...from, people, epoch, audit: { checked, brokenAt }, damaged });
    } else {
      call.say(`Restored: ${described(from)}.`);
      call.say(`${count(people, 'account')}, ${count(audit.checked, 'event')} in the audit log.`);
      call.say('Every session, trusted device and token has ended: everybody signs in anew.');
    }
    if (damaged > 0) {
      call.warn(`${count(damaged, 'registration')} could not be read: they open nothing.`);
    }
    if (audit.brokenAt !== undefined) {
      throw new CommandFailure(
        `It is restored, but event ${audit.brokenAt} of the audit log was changed, removed or moved before the backup was taken.`,
      );
    }
  } finally {
    await prepared.close();
  }
}

function described(from: {
  readonly takenAt: string;
  readonly version: string;
  readonly engine: string;
  readonly newest: string;
}): string {
  return `taken ${from.takenAt} on ${from.engine} by Tweestap ${from.version} (${from.newest})`;
}

async function requireReplaceable(
  call: Call,
  standing: { readonly isEmpty: boolean; readonly people: number } | undefined,
): Promise<void> {
  if (standing === undefined || standing.isEmpty) return;
  const there = count(standing.people, 'account');
  if (!call.flag('replace')) {
    throw new CommandFailure(
      `The database is not empty (${there}): --replace puts the backup in its place. Back it up first.`,
    );
  }
  if (call.io.input.isTTY !== true) return;
  const lines = createInterface({ input: call.io.input, output: call.io.error });
  const typed = await lines
    .question(`All that is there now (${there}) goes. Type "replace" to go on: `)
    .finally(() => lines.close());
  if (typed.trim() !== 'replace') throw new CommandFailure('Nothing was done.');
}
