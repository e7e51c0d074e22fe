import type { ExposedErrorCode } from './errors.ts';

/** What a person reads of a fault: what happened, and what to do now. One sentence each. */
export interface ErrorText {
  /** Title of the page and its heading. */
  readonly title: string;
  readonly happened: string;
  readonly now: string;
}

/** English, the source. */
export const en: Readonly<Record<ExposedErrorCode, ErrorText>> = {
  ATTEMPT_NOT_FOUND: {
    title: 'Start again',
    happened: 'We can’t find this sign-in in this browser.',
    now: 'Go back to the app you want to use and sign in from there.',
  },
  ATTEMPT_EXPIRED: {
    title: 'This took too long',
    happened: 'To keep your account secure, a sign-in can stay open only for a while.',
    now: 'Go back to the app you want to use and sign in again.',
  },
  ATTEMPT_FINISHED: {
    title: 'This is finished already',
    happened: 'This sign-in was completed or cancelled before.',
    now: 'Go back to the app you want to use. If it asks, sign in again.',
  },
  ATTEMPT_CHANGED: {
    title: 'Look at the newest step',
    happened: 'This went on in another tab or window.',
    now: 'Continue there, or reload this page.',
  },
  STEP_NOT_ALLOWED: {
    title: 'Another step comes first',
    happened: 'This sign-in is at another step than the page you used.',
    now: 'Continue with the step that is shown next.',
  },
  REQUEST_MALFORMED: {
    title: 'We couldn’t read that',
    happened: 'What arrived here is not complete.',
    now: 'Go back, reload the page and try again.',
  },
  REQUEST_TOO_LARGE: {
    title: 'That is too much at once',
    happened: 'What you sent is larger than we accept here.',
    now: 'Go back and send a smaller file or a shorter text.',
  },
  REQUEST_FOREIGN: {
    title: 'Open the page again',
    happened: 'We couldn’t see that this came from our own page, so nothing was done.',
    now: 'Go back, reload the page and try again. Your browser must accept cookies.',
  },
  NOT_FOUND: {
    title: 'There is no page here',
    happened: 'The address may be mistyped, or the page has moved.',
    now: 'Check the address, or go on from here.',
  },
  METHOD_NOT_ALLOWED: {
    title: 'This page can’t do that',
    happened: 'The address exists, but not for what your browser asked.',
    now: 'Go back and use the buttons on the page.',
  },
  NOT_SIGNED_IN: {
    title: 'Sign in to continue',
    happened: 'You aren’t signed in, or your session has ended.',
    now: 'Sign in, and you will come back here.',
  },
  STEP_UP_REQUIRED: {
    title: 'Show that it is you',
    happened: 'A change like this needs a second step from the last five minutes.',
    now: 'Go back to the page, reload it and prove who you are once more.',
  },
  NOT_ALLOWED: {
    title: 'You can’t open this',
    happened: 'Your account doesn’t have the role that is needed here.',
    now: 'Contact your admin if you need it.',
  },
  TOO_MANY_TRIES: {
    title: 'Wait a moment',
    happened: 'There were too many tries in a short time.',
    now: 'Wait, then try again.',
  },
  BUSY: {
    title: 'It is busy right now',
    happened: 'Many people are signing in at the same moment.',
    now: 'Try again in a few seconds.',
  },
  STORE_UNAVAILABLE: {
    title: 'We can’t reach our data',
    happened: 'Something on our side doesn’t answer. Nothing you did was lost.',
    now: 'Try again in a minute. If it goes on, contact your admin.',
  },
  DELIVERY_REFUSED: {
    title: 'We couldn’t reach you',
    happened: 'The message or the call was not accepted on its way to you.',
    now: 'Try again, or choose another way to sign in.',
  },
  UPSTREAM_UNAVAILABLE: {
    title: 'We can’t reach your organisation’s directory',
    happened:
      'Your organisation’s own directory, which keeps people and passwords, doesn’t answer.',
    now: 'Try again later. If it goes on, contact your admin.',
  },
  PASSWORD_KEPT_ELSEWHERE: {
    title: 'This password isn’t set here',
    happened: 'Your organisation’s directory keeps the password of this account.',
    now: 'Set it in the directory. Everything else about this person can be done here.',
  },
  OWNED_BY_DIRECTORY: {
    title: 'This is changed in the directory',
    happened:
      'Your organisation’s own directory owns this person’s name, mailbox, phone numbers and groups, and whether they may sign in. Nothing was changed here.',
    now: 'Change it in the directory. It comes here with the next synchronisation. To keep somebody out at once, block them.',
  },
  RECORD_DAMAGED: {
    title: 'We can’t use what is kept for you',
    happened: 'Something that belongs to your account can’t be trusted any more, so we refuse it.',
    now: 'Contact your admin. They can see what happened and set it up with you again.',
  },
  HOST_UNKNOWN: {
    title: 'This is not the right address',
    happened: 'You reached us under a name that isn’t ours.',
    now: 'Use the address that your organisation gave you.',
  },
  INTERNAL: {
    title: 'Something went wrong on our side',
    happened: 'We couldn’t finish this.',
    now: 'Try again. If it happens again, give the reference below to your admin.',
  },
};
