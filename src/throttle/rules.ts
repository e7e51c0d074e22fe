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

/** Wrong second steps of one person: all methods, sessions, doors and nodes together. */
export const wrongSecondSteps: Rule = {
  name: 'wrong-second-steps',
  limit: 10,
  windowSeconds: day,
  pauseSeconds: 15 * minute,
  longestPauseSeconds: day,
  spacingSeconds: 0,
};

/** Passkeys that were refused, of one network address: nobody is named while they are asked. */
export const wrongPasskeys: Rule = {
  name: 'wrong-passkeys',
  limit: 100,
  windowSeconds: hour,
  pauseSeconds: minute,
  longestPauseSeconds: hour,
  spacingSeconds: 0,
};

/** Texts and calls to one person. */
export const messagesPerUser: Rule = {
  name: 'messages-per-user',
  limit: 5,
  windowSeconds: hour,
  pauseSeconds: 0,
  longestPauseSeconds: 0,
  spacingSeconds: 30,
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
