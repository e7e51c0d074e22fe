/**
 * Owns what came of a sign-in in the numbers of Entra (AADSTS), which scripts compare with, and in words.
 * What Entra has no number for has that of the nearest; the words say what it was here.
 */
import type { SignInEvent } from '../../../audit/sign-in-event.ts';

export interface SignInStatus {
  /** 0: signed in. */
  readonly errorCode: number;
  readonly failureReason: string | null;
  readonly additionalDetails: string | null;
}

/** Numbers that more than one reason has. */
const codes = {
  wrongPassword: 50126,
  tooManyTries: 50053,
  switchedOff: 50057,
  secondStepFailed: 500121,
  secondStepNeeded: 50074,
  setUpNeeded: 50072,
  newPasswordNeeded: 50055,
  staySignedIn: 50140,
  resetToPrepare: 50125,
  directoryDown: 80001,
} as const;

const failureReasons: Readonly<Record<number, string>> = {
  [codes.wrongPassword]: 'Error validating credentials due to invalid username or password.',
  [codes.tooManyTries]:
    'The account is locked: it was blocked, or there were too many wrong tries.',
  [codes.switchedOff]: 'The user account is disabled.',
  [codes.secondStepFailed]: 'Authentication failed during strong authentication request.',
  [codes.secondStepNeeded]: 'Strong Authentication is required.',
  [codes.setUpNeeded]: 'The user has to set up additional verification.',
  [codes.newPasswordNeeded]: 'The password has to be changed.',
  [codes.staySignedIn]: "The user was asked 'Stay signed in?'.",
  [codes.directoryDown]: 'The directory that keeps the password is not available.',
  [codes.resetToPrepare]: 'The user was asked to prepare a password reset.',
};

/** Why a sign-in failed, or where it stopped: the reasons of `audit/sign-in-event.ts`. */
const reasons: Readonly<Record<string, readonly [code: number, details: string]>> = {
  'wrong-password': [codes.wrongPassword, 'wrong password, or no such user'],
  'directory-unavailable': [
    codes.directoryDown,
    'the directory that keeps passwords did not answer',
  ],
  'account-disabled': [codes.switchedOff, 'the account was switched off'],
  'account-blocked': [codes.tooManyTries, 'the account was blocked'],
  'no-method': [codes.setUpNeeded, 'no verification method was allowed'],
  'registration-closed': [
    codes.setUpNeeded,
    'additional verification could not be set up any more',
  ],
  'too-many-wrong': [codes.tooManyTries, 'MFA denied; too many wrong answers'],
  'user-declined': [codes.secondStepFailed, 'MFA denied; user declined the authentication'],
  'fraud-reported': [codes.secondStepFailed, 'MFA denied; fraud reported by the user'],
  'no-answer': [codes.secondStepFailed, 'MFA denied; the call was not answered'],
  'hung-up': [codes.secondStepFailed, 'MFA denied; the user hung up the call'],
  expired: [codes.secondStepFailed, 'MFA denied; no answer in time'],
  register: [codes.setUpNeeded, 'setting up additional verification was not finished'],
  'add-method': [codes.setUpNeeded, 'setting up additional verification was not finished'],
  'change-password': [codes.newPasswordNeeded, 'a new password was not chosen'],
  'stay-signed-in': [codes.staySignedIn, 'it was not answered'],
  'prepare-reset': [codes.resetToPrepare, 'it was not finished'],
};

/** What came of a sign-in. */
export function statusOf({ result, reason }: Pick<SignInEvent, 'result' | 'reason'>): SignInStatus {
  if (result === 'success') return { errorCode: 0, failureReason: null, additionalDetails: null };
  const [errorCode, additionalDetails] = reasons[reason] ?? [
    result === 'failure' ? codes.secondStepFailed : codes.secondStepNeeded,
    result === 'failure' ? `MFA denied; ${reason}` : 'the second step was not finished',
  ];
  return { errorCode, failureReason: failureReasons[errorCode] ?? null, additionalDetails };
}

/** What came of one step, in words. */
export function detailOfStep(result: SignInEvent['result'], reason: string): string {
  if (result === 'success') return 'Correct';
  return reasons[reason]?.[1] ?? reason;
}
