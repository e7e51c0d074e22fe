/** Owns `tweestap user add`. */
import { perUserMfaStates, roles } from '../accounts/user.ts';
import { locales } from '../i18n/locale.ts';
import { seen, told } from './account.ts';
import { actor, CommandFailure, jsonOption, type Call, type Command } from './command.ts';
import { givenOrMade, passwordOptions } from './password-input.ts';
import { choice } from './typed.ts';

export const userAdd: Command = {
  name: 'user add',
  does: 'Adds an account.',
  arguments: [{ name: 'USER' }],
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
      value: perUserMfaStates.join('|'),
      does: 'Per-user state; disabled unless told.',
    },
    disabled: { takes: 'nothing', does: 'The account may not sign in yet.' },
    ...passwordOptions,
    ...jsonOption,
  },
  run: addUser,
};

async function addUser(call: Call): Promise<void> {
  const language = choice(call, 'language', locales);
  const role = choice(call, 'role', roles);
  const state = choice(call, 'state', perUserMfaStates);
  const installation = await call.installation();
  const { administration, policies } = installation;
  const { password, isMade } = await givenOrMade(call, administration);
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
      ...(isMade ? { password } : {}),
    });
    return;
  }
  call.say(`Added ${added.user.userPrincipalName}.`);
  if (isMade) call.say(`Password, shown only now: ${password}`);
}
