/** What the sign-in pages say. */
export const en = {
  name: {
    title: 'Sign in',
    goOn: (application: string) => `to continue to ${application}`,
    label: 'User name',
    hint: (domain: string) => `Your work or school account, such as name@${domain}`,
    missing: 'Type your user name.',
    lost: 'You were no longer signed in, so nothing was changed. Sign in, and do it once more.',
    next: 'Next',
  },
  password: {
    title: 'Enter your password',
    label: 'Password',
    missing: 'Type your password.',
    wrong: 'This user name and password do not match. Check both, and type the password again.',
    paused: {
      title: 'Wait before you try again',
      body: 'There were too many wrong passwords. Your account is still there: after the pause you can go on.',
      left: (time: string) => `You can try again in ${time}`,
      over: 'You can try again now.',
    },
    unavailable: {
      title: 'We can’t let you in right now',
      body: 'Your organisation’s directory, which keeps passwords, doesn’t answer. Check what you typed, and try again later. If it goes on, contact your admin.',
    },
    signIn: 'Sign in',
  },
  pass: {
    way: 'Use a Temporary Access Pass',
    intro:
      'Your admin can make one for you when you have lost your phone, or forgotten everything.',
    label: 'Temporary Access Pass',
    hint: 'Small letters are fine, and the space may be left out.',
    missing: 'Type the pass that your admin told you.',
    wrong:
      'This user name and pass do not match, or the time of the pass is over. Check both, or ask your admin for a new pass.',
    signIn: 'Sign in with the pass',
  },
  passkey: {
    way: 'Sign in with a security key or passkey',
    overTitle: 'Try again with your security key or passkey',
    again: 'Start again',
    byName: 'Sign in with your user name',
    paused: {
      title: 'Wait before you try again',
      body: 'Too many keys were refused from your network. You can sign in with your user name meanwhile.',
      left: (time: string) => `You can try again in ${time}`,
      over: 'You can try again now.',
    },
  },
  challenge: {
    overTitle: 'Try again to verify your identity',
    anotherWay: 'Sign in another way',
    cancel: 'Cancel',
    codeInstead: 'Use a code from the app instead',
    /** For somebody who is signed in, and wants to see or change something of their own. */
    onceMore: 'Show once more that it is you',
    backToProfile: 'Back to My Profile',
  },
  choose: {
    title: 'Sign in another way',
    limitTitle: 'Verify your identity',
    intro:
      'Two-step verification protects your account. Choose how you want to verify that it is you.',
    back: 'Back',
    ask: 'None of these within reach? Ask your admin to help you in.',
  },
  paused: {
    title: 'Wait before you verify your identity again',
    happened: 'There were too many wrong answers at the second step, so it is closed for a while.',
    told: 'We sent you a mail about it.',
    notYou: 'If it was not you, somebody knows your password: tell your admin.',
    left: (time: string) => `You can go on in ${time}`,
    over: 'You can go on now.',
    goOn: 'Go on',
  },
  changePassword: {
    title: 'Choose a new password',
    intro:
      'Somebody else may know the password of this account, so it ends here. Choose a new one.',
    label: 'New password',
    hint: 'At least 8 characters. A few words in a row are strong, and easy to remember.',
    missing: 'Type a new password.',
    refused: {
      'too-short': 'This password is too short. Use at least 8 characters.',
      'too-long': 'This password is too long. Use at most 256 characters.',
      'too-common':
        'Many people use this password, so it is guessed first. Choose a few words of your own.',
      'names-owner':
        'This password has your name in it, or that of your organisation. Choose one without.',
      same: 'This is the password you just used. Choose another one.',
      'directory-rules':
        'Your organisation’s directory does not accept this password: it is too simple for it, or you had it before. Choose another one.',
      'directory-keeps':
        'Your organisation’s directory keeps your password. It is changed there, and not here.',
      'directory-unavailable':
        'Your organisation’s directory, which keeps your password, doesn’t answer. Try again later.',
    },
    expired: 'Your password has expired, or an administrator set it for you. Choose a new one.',
    elsewhere: {
      title: 'Change your password first',
      intro:
        'Your password was right, but it has expired, or an administrator set it for you. Before you go on, it has to be changed.',
      where: 'Your organisation’s directory keeps it, so it is not changed on this page.',
      change: 'Change it there',
      ask: 'Change it at a computer of your organisation, or ask your admin where.',
      again: 'I changed it: sign in again',
    },
    change: 'Change password',
    signedOut: 'You will be signed out everywhere else.',
  },
  prepare: {
    register: {
      title: 'Prepare for a forgotten password',
      body: (needed: number) =>
        needed === 1
          ? 'Your organisation asks you to register something by which you can set a new password yourself: an e-mail address, a phone, an app, a key or recovery codes.'
          : 'Your organisation asks you to register two different things by which you can set a new password yourself: an e-mail address, a phone, an app, a key or recovery codes.',
      now: 'Set it up now',
    },
    confirm: {
      title: 'Is this still right?',
      body: 'With these you can set a new password yourself if you forget yours. Look whether all of it is still yours.',
      right: 'Looks good',
      change: 'Change something',
    },
    registered: 'Registered',
    later: 'Not now',
  },
  stay: {
    title: 'Stay signed in?',
    body: (days: number) =>
      days === 1
        ? 'Then you are not asked to sign in with this browser for 1 day, also after you close it.'
        : `Then you are not asked to sign in with this browser for ${days} days, also after you close it.`,
    hint: 'Only on a device that nobody else uses.',
    yes: 'Yes',
    no: 'No',
  },
  blocked: {
    'account-disabled': {
      title: 'Your account is switched off',
      happened: 'Nobody can sign in with this account at the moment.',
      now: 'Contact your admin if you need it.',
    },
    'account-blocked': {
      title: 'Your account is blocked',
      happened:
        'Sign-in is stopped to protect the account: after a report of fraud, or by your admin.',
      now: 'Contact your admin to unblock it.',
    },
    'no-method': {
      title: 'We cannot verify your identity',
      happened: 'None of your verification methods is allowed for what you want to open.',
      now: 'Contact your admin, who can help you to another method.',
    },
    'registration-closed': {
      title: 'Ask your admin to let you set up your account',
      happened:
        'You can set up a first verification method only while your admin lets you, and at the moment that is not so.',
      now: 'Contact your admin, who can open it for you.',
    },
  },
  /** What would do, where none of somebody's methods does. */
  asksFor: (application: string | undefined, what: string) =>
    application === undefined
      ? `It takes something of this kind: ${what}.`
      : `${application} takes something of this kind: ${what}.`,
  helpDesk: 'Go to your help desk',
  help: {
    'forgotten-phone': 'Help if you have none of these',
    password: 'Help with your password',
    'locked-out': 'Help if you are locked out',
    admin: 'How to reach your admin',
    'start-again': 'Help if this happens again',
  },
  otherAccount: 'Sign in with another account',
  gone: {
    again: 'Start again',
    goOn: 'Continue',
    profile: 'Go to your profile',
    signedIn: (name: string) => `You are signed in as ${name}.`,
  },
};
