/** Owns `tweestap radius-client …`: systems that ask us about people by RADIUS. */
import { radiusModes } from '../applications/radius-client.ts';
import type { RadiusClientFault, ShownRadiusClient } from '../applications/radius-clients.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { readPassword } from './password-input.ts';
import { choice } from './typed.ts';
import { table } from './words.ts';

export const radiusClientCommands: readonly Command[] = [
  {
    name: 'radius-client add',
    does: 'Adds a system that asks by RADIUS, such as a VPN gateway; its secret is shown once.',
    more: [
      'Modes: app-password takes name and app password. password-then-challenge takes the',
      "account's own password and then asks for a second step. password+code takes both in one",
      'field, the code of an authenticator app right behind the password.',
    ].join('\n'),
    arguments: [{ name: 'NAME' }],
    options: {
      address: {
        takes: 'values',
        value: 'ADDRESS',
        does: 'Where it asks from: an address or a range (CIDR); may be said several times.',
      },
      mode: {
        takes: 'a value',
        value: radiusModes.join('|'),
        does: 'What people type; app-password unless told.',
      },
      'bring-secret': {
        takes: 'nothing',
        does: 'Reads the secret from standard input, for devices that insist on their own.',
      },
      unsigned: {
        takes: 'nothing',
        does: 'It cannot sign its requests (Message-Authenticator). From this machine only.',
      },
      ...jsonOption,
    },
    run: addClient,
  },
  {
    name: 'radius-client list',
    does: 'Lists the systems that ask by RADIUS.',
    options: jsonOption,
    run: async (call) => {
      const { radiusClients } = await call.installation();
      const all = await radiusClients.list();
      if (call.flag('json')) {
        call.json(all.map(seen));
        return;
      }
      const rows = all.map(({ id, name, mode, addresses }) => [
        id,
        name,
        mode,
        addresses.join(' '),
      ]);
      call.say(table(['ID', 'NAME', 'MODE', 'ASKS FROM'], rows));
    },
  },
  {
    name: 'radius-client show',
    does: 'Shows one; its secret nobody can show.',
    arguments: [{ name: 'ID' }],
    options: jsonOption,
    run: async (call) => {
      const { radiusClients } = await call.installation();
      const id = call.argument('ID');
      const client = await radiusClients.show(id);
      if (client === undefined) throw unknown(id);
      if (call.flag('json')) {
        call.json(seen(client));
        return;
      }
      for (const [name, value] of Object.entries(seen(client))) {
        call.say(`${`${name}:`.padEnd(12)}${typeof value === 'object' ? value.join(' ') : value}`);
      }
    },
  },
  {
    name: 'radius-client remove',
    does: 'Removes one; it gets no answer any more.',
    arguments: [{ name: 'ID' }],
    run: async (call) => {
      const { radiusClients } = await call.installation();
      const id = call.argument('ID');
      if (!(await radiusClients.remove(id, actor))) throw unknown(id);
      call.say(`Removed ${id}.`);
    },
  },
];

async function addClient(call: Call): Promise<void> {
  const mode = choice(call, 'mode', radiusModes) ?? 'app-password';
  const secret = call.flag('bring-secret') ? await readPassword(call.io) : undefined;
  const { radiusClients } = await call.installation();
  const added = await radiusClients.add(
    {
      name: call.argument('NAME'),
      addresses: call.texts('address'),
      mode,
      secret,
      signs: !call.flag('unsigned'),
    },
    actor,
  );
  if (added.kind === 'refused') throw new CommandFailure(added.faults.map(told).join('; '));
  if (call.flag('json')) {
    call.json({ ...seen(added.client), secret: added.secret });
    return;
  }
  call.say(`id:     ${added.client.id}`);
  call.say(`secret: ${added.secret}   (shown only now)`);
}

function seen(
  client: ShownRadiusClient,
): Readonly<Record<string, string | boolean | readonly string[]>> {
  return {
    id: client.id,
    name: client.name,
    mode: client.mode,
    addresses: client.addresses,
    signs: client.signs,
    createdAt: client.createdAt.toISOString(),
  };
}

/** `addresses 0.0.0.0/0: too wide`. */
function told({ field, reason, value }: RadiusClientFault): string {
  return `${field}${value === undefined ? '' : ` ${value}`}: ${reason.replaceAll('-', ' ')}`;
}

function unknown(id: string): CommandFailure {
  return new CommandFailure(`There is no RADIUS client ${id}.`);
}
