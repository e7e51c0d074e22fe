/** Owns `tweestap ldap-client …`: systems that look people up by LDAP, such as a mail server. */
import type { ShownLdapClient } from '../applications/ldap-clients.ts';
import type { Installation } from '../installation/installation.ts';
import { treeOf } from '../protocols/ldap/tree.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { table } from './words.ts';

export const ldapClientCommands: readonly Command[] = [
  {
    name: 'ldap-client add',
    does: 'Adds a system that may look people up by LDAP; its password is shown once.',
    more: 'What it signs in with (its bind DN) is shown as well. Programs that only sign people in need none.',
    arguments: [{ name: 'NAME' }],
    options: jsonOption,
    run: addClient,
  },
  {
    name: 'ldap-client list',
    does: 'Lists the systems that may look people up by LDAP.',
    options: jsonOption,
    run: async (call) => {
      const installation = await call.installation();
      const all = await installation.ldapClients.list();
      const dnOf = await naming(installation);
      if (call.flag('json')) {
        call.json(all.map((client) => seen(client, dnOf)));
        return;
      }
      call.say(
        table(
          ['NAME', 'BIND DN', 'ADDED'],
          all.map(({ name, createdAt }) => [
            name,
            dnOf(name),
            createdAt.toISOString().slice(0, 10),
          ]),
        ),
      );
    },
  },
  {
    name: 'ldap-client show',
    does: 'Shows a system that may look people up by LDAP.',
    arguments: [{ name: 'NAME' }],
    options: jsonOption,
    run: async (call) => {
      const installation = await call.installation();
      const name = call.argument('NAME');
      const client = (await installation.ldapClients.list()).find((one) => one.name === name);
      if (client === undefined) throw unknown(name);
      const told = seen(client, await naming(installation));
      if (call.flag('json')) {
        call.json(told);
        return;
      }
      for (const [key, value] of Object.entries(told)) call.say(`${`${key}:`.padEnd(12)}${value}`);
    },
  },
  {
    name: 'ldap-client remove',
    does: 'Removes a system that may look people up by LDAP; it finds nobody from then on.',
    arguments: [{ name: 'NAME' }],
    run: async (call) => {
      const { ldapClients } = await call.installation();
      const name = call.argument('NAME');
      if (!(await ldapClients.remove(name, actor))) throw unknown(name);
      call.say(`Removed ${name}.`);
    },
  },
];

async function addClient(call: Call): Promise<void> {
  const installation = await call.installation();
  const name = call.argument('NAME');
  const added = await installation.ldapClients.add(name, actor);
  if (added.kind === 'refused') {
    throw new CommandFailure(
      added.reason === 'taken'
        ? `There is an LDAP client ${name} already.`
        : `${name} is no name for an LDAP client: up to 40 small letters, digits, ".", "_" and "-".`,
    );
  }
  const told = seen(added.client, await naming(installation));
  if (call.flag('json')) {
    call.json({ ...told, password: added.password });
    return;
  }
  call.say(`bindDn:   ${told.bindDn}`);
  call.say(`password: ${added.password}   (shown only now)`);
}

/** How a client is called in the tree of this organisation. */
async function naming({ policies }: Installation): Promise<(name: string) => string> {
  const { organisation } = await policies.current();
  return treeOf(organisation.domain).clientDn;
}

function seen(
  { name, createdAt }: ShownLdapClient,
  dnOf: (name: string) => string,
): { readonly name: string; readonly bindDn: string; readonly createdAt: string } {
  return { name, bindDn: dnOf(name), createdAt: createdAt.toISOString() };
}

function unknown(name: string): CommandFailure {
  return new CommandFailure(`There is no LDAP client ${name}.`);
}
