import type { RejectionReason } from './method.ts';

/** What several methods say: the names of phones, what is wrong with a number, and each refusal. */
export const en = {
  phoneTypes: {
    mobile: 'Authentication phone',
    alternateMobile: 'Alternate authentication phone',
    office: 'Office phone',
  },
  app: {
    name: 'Authenticator app',
    detail: 'Verification codes',
    ours: 'Tweestap Authenticator',
    token: 'Hardware token',
    tokenDetail: (token: {
      readonly manufacturer: string;
      readonly model: string;
      readonly serialNumber: string;
    }) =>
      `${[token.manufacturer, token.model].filter((part) => part !== '').join(' ')}, serial number ${token.serialNumber}`.replace(
        /^, /,
        '',
      ),
    device: (name: string, version: string) => `${name} (version ${version})`,
  },
  extensionRemoved: (extension: string) =>
    `We removed extension ${extension}: only an office phone can have one.`,
  number: {
    choosePhone: 'Choose which phone this is.',
    empty: 'Type the phone number.',
    'not-a-number': 'That is not a phone number. Use digits; blanks and hyphens are fine.',
    'too-short': 'That number is too short. Check it, and check the country or region.',
    'too-long': 'That number is too long. Check it, and check the country or region.',
    'not-possible': 'No phone has that number. Check it, and check the country or region.',
    premium: 'Numbers that cost extra cannot be used. Type an ordinary phone number.',
    country: (country: string, allowed: string) =>
      `We do not text or call numbers in ${country}. Type a number in ${allowed}, or ask your admin.`,
    countryUnlisted: (country: string) =>
      `We do not text or call numbers in ${country}. Type another number, or ask your admin which countries are possible.`,
    nowhere: 'We do not text or call that kind of number. Type an ordinary phone number.',
    noTexts: 'That number cannot receive text messages. Type a mobile number, or choose “Call me”.',
    officeTakesNoTexts: 'An office phone cannot receive text messages. Choose “Call me”.',
    extension: 'An extension has 1 to 7 digits. Type only those, or leave it empty.',
    officeFromAdmin:
      'Your organisation has no office number for you, and only your admin can add one. Ask your admin, or choose another phone.',
    officeFaulty:
      'The office number that your organisation has for you cannot be called. Ask your admin to correct it, or choose another phone.',
  },
  rejections: {
    unreadable: 'We could not read that. Check it and try again.',
    'incorrect-code': 'That code is not right. Check it and type it again.',
    'code-already-used': 'That code was used before. Type a new one.',
    'incorrect-digits': 'Those are not the right digits. Look at this page and try again.',
    'not-accepted': 'That did not prove who you are. Try again, or choose another way.',
    'incorrect-number':
      'The number that was typed in the app is not the one on this page, so the request was closed. Start again, or choose another way.',
    'incorrect-pin': 'The PIN that was typed in the app is not right. Try again there.',
    'app-locked':
      'The PIN was five times wrong, so that app is locked. Choose another way; that unlocks it.',
    'counter-went-back':
      'This may have been copied, so we do not take it any more. Choose another way, and tell your admin.',
    'too-many-wrong':
      'That was five times wrong, so this code is closed. Start again, or choose another way.',
    expired: 'The time is over. Start again, or choose another way.',
    'user-declined': 'The request was declined. Start again if you did not mean to.',
    'fraud-reported':
      'You told us that this was not you, so nobody was let in. Ask your admin for help.',
    'somebody-else':
      'Whoever answered had not asked for this call. Look at the number, or choose another way.',
    'hung-up': 'The call ended too soon. Start again, or choose another way.',
    'no-answer': 'Nobody answered. Start again, or choose another way.',
    busy: 'The line was busy. Start again in a moment, or choose another way.',
    'went-to-voicemail': 'Voicemail answered. Start again, or choose another way.',
    'never-pressed-a-key': 'No key was pressed. Start again, or choose another way.',
    'opted-out': 'This number does not want our messages. Choose another way.',
    'unable-to-reach': 'We could not reach your phone. Start again, or choose another way.',
    superseded: 'You asked for a newer one since. Only the newest counts.',
    cancelled: 'You cancelled this. Start again, or choose another way.',
  } satisfies Record<RejectionReason, string>,
};
