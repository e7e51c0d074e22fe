/** What is said about a Temporary Access Pass. */
export const en = {
  name: 'Temporary Access Pass',
  until: (when: string) => `Good until ${when}`,
  onceUntil: (when: string) => `Good once, until ${when}`,
  used: 'Used',
  tile: 'Use a Temporary Access Pass',
  challenge: {
    title: 'Enter your Temporary Access Pass',
    open: 'Type the pass that your admin told you.',
    code: 'Temporary Access Pass',
    hint: 'Small letters are fine, and the space may be left out.',
  },
  rejections: {
    unreadable: 'We could not read that. Type the whole pass as your admin told it.',
    'incorrect-code': 'That is not your pass. Check it, or ask your admin for a new one.',
    'code-already-used': 'That pass was used before. Ask your admin for a new one.',
    'too-many-wrong': 'That was five times wrong. Start again, or choose another way.',
    expired:
      'The time of this pass is over, or you were away for a while. Ask your admin for a new one.',
    superseded: 'You started again on another page. Go on there, or start again here.',
  },
};
