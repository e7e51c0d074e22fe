/** Owns `tweestap user list` and `user show`: what accounts are, what they have registered and what is open. */
import { perUserMfaStates, type User } from '../accounts/user.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { formatInternational } from '../lib/phone-number.ts';
import { meant, seen, standing } from './account.ts';
import { jsonOption, type Call, type Command } from './command.ts';
import { choice } from './typed.ts';
import { oneLine, table } from './words.ts';

export const userList: Command = {
  name: 'user list',
  does: 'Lists the accounts.',
  options: {
    state: {
      takes: 'a value',
      value: perUserMfaStates.join('|'),
      does: 'Only those in this state.',
    },
    ...jsonOption,
  },
  run: listUsers,
};

export const userShow: Command = {
  name: 'user show',
  does: 'Shows an account: what it is, what is registered, what is open.',
  arguments: [{ name: 'USER' }],
  options: jsonOption,
  run: showUser,
};

async function listUsers(call: Call): Promise<void> {
  const state = choice(call, 'state', perUserMfaStates);
  const { database, clock } = await call.installation();
  const found: User[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await database.stores.users.list({
      limit: 500,
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < 500) break;
    after = canonical(last);
  }
  const now = clock.now();
  if (call.flag('json')) {
    call.json(found.map((each) => seen(each, now)));
    return;
  }
  const rows = found.map((each) => [
    each.userPrincipalName,
    each.displayName,
    each.perUserMfaState,
    each.role,
    standing(each, now),
  ]);
  call.say(table(['USER', 'NAME', 'STATE', 'ROLE', 'ACCOUNT'], rows));
}

async function showUser(call: Call): Promise<void> {
  const { installation, account } = await meant(call);
  const { database, methods, clock } = installation;
  const now = clock.now();
  const [registrations, appPasswords, sessions] = await Promise.all([
    database.stores.registrations.list(account.id),
    database.stores.appPasswords.list(account.id),
    database.stores.sessions.list(account.id, now),
  ]);
  const registered = registrations.map((registration) => {
    const labels = methods.all
      .filter(({ registers }) => registers.id === registration.kind)
      .filter((method) => method.appliesTo(registration.secret))
      .map((method) => method.views.label(registration.secret, 'en'));
    return {
      kind: registration.kind,
      slot: registration.slot,
      labels,
      createdAt: registration.createdAt,
    };
  });
  if (call.flag('json')) {
    call.json({
      ...seen(account, now),
      registrations: registered,
      defaultMethod: account.defaultMethod?.methodId ?? null,
      appPasswords: appPasswords.length,
      sessions: sessions.length,
    });
    return;
  }
  const office =
    account.businessPhone === undefined
      ? undefined
      : formatInternational(account.businessPhone, account.businessPhoneExtension);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['User', account.userPrincipalName],
    ['Name', account.displayName],
    ['Account', standing(account, now)],
    ['Per-user state', account.perUserMfaState],
    ['Role', account.role],
    ['Groups', account.groups.join(', ')],
    ['Mail', account.mail],
    ['Other mail', account.otherMail],
    ['Mobile phone', account.mobilePhone && formatInternational(account.mobilePhone)],
    ['Office phone', office],
    ['Language', account.preferredLanguage],
    ['Registered', registered.map(({ labels }) => labels.join(' / ')).join('; ')],
    ['Default method', account.defaultMethod?.methodId],
    ['App passwords', String(appPasswords.length)],
    ['Sessions', String(sessions.length)],
  ];
  for (const [name, value] of facts) {
    const said = value === undefined || value === '' ? '–' : oneLine(value);
    call.say(`${`${name}:`.padEnd(18)}${said}`);
  }
}

function canonical(account: User): string {
  return canonicalUserPrincipalName(account.userPrincipalName) ?? account.userPrincipalName;
}
