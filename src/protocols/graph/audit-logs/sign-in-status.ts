/**
 * Owns what came of a sign-in in the numbers of Entra (AADSTS), which scripts compare with, and in words.
 * What Entra has no number for has that of the nearest; the words say what it was here.
 */
import type { SignInEvent, SignInStep } from '../../../audit/sign-in-event.ts';

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
  'account-blocked': [codes.tooManyTries, 'MFA denied; user is blocked'],
  'no-method': [
    codes.setUpNeeded,
    'MFA denied; user does not have any verification methods registered',
  ],
  'registration-closed': [
    codes.setUpNeeded,
    'additional verification could not be set up any more',
  ],
  'too-many-wrong': [codes.tooManyTries, 'MFA denied; entered incorrect code too many times'],
  register: [codes.setUpNeeded, 'setting up additional verification was not finished'],
  'add-method': [codes.setUpNeeded, 'setting up additional verification was not finished'],
  'change-password': [codes.newPasswordNeeded, 'a new password was not chosen'],
  'stay-signed-in': [codes.staySignedIn, 'it was not answered'],
  'prepare-reset': [codes.resetToPrepare, 'it was not finished'],
};

/** Why a second step was refused, as Entra says it (row A-111), for a report of fraud row A-053. */
const denials: Readonly<Record<string, string>> = {
  'incorrect-code': 'MFA denied; user entered incorrect code',
  'incorrect-digits': 'MFA denied; user entered incorrect code',
  'incorrect-number': 'MFA denied; user entered incorrect code',
  'incorrect-pin': 'MFA denied; user entered incorrect PIN',
  'app-locked': 'MFA denied; user entered incorrect PIN',
  'code-already-used': 'MFA denied; verification code already used once',
  'user-declined': 'MFA denied; user declined the authentication',
  'fraud-reported': 'MFA denied, Fraud Code Entered',
  'somebody-else': 'MFA denied, Fraud Code Entered',
  'hung-up': 'MFA denied; user hung up the phone call without succeeding the authentication',
  'never-pressed-a-key': 'MFA denied; user never entered the verification code',
  'went-to-voicemail': 'MFA denied; phone call went to voicemail',
  'no-answer': "MFA denied; unable to reach the user's phone",
  busy: "MFA denied; unable to reach the user's phone",
  'unable-to-reach': "MFA denied; unable to reach the user's phone",
  'opted-out': "MFA denied; unable to reach the user's phone",
  superseded: 'MFA denied; duplicate authentication attempt',
};

function denialOf(reason: string, method: string | undefined): string {
  if (reason === 'expired') {
    return method === 'notification'
      ? 'MFA denied; user did not respond to mobile app notification'
      : 'MFA denied; user never entered the verification code';
  }
  return denials[reason] ?? `MFA denied; ${reason}`;
}

/** What came of a sign-in. */
export function statusOf({
  result,
  reason,
  steps,
}: Pick<SignInEvent, 'result' | 'reason' | 'steps'>): SignInStatus {
  if (result === 'success') return { errorCode: 0, failureReason: null, additionalDetails: null };
  const [errorCode, additionalDetails] = reasons[reason] ?? [
    result === 'failure' ? codes.secondStepFailed : codes.secondStepNeeded,
    result === 'failure'
      ? denialOf(reason, steps.at(-1)?.method)
      : 'the second step was not finished',
  ];
  return { errorCode, failureReason: failureReasons[errorCode] ?? null, additionalDetails };
}

/** What came of one step, in words. */
export function detailOfStep({
  result,
  reason,
  method,
}: Pick<SignInStep, 'result' | 'reason' | 'method'>): string {
  if (result === 'success') return 'Correct';
  return reasons[reason]?.[1] ?? denialOf(reason, method);
}
