const keysInWords: Readonly<Record<string, string>> = {
  0: 'zero',
  1: 'one',
  2: 'two',
  3: 'three',
  4: 'four',
  5: 'five',
  6: 'six',
  7: 'seven',
  8: 'eight',
  9: 'nine',
};

/** What is said about phone calls, and in them. */
export const en = {
  /** For the ear. Digits and keys are words, so that every voice says them right. */
  call: {
    greeting: (organisation: string, person: string) =>
      `This is ${organisation}. We are calling about the account of ${person}.`,
    notYou: (key: string) => `If you did not ask for this call, press ${key}, then hash.`,
    keys: keysInWords,
    hash: {
      instruction: 'To confirm that it is you, press the hash key, also called the pound key.',
      again: 'Once more: press the hash key.',
      refused: 'That was not the hash key.',
    },
    digits: {
      instruction:
        'To confirm that it is you, press the two digits on your screen, then the hash key.',
      again: 'Once more: the two digits on your screen, then hash.',
      refused: 'Those were not the digits on your screen.',
    },
    thanks: 'Thank you. You can hang up now.',
  },
  label: (number: string) => `Phone - call (${number})`,
  officeLabel: (number: string) => `Office phone - call (${number})`,
  tile: (number: string) => `Call ${number}`,
  challenge: {
    title: 'Answer the call to your phone',
    calling: (number: string) => `We're calling ${number}`,
    /** At a reset, where nobody is told whether there is such a number. */
    perhapsCalling: (number: string) =>
      `If this is the number you registered, we are calling ${number}`,
    answered: 'Call answered',
    hash: 'Answer the call. When the voice asks you to, press #.',
    hashAnswered: 'When the voice asks you to, press #.',
    digits: 'Answer the call. When the voice asks you to, press these two digits, then #.',
    digitsAnswered: 'When the voice asks you to, press these two digits, then #.',
    digitsLabel: 'The two digits to press are',
  },
  rejections: {
    unreadable: 'We did not hear # at the end. Press the keys again, and then #.',
    'incorrect-code': 'Those were not the right keys. Press only the keys that this page names.',
    'code-already-used': 'This call was answered before. Ask for another call.',
    'incorrect-digits': 'Those were not the right keys. Press only the keys that this page names.',
    'too-many-wrong':
      'Those were five times the wrong keys, so the call is over. Ask for another call, or choose another way.',
    expired: "We didn't hear from you. Ask for another call, or choose another way.",
    'hung-up': 'The call ended before you pressed #. Ask for another call, or choose another way.',
    'no-answer':
      'Nobody answered the call. Keep the phone close and ask for another call, or choose another way.',
    busy: 'The line was busy, or the call was declined. Ask for another call, or choose another way.',
    'went-to-voicemail':
      'The call went to voicemail. Ask for another call and answer it yourself, or choose another way.',
    'never-pressed-a-key':
      'No key was pressed during the call. Ask for another call and press #, or choose another way.',
    'opted-out': 'This phone has told us to stop calling. Choose another way.',
    'unable-to-reach':
      'The call did not get through. Check that the phone has a signal and ask for another call, or choose another way.',
    superseded: 'A newer call was started since. Answer that one.',
    cancelled: 'You cancelled this call. Ask for another call, or choose another way.',
  },
};
