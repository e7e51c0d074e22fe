/** What Security info says; labels as people know them (map §1, rows S-103 to S-119). */
export const en = {
  title: 'Security info',
  intro: 'What you prove with that it is you, when you sign in or reset your password.',
  back: 'Back to Security info',
  methods: {
    heading: 'Your methods',
    add: 'Add method',
    change: 'Change',
    delete: 'Delete',
    default: 'Default sign-in method',
    /** What an app of ours is asked for. */
    uses: {
      approvals: 'Notifications',
      codes: 'Verification codes',
      setAside:
        'Notifications are set aside: requests were denied or reported, or the PIN was wrong too often. They come again once you have signed in another way.',
      silent: 'The app may show no notifications on that device: open it when you sign in.',
    },
    proves: {
      both: 'For sign-in and password reset',
      signIn: 'For sign-in',
      reset: 'For password reset only',
      suspended:
        'Set aside since you said that a sign-in was not yours. It counts again once you have signed in another way.',
      nothing: 'Your organisation does not allow this method now, so it proves nothing.',
    },
    added: 'Added',
    used: 'Last used',
    neverUsed: 'Not used yet',
    last: {
      replace:
        'This is the only one you can sign in with, so it cannot be deleted. Change it, or add another method first.',
      keep: 'This is the only one you can sign in with, so it cannot be deleted. Add another method first.',
    },
  },
  none: {
    title: 'Nothing is registered yet',
    required:
      'Your organisation asks for a second step when you sign in. Add a method to have one.',
    free: 'Your organisation does not ask you for a second step. Add a method all the same: then your password alone lets nobody in.',
    notAllowed:
      'Your organisation does not allow you to add a method by yourself. Ask your admin to do it with you.',
    closed:
      'You can add a first method only with the help of your admin: the password alone is not enough for it.',
  },
  resetOnly:
    'What you have registered is good for password reset only. Add a method for sign-in as well.',
  /** Row E-058; other kinds say it more shortly. */
  fullApps: (count: number) =>
    `You can't set up another authenticator app because you already have ${count} authenticator apps or hardware tokens. Delete one first, or ask your admin to delete one.`,
  full: (name: string, count: number) =>
    `${name}: you already have ${count}, which is as many as there can be. Delete one to add another.`,
  defaultMethod: {
    heading: 'Default sign-in method',
    intro: 'You are asked in this way first, when you sign in or reset your password.',
    /** Row A-075: the organisation asks for the strongest first. */
    preferred: (label: string) =>
      `Your organisation asks you first for the strongest that you have, when you sign in: ${label}.`,
    none: 'None is set',
    setAside: (name: string) => `${name} (set aside)`,
    change: 'Change',
    title: 'Change your default sign-in method',
    label: 'Default sign-in method',
    hint: 'You can still choose another of your methods each time.',
    confirm: 'Confirm',
  },
  add: {
    title: 'Add a method',
    label: 'Which method do you want to add?',
    hint: 'What you do not see here, your organisation does not allow, or you have it already.',
    add: 'Add',
    appPassword: 'App password (for older apps)',
    missing: 'Choose a method.',
    nothing: 'There is nothing that you can add now.',
    how: 'Ask your admin: they can open the registration for you again, register a method for you, or give you a pass to sign in with.',
    network: 'From the network of your organisation you can add one by yourself.',
  },
  token: {
    heading: 'A hardware token for you',
    intro:
      'Your organisation has given you a small device that shows codes. Type one to start using it.',
    name: (serialNumber: string) => `Hardware token ${serialNumber}`,
    start: 'Start using it',
    title: 'Start using your hardware token',
    press: (serialNumber: string) =>
      `Take the token with serial number ${serialNumber}, press its button if it has one, and type the code that it shows now.`,
    code: 'Code on the token',
    confirm: 'Start using it',
    refused: {
      wrong:
        'That is not what the token shows now. Check the serial number, and type the code at once.',
      paused: (until: string) =>
        `Too many codes were wrong. Try again after ${until}, or ask your admin.`,
      'not-allowed': 'From here you cannot add this yourself. Ask your admin.',
    },
  },
  remove: {
    title: (name: string) => `Delete ${name}?`,
    what: 'What',
    undone:
      'This cannot be undone. To use it again you have to add it anew. Where else you signed in with it, you are signed out.',
    default:
      'It is your default sign-in method. The strongest of your other methods takes its place.',
    alsoInApp: 'Delete the account in the app as well: the app does not know that you did so here.',
    /** Row E-064. */
    staysOnKey:
      'The key itself is not wiped: it goes on working elsewhere, and a passkey stays on the device until you delete it there.',
    yes: 'Yes',
    no: 'No',
  },
  /** What was just done, on top of the list. */
  done: {
    added: (name: string) => `Added: ${name}. You can use this method from now on.`,
    addedSomething: 'The method was added. You can use it from now on.',
    stays: (label: string) => `Your default sign-in method is ${label}.`,
    changed: 'The new one was proved and counts from now on. The old one no longer does.',
    deleted: 'The method was deleted.',
    'deleted-default': 'The method was deleted. It was your default sign-in method.',
    nowDefault: (label: string) => `From now on the default is ${label}.`,
    noDefault: 'You have no default sign-in method any more.',
    default: (label: string) => `Your default sign-in method is now ${label}.`,
    last: 'It was not deleted: it is the only method you can sign in with. Change it, or add another one first.',
    gone: 'That method is not registered any more. Nothing was changed.',
    full: 'It was not added: you have as many of these as there can be. Delete one first.',
  },
  /** By address: where the other pages of one's own security are. */
  more: {
    heading: 'More about your security',
    '/my-profile/app-passwords': 'For older apps that cannot ask for a second step.',
    '/my-profile/trusted-devices': 'Where you are not asked again for some days.',
    '/my-profile/recent-sign-ins': 'Whether it was you, each time.',
    '/my-profile/change-password': 'Choose a new one.',
  },
};
