/** What a person is told by mail about their sign-in. */
export const en = {
  greeting: (name: string) => `Hello ${name},`,
  notYou: 'Was this not you?',
  when: 'When',
  where: 'Network address',
  account: 'Account',
  what: 'What',
  device: {
    both: (browser: string, system: string) => `${browser} on ${system}`,
    someBrowser: (system: string) => `A browser on ${system}`,
    unknown: 'A browser we do not know',
  },
  deviceTrusted: {
    subject: (organisation: string) => `A device is now trusted by your ${organisation} account`,
    body: 'On this device your password alone is enough for a while: no second step is asked there.',
    notYou:
      'Somebody else can sign in as you. Tell your admin at once, and end the trust at Trusted devices on your profile.',
  },
  trustedDeviceRemoved: {
    subject: (organisation: string) =>
      `A device is no longer trusted by your ${organisation} account`,
    body: 'On this device you are asked for the second step again.',
    notYou: 'Somebody else can sign in as you. Tell your admin at once, and change your password.',
  },
  trustedDevicesRemoved: {
    subject: (organisation: string) =>
      `No device is trusted any more by your ${organisation} account`,
    body: 'On every device you are asked for the second step again.',
    notYou: 'Somebody else can sign in as you. Tell your admin at once, and change your password.',
  },
  trustedDeviceReused: {
    subject: (organisation: string) =>
      `Somebody may have copied a trusted device of your ${organisation} account`,
    body: 'What your browser keeps to be trusted was used in two places. So the device is trusted no longer, and the second step is asked again.',
    notYou:
      'If you did not just sign in, somebody else knows your password: change it, and tell your admin at once.',
  },
  approvalAsked: {
    subject: (organisation: string) => `An administrator of ${organisation} asks you to agree`,
    body: 'They want to do something to the account of somebody with a role. It waits until a second administrator agrees: look under Administration, Approvals.',
    notYou: 'Agree only once you spoke to them: somebody else may be using their account.',
  },
  approvalGiven: {
    subject: (organisation: string) => `A second administrator of ${organisation} agreed`,
    body: 'You can do now what you asked for, once and within a day of asking.',
    notYou:
      'If you did not ask for anything, somebody else uses your account: tell another administrator at once.',
  },
  approvalDeclined: {
    subject: (organisation: string) => `A second administrator of ${organisation} did not agree`,
    body: 'What you asked for is not done. Ask them why.',
    notYou:
      'If you did not ask for anything, somebody else uses your account: tell another administrator at once.',
  },
  tokenAssigned: {
    subject: (organisation: string) => `A hardware token is meant for your ${organisation} account`,
    body: 'Sign in, open Security info, and type a code that the token shows. From then on it proves that it is you.',
    notYou: 'If you were not told that you would get a token, ask your admin.',
  },
  /** What those in charge send, to see whether it arrives. The text: in the GSM alphabet. */
  test: {
    text: (organisation: string) =>
      `${organisation}: this is a test text. It arrived. You need not reply.`,
    greeting: (organisation: string) => `This is a test call of ${organisation}.`,
    instruction: 'It only tries whether calls arrive. Press the hash key to end it.',
    thanks: 'Thank you. The call works. Goodbye.',
    subject: (organisation: string) => `Test mail of ${organisation}`,
    body: 'An administrator asked for this mail, to see whether mail arrives. It arrived.',
    look: 'Does it look right?',
    lookBody:
      'Look at the sender, and whether your mail program found it suspicious: everybody else gets mail the same way.',
  },
  methodRegistered: {
    subject: (organisation: string) =>
      `A verification method was added to your ${organisation} account`,
    body: 'You can now prove that it is you with this method.',
    notYou:
      'Somebody else may know your password. Tell your admin at once, and change your password.',
  },
  methodChanged: {
    subject: (organisation: string) =>
      `A verification method of your ${organisation} account was changed`,
    body: 'From now on you prove that it is you with the new one. The old one no longer counts.',
    notYou:
      'Somebody else can sign in as you. Tell your admin at once, and look at Security info on your profile.',
  },
  /** A text to the old phone, in the GSM alphabet. */
  phoneChanged: (organisation: string) =>
    `${organisation}: the phone number of your account was changed. This phone no longer counts. Not you? Tell your admin at once.`,
  stoodIn: {
    subject: (organisation: string) =>
      `Your ${organisation} account was used without your usual methods`,
    body: 'What you keep for a bad day stood in for the phone, app or key that you are usually asked for.',
    notYou:
      'Somebody else has your password and what you keep for a bad day. Tell your admin at once, and change your password.',
  },
  methodRemoved: {
    subject: (organisation: string) =>
      `A verification method was deleted from your ${organisation} account`,
    body: 'You can no longer prove that it is you with this method.',
    notYou:
      'Somebody else can sign in as you. Tell your admin at once, and look at Security info on your profile.',
  },
  defaultMethodChanged: {
    subject: (organisation: string) =>
      `The default sign-in method of your ${organisation} account was changed`,
    body: 'From now on you are asked in this way first.',
    notYou:
      'Somebody else can sign in as you. Tell your admin at once, and look at Security info on your profile.',
  },
  tooManyWrong: {
    subject: (organisation: string) =>
      `Too many wrong verification codes for your ${organisation} account`,
    body: 'Somebody entered your password and then too many wrong codes. We stopped them for now.',
    notYou:
      'Somebody else knows your password. You will choose a new one the next time you sign in. Tell your admin.',
  },
  fraudReported: {
    subject: (organisation: string) => `You reported a sign-in to your ${organisation} account`,
    body: 'You told us that a request to sign in was not yours. Nobody was let in.',
    notYou: 'Somebody else knows your password. Your admin can help you get a new one.',
  },
  resetReported: {
    subject: (organisation: string) =>
      `You reported a reset of the password of your ${organisation} account`,
    body: 'You told us that a request to reset your password was not yours. Your password is still the same.',
    notYou:
      'Somebody else has something that proves to be you. Look at Security info on your profile, and tell your admin at once.',
  },
  passwordChanged: {
    subject: (organisation: string) => `The password of your ${organisation} account was changed`,
    body: 'You are signed out everywhere else.',
    notYou: 'Tell your admin at once: somebody else has access to your account.',
  },
  passwordReset: {
    subject: (organisation: string) => `The password of your ${organisation} account was reset`,
    body: 'Somebody who proved to be you chose a new password without the old one. Everybody is signed out of your account. The second step is asked at the next sign-in, as before.',
    notYou: 'Tell your admin at once: somebody else has access to your account.',
  },
  passwordUnlocked: {
    subject: (organisation: string) => `Your ${organisation} account was unlocked`,
    body: 'Somebody who proved to be you ended the pause after wrong passwords. The password is still the same.',
    notYou: 'Tell your admin at once: somebody else can prove to be you.',
  },
  adminPasswordReset: {
    subject: (organisation: string) => `An admin of ${organisation} reset their password`,
    body: 'Somebody in charge chose a new password without the old one, after proving two methods. You get this mail because you are in charge as well.',
    notYou: 'Ask them. If they know nothing of it, block the account at once.',
  },
  signInDenied: {
    subject: (organisation: string) =>
      `You told us that a sign-in to your ${organisation} account was not yours`,
    body: 'Everybody is signed out of your account, and your app passwords are deleted. You choose a new password the next time you sign in. Your admin was told.',
    notYou:
      'Then somebody else was signed in as you. Sign in, choose a new password, and tell your admin.',
  },
  deniedSignIn: {
    subject: (person: string, organisation: string) =>
      `${person} reports a sign-in to ${organisation} that was not theirs`,
    body: 'This is the sign-in. Everybody was signed out of the account; its app passwords are deleted, its phones are not asked, and its password must be changed at the next sign-in.',
    browser: 'Browser',
    now: 'What to do now:',
    look: 'Ask the person whether they are in again, and look in the log for what was done in between. Require them to register again if a method was added that is not theirs.',
  },
  fraudAlert: {
    subject: (person: string, organisation: string) => `${person} reports fraud at ${organisation}`,
    blocked:
      'Asked to approve a sign-in or a password reset, they said that it was not them. The account is blocked, and signed out everywhere.',
    noAction:
      'Asked to approve a sign-in or a password reset, they said that it was not them. The account is not blocked, since your organisation decided so.',
    blockedUntil: 'Blocked until',
    link: 'The account in the administration:',
    now: 'What to do now:',
    look: 'Speak to the person. If it was really not them, somebody knows their password: make a temporary one before you unblock the account.',
  },
  prefixClosed: {
    subject: (prefix: string, organisation: string) =>
      `${organisation} sends no more texts and calls to ${prefix}…`,
    body: 'Hardly anybody answers the texts and calls that go to these numbers. That is how it looks when somebody earns money with them. Nothing is sent there any more; people are offered their other methods.',
    block: 'Numbers that begin with',
    seen: 'Of the newest messages',
    answered: (answered: number, sent: number) => `${answered} of ${sent} answered`,
    now: 'What to do now:',
    look: (prefix: string) =>
      `Look in the audit log who asked for them: their passwords are known to somebody. If all was well, open the block again: in the portal under Deliveries, Closed blocks, or with tweestap numbers open ${prefix}`,
  },
  appPasswordMade: {
    subject: (organisation: string) => `An app password was made for your ${organisation} account`,
    body: 'An app can now use it in place of your password. Nobody will ever ask you for it.',
    notYou:
      'Somebody else can sign in as you. Delete it under App passwords on your profile, change your password, and tell your admin.',
  },
  appPasswordRemoved: {
    subject: (organisation: string) =>
      `An app password of your ${organisation} account was deleted`,
    body: 'Apps that used it no longer work with this account.',
    notYou: 'Somebody else has access to your account. Tell your admin at once.',
  },
  appPasswordsRemoved: {
    subject: (organisation: string) =>
      `All app passwords of your ${organisation} account were deleted`,
    body: 'Apps that used one of them no longer work with this account.',
    notYou: 'Somebody else has access to your account. Tell your admin at once.',
  },
  passwordSetByAdmin: {
    subject: (organisation: string) => `You got a new password for your ${organisation} account`,
    body: 'Your admin set a new password for you, and you are signed out everywhere. The old one is worth nothing any more.',
    notYou: 'If you did not ask for this, talk to your admin before you use the new password.',
  },
  blocked: {
    subject: (organisation: string) => `Your ${organisation} account was blocked`,
    body: 'Nobody can sign in with your account now, and you are signed out everywhere.',
    notYou: 'If you do not know why, ask your admin.',
  },
  unblocked: {
    subject: (organisation: string) => `Your ${organisation} account can be used again`,
    body: 'Your admin ended the block of your account. You can sign in as before.',
    notYou: 'If you did not ask for this, tell your admin.',
  },
  secondStepEnabled: {
    subject: (organisation: string) => `A second step now protects your ${organisation} account`,
    body: 'Your admin enabled it. The next time you sign in you show in a second way that it is you. If you have no such way yet, you set one up then. Older apps go on with your password until that is done.',
    notYou: 'If you do not know why, ask your admin.',
  },
  secondStepEnforced: {
    subject: (organisation: string) =>
      `Your ${organisation} account asks for a second step at every sign-in`,
    body: 'Your admin decided so. You show in a second way that it is you, each time you sign in. Older apps that cannot ask for it need an app password from now on.',
    notYou: 'If you do not know why, ask your admin.',
  },
  secondStepDisabled: {
    subject: (organisation: string) =>
      `Your ${organisation} account no longer asks for a second step`,
    body: 'Your admin disabled it, so your password alone is usually enough now. What you registered stays.',
    notYou:
      'If you did not ask for this, tell your admin at once: whoever knows your password can sign in as you.',
  },
  accountSwitchedOff: {
    subject: (organisation: string) => `Your ${organisation} account was switched off`,
    body: 'Nobody can sign in with your account now, and you are signed out everywhere.',
    notYou: 'If you do not know why, ask your admin.',
  },
  accountRemoved: {
    subject: (organisation: string) => `Your ${organisation} account was removed`,
    body: 'Your admin removed it, with everything that was registered. Nobody can sign in with it any more.',
    notYou: 'If you do not know why, ask your admin.',
  },
  accountSwitchedOn: {
    subject: (organisation: string) => `Your ${organisation} account was switched on`,
    body: 'Your admin switched it on. You can sign in with it now.',
    notYou: 'If you did not ask for this, tell your admin.',
  },
  reRegistrationRequired: {
    subject: (organisation: string) =>
      `Set up the verification of your ${organisation} account again`,
    body: 'Your admin deleted your verification methods, and you are signed out everywhere. The next time you sign in you set them up again.',
    notYou:
      'If you did not ask for this, call your admin at once: whoever signs in first with your password sets them up.',
  },
  signedOutByAdmin: {
    subject: (organisation: string) => `You were signed out of your ${organisation} account`,
    body: 'Your admin ended all your sessions. Sign in again where you need it.',
    notYou: 'If you do not know why, ask your admin.',
  },
  appPasswordsRemovedByAdmin: {
    subject: (organisation: string) => `App passwords of your ${organisation} account were deleted`,
    body: 'Your admin deleted app passwords of yours. Apps that used them need new ones.',
    notYou: 'If you do not know why, ask your admin.',
  },
  methodRemovedByAdmin: {
    subject: (organisation: string) =>
      `A verification method of your ${organisation} account was deleted`,
    body: 'Your admin deleted it. It no longer proves that it is you.',
    notYou: 'If you do not know why, ask your admin.',
  },
  contactChangedByAdmin: {
    subject: (organisation: string) => `The details of your ${organisation} account were changed`,
    body: 'Your admin changed what the organisation keeps of you: your name, a phone number, an address or your language.',
    notYou: 'If you do not know why, ask your admin at once.',
  },
  contactChangedByDirectory: {
    subject: (organisation: string) => `The details of your ${organisation} account were changed`,
    body: 'Your organisation changed your name, a phone number or your address in its directory, and your account follows it.',
    notYou: 'If you do not know why, ask your admin at once.',
  },
  linkedToDirectory: {
    subject: (organisation: string) =>
      `You sign in to ${organisation} with the password of its directory now`,
    body: 'Your account belongs to the directory of your organisation from now on. The password that you use at your computer is that of your account as well. The one that you had here before is worth nothing any more, and you were signed out everywhere.',
    notYou: 'If you do not know that password, ask your admin.',
  },
  directoryHeld: {
    subject: (organisation: string) =>
      `${organisation}: too many accounts would be switched off at once`,
    body: 'The directory of your organisation names so many people no longer, or as disabled, that something else may be wrong: a filter, or the place where people are looked for. Nobody was switched off. Everything else was done. Look under Administration, Directory.',
    notYou: 'Confirm it there only if these people really left.',
  },
  announcement: {
    subject: (organisation: string) => `Set up the verification of your ${organisation} account`,
    reminder: (organisation: string) =>
      `Reminder: set up the verification of your ${organisation} account`,
    body: 'Your organisation asks for a second step when you sign in: besides your password you show something that only you have, such as your phone. You set that up yourself. It takes a few minutes.',
    from: 'Required from',
    atNextSignIn: 'your next sign-in',
    until: 'Set it up before',
    link: 'Sign in here with your password and follow the steps:',
    doubt: 'Not sure that this mail is real?',
    doubtBody:
      'Do not follow the link then. Type the address of your organisation yourself, or ask your admin. Nobody asks you for your password or a code by mail.',
  },
  roleChangedByAdmin: {
    subject: (organisation: string) => `The role of your ${organisation} account was changed`,
    body: 'Your admin changed what your account may do for others. You were signed out everywhere, so that it holds at once.',
    notYou: 'If you do not know why, ask your admin at once.',
  },
  groupsChangedByAdmin: {
    subject: (organisation: string) => `The groups of your ${organisation} account were changed`,
    body: 'Your admin changed the groups that your account belongs to. They may decide how you sign in.',
    notYou: 'If you do not know why, ask your admin.',
  },
  passIssued: {
    subject: (organisation: string) =>
      `A Temporary Access Pass was made for your ${organisation} account`,
    body: 'Your admin made a pass with which you can sign in for a while in place of your password and your verification method. Ask your admin for it. It is in no mail and no text.',
    notYou:
      'If you did not ask for it, tell your admin at once: whoever has the pass can sign in as you.',
  },
  passUsed: {
    subject: (organisation: string) =>
      `A Temporary Access Pass was used for your ${organisation} account`,
    body: 'Somebody typed the pass that your admin made, in place of your password and your verification method.',
    notYou: 'Somebody else can sign in as you. Tell your admin at once.',
  },
};
