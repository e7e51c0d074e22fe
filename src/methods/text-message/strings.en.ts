/** What is said about text messages, and in them. */
export const en = {
  /** Plain letters of the GSM alphabet, so that one text is enough (3GPP TS 23.038). */
  text: {
    code: (organisation: string, code: string) =>
      `${organisation}: your verification code is ${code}. Type it on the page. Not you? Share it with no one.`,
    codeOrReply: (organisation: string, code: string) =>
      `${organisation}: your verification code is ${code}. Type it on the page, or reply with the two digits you see there. Not you? Share it with no one.`,
  },
  label: (number: string) => `Phone - text (${number})`,
  tile: (number: string) => `Text ${number}`,
  challenge: {
    title: 'Enter the code from the text message',
    sent: (number: string) =>
      `We've sent a text message to ${number}. If you have several, only the newest code counts.`,
    /** At a reset, where nobody is told whether there is such a number. */
    perhapsSent: (number: string) =>
      `If this is the number you registered, we have sent a text message to ${number}. If you have several, only the newest code counts.`,
    code: 'Verification code',
    or: 'Or reply to the text with the two digits on this page:',
    digits: 'The two digits are',
    timeLeft: (time: string) => `The code is good for another ${time}`,
    timeUp: 'The time for this code is over. Send a new code.',
  },
  rejections: {
    unreadable: 'We could not read that. Type the six digits from the text message.',
    'incorrect-code':
      'That is not the code from the newest text message. Check the text, and type the code again.',
    'code-already-used': 'That code was used before. Send a new code.',
    'incorrect-digits':
      'Those are not the two digits on this page. Reply with these two only, or type the code.',
    'too-many-wrong':
      'That was five times wrong, so this code is closed. Send a new code, or choose another way.',
    expired: 'The time for this code is over. Send a new code.',
    'opted-out':
      'This phone has told us to stop sending texts. Send START to the number that texted you, or choose another way.',
    'unable-to-reach':
      'The text message could not be delivered. Check that the phone has a signal and send a new code, or choose another way.',
    superseded: 'A newer code was sent since. Type the code from the newest text message.',
    cancelled: 'You cancelled this code. Send a new code, or choose another way.',
  },
};
