/** What the pages *Additional security verification* say; labels as people know them (map §1, §2a). */
export const en = {
  page: 'Additional security verification',
  step: (step: number, what: string) => `Step ${step}: ${what}`,
  back: 'Back',
  next: 'Next',
  contactMe: 'Contact me',
  interrupt: {
    title: 'Set up additional security verification',
    heading:
      'Your admin has required that you set up this account for additional security verification',
    why: 'From now on you sign in with your password and with something you have with you: a phone, an app or a security key. That keeps out whoever only knows your password.',
    how: 'It takes about two minutes. You can sign in as soon as it is finished; what you have proved is kept if you stop half-way.',
    setUp: 'Set it up now',
  },
  contact: {
    heading: 'How should we contact you?',
    way: 'Contact method',
    ways: {
      mobile: 'Authentication phone',
      office: 'Office phone',
      app: 'Mobile app',
      key: 'Security key',
    },
    country: 'Country or region',
    countriesAsk:
      'Countries that are greyed out are not possible here. Ask your admin if you need one.',
    number: 'Phone number',
    numberHint: 'As you dial it in that country, or with + and the country code.',
    method: 'Method',
    methods: { text: 'Send me a code by text message', call: 'Call me' },
    officeNumber: 'Your office phone',
    officeWrong: 'This number comes from your organisation. Wrong? Ask your admin to change it.',
    extension: 'Extension',
    extensionHint: 'If you have one. We dial it after the call is answered.',
    app: 'How do you want to use the mobile app?',
    appUses: {
      notification: {
        label: 'Receive notifications for verification',
        detail:
          'The Tweestap Authenticator on your phone asks you, and you approve there. It shows codes as well, for when there is no network.',
      },
      code: {
        label: 'Use verification code',
        detail:
          'The app shows a code that changes every 30 seconds. It needs no network, and any authenticator app will do.',
      },
    },
    setUp: 'Set up',
    missingWay: 'Choose how we should contact you.',
    missingMethod: 'Choose whether we send a text message or call you.',
    missingUse: 'Choose how you want to use the mobile app.',
    unreadable: 'We could not read this. Check it and try again.',
    unavailable: 'not available',
    none: {
      title: 'Your organisation allows none of these methods',
      body: 'You cannot set up your account by yourself. Contact your admin.',
    },
  },
  /** Within a sign-in: what it takes on top (row A-079), or what the organisation asks for (row A-076). */
  addMethod: {
    strength: (application: string | undefined) => ({
      title: 'One more method is needed',
      why:
        application === undefined
          ? 'What you want to open asks for a method that you have not set up yet.'
          : `${application} asks for a method that you have not set up yet.`,
      how: 'Set it up now, and you go on from there. What you have already stays as it is.',
    }),
    campaign: (maySnooze: boolean) => ({
      title: 'Sign in with an app on your phone',
      why: 'Your organisation asks you to set up an authenticator app: you approve a sign-in on your phone, without waiting for a text or a call.',
      how: maySnooze
        ? 'It takes about two minutes. You can also do it later: we will ask you again.'
        : 'It takes about two minutes, and it is required now. What you have already stays as it is.',
    }),
    setUp: (what: string) => `Set up: ${what}`,
    later: 'Not now',
  },
  /** For somebody who came from Security info to add one method, or to change one. */
  adding: {
    page: 'Add a method',
    changing: 'Change a method',
    replaces: (detail: string) =>
      `Now it is ${detail}. That goes on working until you have proved the new one here.`,
    atHand: 'Have it at hand: the next page says what to do.',
    cancel: 'Cancel',
    none: 'Your organisation does not allow this method any more. Choose another one, or ask your admin.',
    back: 'Back to Security info',
  },
  /** Why something is greyed out (rows S-002, S-003, S-071). */
  reasons: {
    off: (ways: readonly string[]) =>
      `${ways.join(', ')}: your organisation does not allow ${ways.length === 1 ? 'this method' : 'these methods'}. Choose another one, or ask your admin.`,
    'excluded-group': (ways: readonly string[]) =>
      `${ways.join(', ')}: your organisation does not allow ${ways.length === 1 ? 'this method' : 'these methods'} for you. Choose another one, or ask your admin.`,
    'not-included': (ways: readonly string[]) =>
      `${ways.join(', ')}: your organisation allows ${ways.length === 1 ? 'this method' : 'these methods'} for other groups only. Choose another one, or ask your admin.`,
    'no-office-number': (ways: readonly string[]) =>
      `${ways.join(', ')}: your organisation has no office number for you. Ask your admin to add it, or choose another method.`,
  },
  methodReasons: {
    off: 'Your organisation does not allow this method.',
    'excluded-group': 'Your organisation does not allow this method for you.',
    'not-included': 'Your organisation allows this method for other groups only.',
  },
  prove: {
    text: "We've sent a text message to your phone",
    call: "We're calling your phone",
    code: 'Enter the verification code from the mobile app',
    notification: 'Approve the request in the mobile app',
    pairing: 'Configure mobile app',
    joined: 'Test the mobile app',
    waiting: 'We wait for your app. This page goes on by itself once it has joined.',
    key: 'Set up your security key',
    again: {
      phone: 'Verify your phone',
      app: 'Verify your mobile app',
      key: 'Set up your security key again',
    },
    notSent: 'Nothing was sent to your phone yet.',
  },
  backup: {
    heading: 'In case you lose access to the mobile app',
    intro:
      'Give us a phone number as well. We text or call it only when you ask for it, so that a lost or new phone does not lock you out of your account.',
    skip: 'Go on without a backup phone',
    warning:
      'Without a backup phone you cannot sign in when you lose the app: only your admin can then help you in.',
  },
  backupOfKey: {
    heading: 'In case you lose your security key',
    intro:
      'Give us a phone number as well. We text or call it only when you ask for it, so that a lost key does not lock you out.',
    warning:
      'Without a backup phone or a second key you cannot sign in when you lose this one: only your admin can then help you in.',
  },
  appPassword: {
    heading: 'Keep using your existing applications',
    intro:
      'Some older apps, such as a mail program on a computer or phone, cannot ask for a second step. In those apps type this app password instead of your normal password. One app password may serve several apps.',
    label: (name: string) => `App password “${name}”`,
    once: (days: number) =>
      `Copy it now: after Done nobody can see it again. It works for ${days === 1 ? '1 day' : `${days} days`}; then make a new one under My Profile, App passwords. Nobody will ever ask you for it.`,
    off: 'Your organisation does not use app passwords: apps that cannot ask for a second step do not work with this account.',
    have: 'You have app passwords already, and they keep working.',
    done: 'Done',
    notNeeded: "I don't use older apps",
  },
};
