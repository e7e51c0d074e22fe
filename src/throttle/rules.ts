/** Owns the numbers: how often anything may be tried (`product.md`, "Numbers"). */
import type { Rule } from './throttle.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Wrong passwords of one account, or of one browser that it signed in with before. */
export const wrongPasswords: Rule = {
  name: 'wrong-passwords',
  limit: 10,
  windowSeconds: day,
  pauseSeconds: minute,
  longestPauseSeconds: hour,
  spacingSeconds: 0,
};

/**
 * Wrong second steps of one person: all methods, sessions, doors and nodes together. How many, and how
 * long they pause, is policy; this is what holds unless it says otherwise.
 */
export const wrongSecondSteps: Rule = {
  name: 'wrong-second-steps',
  limit: 10,
  windowSeconds: day,
  pauseSeconds: 15 * minute,
  longestPauseSeconds: day,
  spacingSeconds: 0,
};

/**
 * What is refused at the doors of systems, of one name. It keeps nobody out who has an app password:
 * 120 bits are not guessed. It ends the hashing for whoever guesses (`signin/doors.ts`).
 */
export const wrongAtDoors: Rule = { ...wrongPasswords, name: 'wrong-at-doors' };

/** Passkeys that were refused, of one network address: nobody is named while they are asked. */
export const wrongPasskeys: Rule = {
  name: 'wrong-passkeys',
  limit: 100,
  windowSeconds: hour,
  pauseSeconds: minute,
  longestPauseSeconds: hour,
  spacingSeconds: 0,
};

/** Texts and calls to one person. How often is policy, as to one number; this is what holds unless it says otherwise. */
export const messagesPerUser: Rule = {
  name: 'messages-per-user',
  limit: 5,
  windowSeconds: hour,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 30,
};

/** Notifications to one person's apps. */
export const pushesPerUser: Rule = {
  name: 'pushes-per-user',
  limit: 3,
  windowSeconds: 10 * minute,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 0,
};

/** Wrong codes to pair an app with, of one network address. */
export const wrongPairings: Rule = {
  name: 'wrong-pairings',
  limit: 20,
  windowSeconds: hour,
  pauseSeconds: minute,
  longestPauseSeconds: hour,
  spacingSeconds: 0,
};

/** Codes to activate or set right one hardware token. */
export const wrongTokenCodes: Rule = {
  name: 'wrong-token-codes',
  limit: 10,
  windowSeconds: hour,
  pauseSeconds: 15 * minute,
  longestPauseSeconds: day,
  spacingSeconds: 0,
};

/** Texts and calls to one number, whoever asks. */
export const messagesPerNumber: Rule = {
  name: 'messages-per-number',
  limit: 10,
  windowSeconds: day,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 0,
};

/** Codes by mail to one person. Apart from texts: a reset may ask for one right after the other. */
export const mailsPerUser: Rule = { ...messagesPerUser, name: 'mails-per-user' };

/** Codes by mail to one address, whoever asks. */
export const mailsPerAddress: Rule = { ...messagesPerNumber, name: 'mails-per-address' };

/** Wrong answers in a reset of one name, with one method: a stranger may ask, so it closes for long. */
export const wrongResetAnswers: Rule = {
  name: 'wrong-reset-answers',
  limit: 5,
  windowSeconds: hour,
  pauseSeconds: day,
  longestPauseSeconds: day,
  spacingSeconds: 0,
};

/**
 * The same for what somebody knows. Its answers are few and never change, so wrong ones count for a
 * whole day, however slowly they come (attack ATK-36).
 */
export const wrongResetKnowledge: Rule = { ...wrongResetAnswers, windowSeconds: day };

/** Numbers and addresses that were named in a reset of one name, right or wrong, with one method. */
export const resetMessages: Rule = { ...messagesPerUser, name: 'reset-messages' };

/** Passwords of one person that were reset. */
export const resetsPerDay: Rule = {
  name: 'resets',
  limit: 5,
  windowSeconds: day,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 0,
};

/** Resets that began from one network address without a proof of work (`human-check.ts`). */
export const waitedChecks: Rule = {
  name: 'waited-checks',
  limit: 10,
  windowSeconds: hour,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 0,
};
