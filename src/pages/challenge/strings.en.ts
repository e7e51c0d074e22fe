/** What is said around one challenge, whichever method asks and whichever page shows it. */
export const en = {
  verify: 'Verify',
  /** By what is sent: asks once more, in the same way. */
  repeat: {
    nothing: 'Start again',
    text: 'Send a new code',
    call: 'Call again',
    push: 'Send another notification',
    mail: 'Send a new code',
  },
  repeatIn: {
    nothing: (time: string) => `You can start again in ${time}`,
    text: (time: string) => `You can ask for a new code in ${time}`,
    call: (time: string) => `You can ask for another call in ${time}`,
    push: (time: string) => `You can ask for another notification in ${time}`,
    mail: (time: string) => `You can ask for a new code in ${time}`,
  },
  repeatNow: {
    nothing: 'You can start again now.',
    text: 'You can ask for a new code now.',
    call: 'You can ask for another call now.',
    push: 'You can ask for another notification now.',
    mail: 'You can ask for a new code now.',
  },
  /** By what it is about: leads to that topic of the Help page. */
  help: {
    'no-text': 'Help if no text comes',
    'no-call': 'Help if no call comes',
    'no-notification': 'Help if no notification comes',
    'app-set-up': 'Help with setting up the app',
    'code-refused': 'Help if a code is refused',
    'security-key': 'Help if the key does not answer',
    'not-me': 'Help if it was not you',
  },
  limit: {
    title: 'Wait a moment before you ask again',
    body: 'We send only so many messages, calls and notifications in a while, so that nobody can bother you with them.',
    left: (time: string) => `The next one is possible in ${time}`,
    over: 'The next one is possible now.',
  },
  /** One sign-in at a time waits in the app (attack ATK-26). */
  requestOpen: {
    title: 'Another sign-in waits in your app',
    body: 'Answer it there, and deny it if it is not yours. We ask about one at a time, so that nobody approves the wrong one.',
    left: (time: string) => `The next request is possible in ${time}`,
    over: 'The next request is possible now.',
  },
  trust: {
    label: (days: number) =>
      days === 1 ? "Don't ask again for 1 day" : `Don't ask again for ${days} days`,
    hint: 'Only on a device that nobody else uses.',
    wished: (days: number) =>
      days === 1
        ? 'After this you are not asked again on this device for 1 day.'
        : `After this you are not asked again on this device for ${days} days.`,
    undo: 'Ask again after all',
  },
  country: {
    title: 'We do not text or call that country',
    body: 'Your organisation sends nothing to the country of that phone any more. Sign in another way, or ask your admin.',
  },
  numberBlock: {
    title: 'We do not text or call that number',
    body: 'Your organisation sends nothing to numbers like that one at the moment. Sign in another way, or ask your admin.',
  },
  budget: {
    title: 'No more texts and calls today',
    body: 'Your organisation has reached its limit for today. Sign in another way, or ask your admin.',
  },
};
