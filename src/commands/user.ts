/** Owns `tweestap user …`: accounts, seen and changed by whoever has the machine. */
import type { NewUserFault } from '../accounts/new-user.ts';
import { isBlocked, roles, type PerUserMfaState, type User } from '../accounts/user.ts';
import { isLocale, locales } from '../i18n/locale.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { formatInternational } from '../lib/phone-number.ts';
import type { Installation } from '../installation/installation.ts';
import {
  actor,
  CommandFailure,
  jsonOption,
  type Call,
  type Command,
  type Option,
} from './command.ts';
import { readPassword } from './password-input.ts';
import { count, table } from './words.ts';

const states = ['disabled', 'enabled', 'enforced'] as const satisfies readonly PerUserMfaState[];

const passwordOptions = {
  'password-stdin': {
    takes: 'nothing',
    does: 'Reads the password from standard input; at a terminal it asks, unseen. Otherwise one is made and told once.',
  },
  permanent: {
    takes: 'nothing',
    does: 'The person may keep it. Otherwise they choose their own at the next sign-in.',
  },
} as const satisfies Readonly<Record<string, Option>>;

const reasonOption = {
  reason: { takes: 'a value', value: 'TEXT', does: 'Why; kept in the audit log. Required.' },
} as const satisfies Readonly<Record<string, Option>>;

const user = [{ name: 'USER' }] as const;

export const userCommands: readonly Command[] = [
  {
    name: 'user add',
    does: 'Adds an account.',
    arguments: user,
    options: {
      'display-name': { takes: 'a value', value: 'NAME', does: 'The name that people see.' },
      mail: { takes: 'a value', value: 'ADDRESS', does: "The account's own mailbox." },
      'other-mail': {
        takes: 'a value',
        value: 'ADDRESS',
        does: 'An address outside, for notices.',
      },
      'mobile-phone': { takes: 'a value', value: 'NUMBER', does: 'The mobile number.' },
      'business-phone': {
        takes: 'a value',
        value: 'NUMBER',
        does: 'The office number, with its extension: "+31 20 123 4567 x12".',
      },
      language: { takes: 'a value', value: locales.join('|'), does: 'Their language.' },
      role: { takes: 'a value', value: roles.join('|'), does: 'Their role; user unless told.' },
      group: { takes: 'values', value: 'NAME', does: 'A group they belong to; may be repeated.' },
      state: {
        takes: 'a value',
        value: states.join('|'),
        does: 'Per-user state; disabled unless told.',
      },
      disabled: { takes: 'nothing', does: 'The account may not sign in yet.' },
      ...passwordOptions,
      ...jsonOption,
    },
    run: addUser,
  },
  {
    name: 'user list',
    does: 'Lists the accounts.',
    options: {
      state: { takes: 'a value', value: states.join('|'), does: 'Only those in this state.' },
      ...jsonOption,
    },
    run: listUsers,
  },
  {
    name: 'user show',
    does: 'Shows an account: what it is, what is registered, what is open.',
    arguments: user,
    options: jsonOption,
    run: showUser,
  },
  {
    name: 'user rename',
    does: 'Gives an account another user name, and another mailbox where one is told.',
    more: 'It stays the same account: what is registered and open stays. They are told by mail, at both mailboxes.',
    arguments: [...user, { name: 'NEW-NAME' }],
    options: {
      mail: { takes: 'a value', value: 'ADDRESS', does: 'Their mailbox from now on.' },
    },
    run: rename,
  },
  {
    name: 'user set-password',
    does: 'Sets the password and signs the person out everywhere.',
    arguments: user,
    options: passwordOptions,
    run: setPassword,
  },
  {
    name: 'user state',
    does: 'Says whether a second step is asked: disabled, enabled (to be set up), enforced.',
    arguments: [...user, { name: 'STATE' }],
    run: async (call) => {
      const state = oneOf('STATE', call.argument('STATE'), states);
      const { installation, account } = await meant(call);
      const changed = await installation.administration.setState(account.id, state, actor);
      call.say(`${account.userPrincipalName} is ${changed ? 'now' : 'already'} ${state}.`);
    },
  },
  {
    name: 'user block',
    does: 'Lets nobody in with this account, and ends everything it has open.',
    arguments: user,
    options: {
      ...reasonOption,
      days: {
        takes: 'a value',
        value: 'NUMBER',
        does: 'For so long; until unblocked unless told.',
      },
    },
    run: async (call) => {
      const reason = required(call, 'reason');
      const days = daysOf(call.text('days'));
      const { installation, account } = await meant(call);
      const until =
        days === undefined
          ? undefined
          : new Date(installation.clock.now().getTime() + days * 86_400_000);
      await installation.administration.block(account.id, { reason, until, by: actor });
      const how =
        until === undefined ? 'until somebody unblocks it' : `until ${until.toISOString()}`;
      call.say(`${account.userPrincipalName} is blocked ${how}.`);
    },
  },
  {
    name: 'user unblock',
    does: 'Takes a block away.',
    arguments: user,
    options: reasonOption,
    run: async (call) => {
      const reason = required(call, 'reason');
      const { installation, account } = await meant(call);
      if (!(await installation.administration.unblock(account.id, reason, actor))) {
        throw new CommandFailure(`${account.userPrincipalName} is not blocked.`);
      }
      call.say(`${account.userPrincipalName} is not blocked any more.`);
    },
  },
  {
    name: 'user remove',
    does: 'Removes an account with all that is registered; the logs keep what it did. It cannot be undone.',
    arguments: user,
    options: {
      yes: { takes: 'nothing', does: 'Does it. Without this, only who would be removed is said.' },
    },
    run: async (call) => {
      const { installation, account } = await meant(call);
      const { userPrincipalName, displayName } = account;
      if (!call.flag('yes')) {
        throw new CommandFailure(
          `This would remove ${userPrincipalName} (${displayName}) for good: add --yes to do it.`,
        );
      }
      await installation.administration.remove(account.id, actor);
      call.say(`${userPrincipalName} was removed.`);
    },
  },
  {
    name: 'user tap',
    does: 'Makes a Temporary Access Pass, told once; an earlier one ends.',
    more: 'With it the person signs in for a while in place of password and second step.',
    arguments: user,
    options: {
      minutes: {
        takes: 'a value',
        value: 'NUMBER',
        does: 'Good for so long; 60 unless policy says otherwise.',
      },
      length: { takes: 'a value', value: 'NUMBER', does: 'Characters, 8 to 48.' },
      reusable: {
        takes: 'nothing',
        does: 'Good for any number of sign-ins until then, not for one.',
      },
      forget: {
        takes: 'nothing',
        does: 'Removes all that is registered first: they register anew after signing in.',
      },
      ...jsonOption,
    },
    run: makePass,
  },
  {
    name: 'user require-reregister',
    does: 'Removes all that is registered; the person registers anew at the next sign-in.',
    more: 'The window in which the password alone may do that opens anew, and everything that is open ends.',
    arguments: user,
    run: async (call) => {
      const { installation, account } = await meant(call);
      const removed = await installation.administration.requireReRegistration(account.id, actor);
      call.say(
        `${account.userPrincipalName} registers anew; ${count(removed, 'registration')} removed.`,
      );
      if (account.perUserMfaState === 'disabled') {
        call.say(
          'Their state is disabled: nothing is asked of them until it is enabled or enforced.',
        );
      }
    },
  },
  {
    name: 'user revoke-sessions',
    does: 'Signs the person out everywhere.',
    arguments: user,
    run: async (call) => {
      const { installation, account } = await meant(call);
      await installation.administration.revokeSessions(account.id, actor);
      call.say(`${account.userPrincipalName} is signed out everywhere.`);
    },
  },
];

/** The installation, and the account that is meant by the argument USER. */
export async function meant(
  call: Call,
): Promise<{ readonly installation: Installation; readonly account: User }> {
  const installation = await call.installation();
  const name = call.argument('USER');
  const account = await installation.administration.find(name);
  if (account === undefined) throw new CommandFailure(`There is no account named ${name}.`);
  return { installation, account };
}

async function addUser(call: Call): Promise<void> {
  const language = call.text('language');
  if (language !== undefined && !isLocale(language)) {
    throw new CommandFailure(`--language is one of ${locales.join(', ')}.`, 2);
  }
  const role = choice(call, 'role', roles);
  const state = choice(call, 'state', states);
  const installation = await call.installation();
  const { administration, policies } = installation;
  const isGenerated = !call.flag('password-stdin');
  const password = isGenerated ? administration.generatePassword() : await readPassword(call.io);
  const { organisation } = await policies.current();
  const added = await administration.add(
    {
      userPrincipalName: call.argument('USER'),
      displayName: call.text('display-name'),
      password,
      mustChangePassword: !call.flag('permanent'),
      mail: call.text('mail'),
      otherMail: call.text('other-mail'),
      mobilePhone: call.text('mobile-phone'),
      businessPhone: call.text('business-phone'),
      preferredLanguage: language,
      role,
      groups: call.texts('group'),
      perUserMfaState: state,
      accountEnabled: !call.flag('disabled'),
    },
    { country: organisation.country, by: actor },
  );
  if (added.kind === 'taken') {
    throw new CommandFailure(`There is an account named ${call.argument('USER')} already.`);
  }
  if (added.kind === 'refused') throw new CommandFailure(added.faults.map(told).join(' '));
  if (call.flag('json')) {
    call.json({
      ...seen(added.user, installation.clock.now()),
      ...(isGenerated ? { password } : {}),
    });
    return;
  }
  call.say(`Added ${added.user.userPrincipalName}.`);
  if (isGenerated) call.say(`Password, shown only now: ${password}`);
}

async function listUsers(call: Call): Promise<void> {
  const state = choice(call, 'state', states);
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
    call.say(`${`${name}:`.padEnd(18)}${value === undefined || value === '' ? '–' : value}`);
  }
}

async function rename(call: Call): Promise<void> {
  const userPrincipalName = call.argument('NEW-NAME');
  const mail = call.text('mail');
  const { installation, account } = await meant(call);
  const renamed = await installation.administration.rename(
    account.id,
    { userPrincipalName, ...(mail === undefined ? {} : { mail }) },
    actor,
  );
  if (renamed.kind === 'taken') {
    throw new CommandFailure(`There is an account named ${userPrincipalName} already.`);
  }
  if (renamed.kind === 'refused') throw new CommandFailure(renamed.faults.map(told).join(' '));
  const before = account.userPrincipalName;
  const now = renamed.user.userPrincipalName;
  call.say(now === before ? `${now} keeps that name.` : `${before} is now ${now}.`);
  if (renamed.user.mail !== account.mail) call.say(`Their mailbox is now ${renamed.user.mail}.`);
}

async function setPassword(call: Call): Promise<void> {
  const { installation, account } = await meant(call);
  const { administration } = installation;
  const isGenerated = !call.flag('password-stdin');
  const password = isGenerated ? administration.generatePassword() : await readPassword(call.io);
  const temporary = !call.flag('permanent');
  const fault = await administration.setPassword(account.id, password, { temporary, by: actor });
  if (fault !== undefined) throw new CommandFailure(told({ field: 'password', reason: fault }));
  call.say(`The password of ${account.userPrincipalName} is set; they are signed out everywhere.`);
  if (isGenerated) call.say(`Password, shown only now: ${password}`);
}

async function makePass(call: Call): Promise<void> {
  const minutes = wholeOf(call, 'minutes', 10, 43_200);
  const length = wholeOf(call, 'length', 8, 48);
  const { installation, account } = await meant(call);
  const { administration } = installation;
  const rules = await administration.passRules(account);
  if (!rules.isAllowed) throw new CommandFailure('The policy allows no Temporary Access Pass.');
  if ((minutes ?? 0) > rules.longestMinutes) {
    throw new CommandFailure(`The policy allows at most ${rules.longestMinutes} minutes.`);
  }
  const pass = await administration.issuePass(
    account.id,
    {
      minutes: minutes ?? rules.minutes,
      length: length ?? rules.length,
      once: !call.flag('reusable'),
      forgets: call.flag('forget'),
    },
    actor,
  );
  if (call.flag('json')) {
    call.json({
      temporaryAccessPass: pass.plain,
      endsAt: pass.endsAt,
      isUsableOnce: pass.once,
    });
    return;
  }
  const how = pass.once ? 'once, ' : '';
  call.say(`Pass, shown only now: ${pass.plain}`);
  call.say(`Good ${how}until ${pass.endsAt.toISOString()}.`);
}

/** An account as JSON; names and values are Microsoft Graph's where it has them. */
function seen(account: User, now: Date): Readonly<Record<string, unknown>> {
  return {
    id: account.id,
    userPrincipalName: account.userPrincipalName,
    displayName: account.displayName,
    mail: account.mail ?? null,
    otherMail: account.otherMail ?? null,
    mobilePhone: account.mobilePhone ?? null,
    businessPhone: account.businessPhone ?? null,
    businessPhoneExtension: account.businessPhoneExtension ?? null,
    preferredLanguage: account.preferredLanguage ?? null,
    role: account.role,
    groups: account.groups,
    accountEnabled: account.accountEnabled,
    perUserMfaState: account.perUserMfaState,
    blocked: isBlocked(account, now)
      ? {
          at: account.blocked?.at,
          until: account.blocked?.until ?? null,
          reason: account.blocked?.reason,
        }
      : null,
    createdAt: account.createdAt,
  };
}

function standing(account: User, now: Date): string {
  if (!account.accountEnabled) return 'disabled';
  return isBlocked(account, now) ? `blocked (${account.blocked?.reason})` : 'active';
}

function told({ field, reason }: NewUserFault): string {
  const option = field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  switch (reason) {
    case 'not-a-name':
      return field === 'userPrincipalName'
        ? 'A user name looks like anna@voorbeeld.example.'
        : `--${option} cannot be shown as a name.`;
    case 'mixed-scripts':
      return 'The user name mixes alphabets, so it could be taken for another one.';
    case 'not-an-address':
      return `--${option} is not a mail address.`;
    case 'not-a-number':
      return `--${option} is not a number that can be dialled.`;
    case 'too-short':
      return 'A password has at least 8 characters.';
    case 'too-long':
      return 'A password has at most 256 characters.';
    case 'too-common':
      return 'This password is among those that are guessed first.';
    case 'names-owner':
      return 'A password has neither the name of its owner in it nor that of the organisation.';
  }
}

function canonical(account: User): string {
  return canonicalUserPrincipalName(account.userPrincipalName) ?? account.userPrincipalName;
}

function required(call: Call, option: string): string {
  const value = call.text(option)?.trim() ?? '';
  if (value === '') throw new CommandFailure(`--${option} is required.`, 2);
  return value.slice(0, 500);
}

function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return days;
  throw new CommandFailure('--days is a whole number from 1 to 3650.', 2);
}

function wholeOf(call: Call, option: string, least: number, most: number): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new CommandFailure(`--${option} is a whole number from ${least} to ${most}.`, 2);
}

function choice<word extends string>(
  call: Call,
  option: string,
  words: readonly word[],
): word | undefined {
  const text = call.text(option);
  return text === undefined ? undefined : oneOf(`--${option}`, text, words);
}

function oneOf<word extends string>(what: string, text: string, words: readonly word[]): word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new CommandFailure(`${what} is one of ${words.join(', ')}.`, 2);
  return found;
}
