/** What is said about recovery codes. */
export const en = {
  name: 'Recovery codes',
  begin: 'We make ten codes and show them once. Have a printer at hand, or pen and paper.',
  left: (left: number, made: number) => `${left} of ${made} left`,
  fewLeft: (left: number, made: number) => `Only ${left} of ${made} left: make new ones`,
  noneLeft: 'None left: make new ones',
  tile: 'Use a recovery code',
  keep: {
    title: 'Keep your recovery codes',
    what: 'Each of these codes lets you in once, for the day on which your phone is lost or your other methods fail. Print them or write them down, and keep them in a safe place that is not your phone.',
    once: 'Nobody can show you these codes again. Codes that you made before stop working when you press Done.',
    label: 'Your recovery codes',
    madeOn: (date: string) => `Made on ${date}`,
    each: 'Each code works once. Whoever has one and your password can sign in as you: keep this sheet where you keep your passport.',
    file: 'recovery-codes.txt',
    kept: 'I have kept these codes',
    unticked: 'Print these codes or write them down, then tick that you have kept them.',
    done: 'Done',
  },
  challenge: {
    title: 'Enter a recovery code',
    open: 'Type one of the codes that you printed or wrote down. Each of them works once.',
    code: 'Recovery code',
    hint: '16 letters and digits. Small letters are fine, and hyphens may be left out.',
  },
  rejections: {
    unreadable:
      'We could not read that. Type one whole code: 16 letters and digits, in four groups of four.',
    'incorrect-code':
      'That is none of your codes, or it was used before. Check it, or type another one.',
    'code-already-used': 'That code was used before. Type another one.',
    'too-many-wrong': 'That was five times wrong. Start again, or choose another way.',
    expired: 'You were away for a while. Start again.',
    superseded: 'You started again on another page. Go on there, or start again here.',
  },
};
