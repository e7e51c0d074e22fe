import type { Blocked } from '../../signin/next-step.ts';

/** What a person reads in the window of a VPN program, or at a terminal: a line or two of plain text. */
export const en = {
  unavailable: 'The organisation’s directory does not answer. Try again later.',
  wrong: 'This user name and password do not belong together.',
  wrongAppPassword:
    'This user name and app password do not belong together. Your normal password may not be enough here: make an app password under My Profile.',
  paused: (time: string) => `Too many wrong passwords. Try again in ${time}.`,
  stepsPaused: (time: string) =>
    `The second step was answered wrongly too often. Try again in ${time}. If that was not you, tell your admin.`,
  pausedNow: 'Too many wrong passwords. Try again later.',
  blocked: {
    'account-disabled': 'Your account is disabled. Contact your admin if you need it.',
    'account-blocked': 'Your account is blocked. Contact your admin to have it unblocked.',
    'no-method':
      'None of your verification methods works here. Contact your admin, who can help you to another one.',
    'registration-closed':
      'Your account needs additional security verification. Contact your admin to set it up.',
  } satisfies Record<Blocked, string>,
  setUp: (address: string) =>
    `Your account needs additional security verification. Set it up in a browser first: ${address}`,
  changePassword: (address: string) =>
    `Your password must be changed. Change it in a browser first: ${address}`,
  over: 'This sign-in is over. Start again.',
  codeBehind:
    'Type the code of your authenticator app right behind your password, in the same field.',
  passwordOnly: 'This way of asking is not supported. Your admin must set it to PAP.',
  /** The title of a challenge and, where something is sent, where to. */
  asked: (title: string, where: string) => `${title} (${where}).`,
  askedHere: (title: string) => `${title}.`,
  number: (number: string) =>
    `The digits are ${number}. Do that first, then go on here; you need not type anything.`,
  otherWays: (ways: string) => `Sign in another way: type ${ways}.`,
  choose: (ways: string) => `Choose how to sign in: type ${ways}.`,
  way: (number: number, title: string) => `${number} for "${title}"`,
  or: 'or',
  limit: (time: string) => `The next message or call is possible in ${time}.`,
  requestOpen: (time: string) =>
    `Another request waits in your app. Answer that one, or try again in ${time}.`,
  budget: 'Your organisation has reached its limit of texts and calls for today.',
  numberBlock: 'Your organisation sends nothing to numbers like that one at the moment.',
  country: 'Your organisation sends nothing to the country of that phone any more.',
};
