/** What Change password says beside the words of the sign-in. */
export const en = {
  title: 'Change password',
  intro: 'After that you are signed out everywhere else, and no device is trusted any more.',
  appPasswords: 'Your app passwords stay as they are.',
  current: 'Current password',
  currentHint: 'To be sure that it is you.',
  missing: 'Type your current password.',
  wrong: 'That is not your current password. Type it again.',
  unavailable:
    'Your organisation’s directory, which keeps your password, doesn’t answer, so nothing was changed. Try again later.',
  elsewhere: {
    body: 'Your organisation’s directory keeps your password, so it is not changed here.',
    ask: 'Change it at a computer of your organisation, or ask your admin where.',
    change: 'Change it there',
  },
  cancel: 'Cancel',
  done: {
    title: 'Your password was changed',
    body: 'You are signed out everywhere else. We have sent you a mail about it.',
    profile: 'To your profile',
  },
};
