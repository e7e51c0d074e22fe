/** Owns `tweestap app-passwords …`: what older apps of a person sign in with. */
import { endOfAppPassword } from '../app-passwords/standing.ts';
import { actor, CommandFailure, jsonOption, type Command } from './command.ts';
import { meant } from './account.ts';
import { table } from './words.ts';

export const appPasswordCommands: readonly Command[] = [
  {
    name: 'app-passwords list',
    does: 'Lists the app passwords of a person; the passwords themselves nobody can show.',
    arguments: [{ name: 'USER' }],
    options: jsonOption,
    run: async (call) => {
      const { installation, account } = await meant(call);
      const policy = await installation.policies.current();
      const all = (await installation.database.stores.appPasswords.list(account.id)).map(
        (each) => ({ ...each, expiresAt: endOfAppPassword(policy, each) }),
      );
      if (call.flag('json')) {
        call.json(
          all.map(({ id, name, door, createdAt, expiresAt, lastUse }) => ({
            id,
            name,
            door: door ?? null,
            createdAt,
            expiresAt: expiresAt ?? null,
            lastUsedAt: lastUse?.at ?? null,
            lastUsedDoor: lastUse?.door ?? null,
            lastUsedAddress: lastUse?.address ?? null,
          })),
        );
        return;
      }
      const rows = all.map(({ id, name, door, createdAt, expiresAt, lastUse }) => [
        id,
        name,
        door ?? 'any',
        day(createdAt),
        day(lastUse?.at),
        day(expiresAt),
      ]);
      call.say(table(['ID', 'NAME', 'DOOR', 'MADE', 'LAST USED', 'EXPIRES'], rows));
    },
  },
  {
    name: 'app-passwords revoke',
    does: 'Removes an app password of a person, or all of them.',
    arguments: [{ name: 'USER' }, { name: 'ID', optional: true }],
    options: { all: { takes: 'nothing', does: 'All of them, instead of one by its id.' } },
    run: async (call) => {
      const isAll = call.flag('all');
      if (isAll === call.has('ID')) {
        throw new CommandFailure('Name one app password by its id, or say --all.', 2);
      }
      const { installation, account } = await meant(call);
      const { administration } = installation;
      if (isAll) {
        const removed = await administration.removeAppPasswords(account.id, actor);
        call.say(`Removed ${removed} app passwords of ${account.userPrincipalName}.`);
        return;
      }
      const id = call.argument('ID');
      if (!(await administration.removeAppPassword(account.id, id, actor))) {
        throw new CommandFailure(`${account.userPrincipalName} has no app password ${id}.`);
      }
      call.say(`Removed an app password of ${account.userPrincipalName}.`);
    },
  },
];

function day(moment: Date | undefined): string {
  return moment === undefined ? '–' : moment.toISOString().slice(0, 10);
}
