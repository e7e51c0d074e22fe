/** What My Profile says, and the page after signing out. */
export const en = {
  title: 'My Profile',
  navigation: {
    profile: 'My Profile',
    securityInfo: 'Security info',
    appPasswords: 'App passwords',
    trustedDevices: 'Trusted devices',
    recentSignIns: 'Recent sign-ins',
    changePassword: 'Change password',
    admin: 'Administration',
  },
  account: {
    heading: 'Your account',
    name: 'Name',
    account: 'User name',
    mail: 'E-mail',
    language: 'Language',
  },
  signedIn: {
    heading: 'How you signed in',
    intro: 'What you proved to get in here, and when.',
    password: 'Password',
    gone: 'A verification method that is not registered any more',
    since: (time: string) => `This session ends on ${time} at the latest.`,
  },
  methods: {
    heading: 'Your verification methods',
    intro: 'With these you can prove that it is you when you sign in.',
    securityInfo: 'Security info',
    default: 'Default',
    used: 'Last used',
    deviceUsed: 'This device last used',
    never: 'Not used yet',
    none: 'Nothing registered',
    noneBody: 'Your organisation asks you to set something up when you sign in, if it is needed.',
  },
  signedOut: {
    title: 'You are signed out',
    body: 'Your session here has ended, and we told the applications that you had open. Close the browser if others use this device as well.',
    again: 'Sign in again',
  },
};
