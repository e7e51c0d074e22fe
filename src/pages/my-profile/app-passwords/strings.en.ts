/** What the pages about app passwords say. */
export const en = {
  title: 'App passwords',
  intro:
    'For apps that cannot ask for a second step, such as a mail program on an older phone. In those apps you type an app password in place of your normal password.',
  doors: {
    any: 'Any kind of app',
    ldap: 'LDAP only: mail servers and address books',
    radius: 'RADIUS only: VPN and Wi-Fi',
    http: 'HTTP only: calendars and files',
  },
  through: { ldap: 'LDAP', radius: 'RADIUS', http: 'HTTP' },
  standing: {
    off: {
      title: 'Your organisation does not use app passwords',
      body: 'Apps that cannot ask for a second step do not work with your account. Your admin decides this.',
    },
    'not-enforced': {
      title: 'You need no app passwords',
      body: 'App passwords are for people whose admin requires additional security verification. That is not required of you, so those apps take your normal password.',
    },
    left: 'The app passwords below open nothing at the moment. You can delete them.',
  },
  list: {
    heading: 'Your app passwords',
    count: (count: number, most: number) => `${count} of ${most} in use`,
    full: 'You have as many as there can be. Delete one to make another.',
    create: 'Create app password',
    made: 'Made',
    expires: 'Expires',
    expired: 'Expired',
    never: 'Does not expire',
    neverUsed: 'Never used',
    used: 'Last used',
    from: (door: string, address: string) => `through ${door}, from ${address}`,
    delete: 'Delete',
    deleteAll: 'Delete all',
    empty: 'You have no app passwords',
    emptyBody: 'Make one when an app keeps asking for your password although you typed it right.',
    help: 'Help with an app that does not take its app password',
  },
  add: {
    title: 'Create an app password',
    back: 'App passwords',
    name: 'Name',
    nameHint:
      'So that you know later which app or device it is for, such as “Mail on my old phone”.',
    door: 'What it is for',
    doorHint: 'The narrower, the less it is worth to somebody who finds it.',
    expires: 'It works for',
    days: (days: number) => (days === 365 ? '1 year' : `${days} days`),
    forEver: 'As long as you keep it',
    create: 'Create',
    cancel: 'Cancel',
    refused: {
      empty: 'Type a name, so that you know later what it is for.',
      'too-long': 'That name is too long. Use at most 40 characters.',
      unreadable: 'That name has characters in it that nobody can see. Type it anew.',
    },
  },
  made: {
    title: 'Your new app password',
    label: (name: string) => `App password “${name}”`,
    once: 'You see it now, and never again. Copy it into the app before you leave this page.',
    how: 'In the app, type your user name and this app password in place of your normal password. One app password may serve several apps.',
    warningTitle: 'Nobody will ever ask you for this password',
    warning:
      'Not your help desk, not your organisation, not in a mail and not on the phone. Whoever has it gets into your account without a second step. Type it into the app only.',
    done: 'Done',
    shownTitle: 'This app password was shown before',
    shown: (name: string) =>
      `“${name}” is shown once only, so that nobody finds it here. If you did not copy it, delete it and create another.`,
  },
  delete: {
    title: (name: string) => `Delete the app password “${name}”?`,
    body: 'This cannot be undone. Apps that use it no longer work until you type another app password there. Its place becomes free.',
    delete: 'Delete',
    cancel: 'Cancel',
    allTitle: 'Delete all your app passwords?',
    allBody: (count: number) =>
      `This cannot be undone. ${count === 1 ? 'The app that uses it no longer works' : `You have ${count} of them, and the apps that use them no longer work`} until you type another app password there.`,
    deleteAll: 'Delete all',
  },
  done: {
    deleted: {
      title: 'The app password was deleted',
      body: 'It opens nothing any more. We have sent you a mail about it.',
    },
    'all-deleted': {
      title: 'All app passwords were deleted',
      body: 'They open nothing any more. We have sent you a mail about it.',
    },
    gone: { title: 'That app password was gone already', body: 'There is nothing left to delete.' },
    full: {
      title: 'No app password was created',
      body: 'You have as many as there can be. Delete one first.',
    },
  },
};
