/** Owns which account a command means, and how it is told of: as JSON, in a word, and what is wrong with one. */
import type { NewUserFault } from '../accounts/new-user.ts';
import { isBlocked, type User } from '../accounts/user.ts';
import type { Installation } from '../installation/installation.ts';
import { CommandFailure, type Call } from './command.ts';

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

/** An account as JSON; names and values are Microsoft Graph's where it has them. */
export function seen(account: User, now: Date): Readonly<Record<string, unknown>> {
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

/** Whether it may sign in. */
export function standing(account: User, now: Date): string {
  if (!account.accountEnabled) return 'disabled';
  return isBlocked(account, now) ? `blocked (${account.blocked?.reason})` : 'active';
}

/** What is wrong, and with which option. */
export function told({ field, reason }: NewUserFault): string {
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
