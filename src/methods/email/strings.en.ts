/** What is said about codes by e-mail, and in them. */
export const en = {
  mail: {
    subject: (organisation: string) => `Your verification code for ${organisation}`,
    type: 'Type this code on the page where you asked for it:',
    good: (minutes: number) =>
      `The code is good for ${minutes} minutes. If you have several mails, only the newest code counts.`,
    notYou: 'Was this not you?',
    notYouBody:
      'Share the code with no one. Somebody may have typed your address by mistake: then you can delete this mail.',
  },
  kind: { name: 'E-mail', place: 'E-mail (for password reset only)' },
  label: (address: string) => `E-mail (${address}), for password reset only`,
  tile: { title: (address: string) => `E-mail to ${address}`, detail: 'For password reset only' },
  form: {
    label: 'E-mail address',
    hint: 'An address that you can read without the password of this account. We use it only when you have forgotten that password, never to sign in.',
  },
  refused: {
    empty: 'Type an e-mail address.',
    unreadable: 'That is not an e-mail address. Type it as in name@example.org.',
    own: 'That is the mailbox of this account: without its password you could not read it. Type another address.',
  },
  challenge: {
    title: 'Enter the code from the e-mail',
    sent: (address: string) =>
      `We've sent an e-mail to ${address}. It may take a minute, and it may be among your unwanted mail. If you have several, only the newest code counts.`,
    /** At a reset, where nobody is told whether there is such an address. */
    perhapsSent: (address: string) =>
      `If this is the address you registered, we have sent an e-mail to ${address}. It may take a minute, and it may be among your unwanted mail. If you have several, only the newest code counts.`,
    code: 'Verification code',
    timeLeft: (time: string) => `The code is good for another ${time}`,
    timeUp: 'The time for this code is over. Send a new code.',
  },
  rejections: {
    unreadable: 'We could not read that. Type the six digits from the e-mail.',
    'incorrect-code':
      'That is not the code from the newest e-mail. Check the e-mail, and type the code again.',
    'code-already-used': 'That code was used before. Send a new code.',
    'too-many-wrong':
      'That was five times wrong, so this code is closed. Send a new code, or choose another way.',
    expired: 'The time for this code is over. Send a new code.',
    'opted-out': 'This address does not want our mail. Choose another way.',
    'unable-to-reach':
      'The e-mail could not be delivered. Check the address and send a new code, or choose another way.',
    superseded: 'A newer code was sent since. Type the code from the newest e-mail.',
    cancelled: 'You cancelled this code. Send a new code, or choose another way.',
  },
};
