/** What is said where a forgotten password is reset. Nothing here depends on whether there is an account. */
export const en = {
  link: "Can't access your account?",
  name: {
    title: 'Get back into your account',
    intro:
      'Forgotten your password, or locked out? Show that it is you, and choose a new password.',
    label: 'User name',
    hint: (domain: string) => `Your work or school account, such as name@${domain}`,
    missing: 'Type your user name.',
    next: 'Next',
    wait: {
      title: 'One moment',
      body: 'Your browser did not make the calculation that keeps programs out. Wait instead: half a minute is enough. Then press Next.',
      left: (time: string) => `You can go on in ${time}`,
      over: 'You can go on now.',
    },
    limited: {
      title: 'Too often without the calculation',
      body: 'From your network this was asked too often by browsers without script. Use a browser with script, or try again later.',
      left: (time: string) => `You can try again in ${time}`,
      over: 'You can try again now.',
    },
    again: 'This page had become too old. Press Next once more.',
  },
  choose: {
    title: 'Show that it is you',
    next: 'Show it in a second way',
    intro:
      'Choose something that you registered for this account. To protect your account this list is the same for everybody: it does not show what you have.',
    second: 'That was right. Now choose a second, different one.',
    help: 'None of these? Contact your admin, who can help you in.',
  },
  /** By method. */
  gates: {
    notification: {
      label: 'Approve a notification on my authenticator app',
      detail: 'Only where you have the Tweestap Authenticator',
    },
    'authenticator-code': {
      label: 'Enter a code from my authenticator app',
      detail: 'Or from a token',
    },
    'security-key': {
      label: 'Use my security key or passkey',
      detail: 'One that this account knows',
    },
    'recovery-codes': { label: 'Use a recovery code', detail: 'From the sheet that you printed' },
    email: { label: 'Email my alternate email', detail: 'You type the full address first' },
    'text-message': { label: 'Text my mobile phone', detail: 'You type the full number first' },
    'phone-call': {
      label: 'Call my mobile or office phone',
      detail: 'You type the full number first',
    },
    'security-questions': {
      label: 'Answer my security questions',
      detail: 'The ones that you chose',
    },
  },
  naming: {
    phone: {
      title: 'Which number may we use?',
      intro:
        'Type the whole number as you registered it. Only if it is the right one, something is sent to it. The page after this one looks the same either way.',
      label: 'Phone number',
      hint: 'A number from another country begins with + and the country code.',
      wrong:
        'We do not know such a number. Check it, and type the whole number, such as 06 12345678.',
      text: 'Send the text',
      call: 'Call me',
    },
    mail: {
      title: 'Which address may we use?',
      intro:
        'Type the whole address as you registered it. Only if it is the right one, a code is sent to it. The page after this one looks the same either way.',
      label: 'E-mail address',
      hint: 'The address that you registered for resetting your password.',
      wrong: 'That is not an e-mail address. Type it as in name@example.org.',
      send: 'Send the code',
    },
  },
  challenge: {
    over: 'We could not verify that it is you',
    perhaps:
      'Nothing came? Then this may not be what you registered. Choose another way, or contact your admin.',
    anotherWay: 'Choose another way',
    cancel: 'Cancel',
    admin: 'No other way? Contact your admin, who can help you in.',
    closed: {
      title: 'We could not verify you in this way',
      body: 'There were too many wrong answers, so this way is closed for a while. Choose another way, or contact your admin.',
      left: (time: string) => `It opens again in ${time}`,
      over: 'It is open again. Choose it once more.',
    },
  },
  password: {
    title: 'Choose a new password',
    intro: 'You have shown that it is you.',
    label: 'New password',
    hint: 'At least 8 characters. A few words in a row are strong, and easy to remember.',
    strength: ['Easy to guess so far', 'Could be longer', 'Strong', 'Very strong'],
    again: 'Type the new password again',
    missing: 'Type a new password.',
    differs: 'The two passwords are not the same. Type the new password twice.',
    signedOut:
      'You are signed out everywhere. The second step is asked at the next sign-in, as before.',
    appPasswords: 'Your app passwords end as well.',
    finish: 'Finish',
    unlockIntro: 'You know your password, and are locked out after wrong tries?',
    unlock: 'Unlock only, and keep my password',
    refused: {
      'too-short': 'This password is too short. Use at least 8 characters.',
      'too-long': 'This password is too long. Use at most 256 characters.',
      'too-common':
        'This password is guessed first: many use it, or your organisation bans it. Choose a few words of your own.',
      'names-owner':
        'This password has your name in it, or that of your organisation. Choose one without.',
      same: 'This is the password you have. Choose another one, or unlock only.',
      'directory-rules':
        'Your organisation’s directory does not accept this password: it is too simple for it, or you had it before. Choose another one.',
      'directory-keeps':
        'Your organisation’s directory keeps your password. It is reset there, and not here.',
      'directory-unavailable':
        'Your organisation’s directory, which keeps your password, doesn’t answer. Try again later.',
    },
    paused: {
      title: 'That was often today',
      body: 'This password was reset five times within a day.',
      left: (time: string) => `You can go on in ${time}`,
      over: 'You can go on now.',
    },
  },
  stopped: {
    title: 'We could not verify your account',
    body: 'What you showed was right, but this password cannot be reset here: your organisation asks for more than you registered, does not allow it for your account, or the account is closed.',
    now: 'Contact your admin, who can help you in.',
  },
  elsewhere: {
    title: 'Your password is not reset here',
    body: 'What you showed was right. But your organisation’s own directory keeps your password, so it cannot be reset here.',
    now: 'Contact your admin, who can set a new one there.',
    change: 'Go to where your organisation sets passwords',
  },
  nobody: {
    title: 'Your admin resets your password',
    body: 'Your organisation does not let people reset a forgotten password by themselves.',
    now: 'Contact your admin.',
  },
  helpDesk: 'Go to your help desk',
  done: {
    title: 'Your password is changed',
    body: 'Sign in with the new one. We sent a mail about it to all your addresses.',
    quiet: 'Sign in with the new one.',
    signIn: 'Sign in',
  },
  unlocked: {
    title: 'Your account is unlocked',
    body: 'Sign in with the password you know.',
    signIn: 'Sign in',
  },
};
