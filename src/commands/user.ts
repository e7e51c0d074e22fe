/** Owns `tweestap user …`: accounts, seen and changed by whoever has the machine. */
import { perUserMfaStates } from '../accounts/user.ts';
import { passLengths, passMinutes } from '../methods/temporary-access-pass/code.ts';
import { meant, told } from './account.ts';
import {
  actor,
  CommandFailure,
  jsonOption,
  type Call,
  type Command,
  type Option,
} from './command.ts';
import { givenOrMade, passwordOptions } from './password-input.ts';
import { oneOf, required, wholeOf } from './typed.ts';
import { userAdd } from './user-add.ts';
import { userList, userShow } from './user-show.ts';
import { count } from './words.ts';

const reasonOption = {
  reason: { takes: 'a value', value: 'TEXT', does: 'Why; kept in the audit log. Required.' },
} as const satisfies Readonly<Record<string, Option>>;

const user = [{ name: 'USER' }] as const;

export const userCommands: readonly Command[] = [
  userAdd,
  userList,
  userShow,
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
      const state = oneOf('STATE', call.argument('STATE'), perUserMfaStates);
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
      const days = wholeOf(call, 'days', 1, 3650);
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
  const { password, isMade } = await givenOrMade(call, administration);
  const temporary = !call.flag('permanent');
  const fault = await administration.setPassword(account.id, password, { temporary, by: actor });
  if (fault !== undefined) throw new CommandFailure(told({ field: 'password', reason: fault }));
  call.say(`The password of ${account.userPrincipalName} is set; they are signed out everywhere.`);
  if (isMade) call.say(`Password, shown only now: ${password}`);
}

async function makePass(call: Call): Promise<void> {
  const minutes = wholeOf(call, 'minutes', passMinutes.shortest, passMinutes.longest);
  const length = wholeOf(call, 'length', passLengths.shortest, passLengths.longest);
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
