/** What somebody reads on the way between an application and us. */
export const en = {
  signOut: {
    title: 'Sign out?',
    askedBy: (application: string) => `${application} asks us to sign you out.`,
    means: (organisation: string) =>
      `You will be signed out of ${organisation} in this browser, and of the apps you opened from here.`,
    yes: 'Sign out',
    no: 'Stay signed in',
  },
  signedOut: {
    title: 'You are signed out',
    means: 'We have told the apps you opened from here.',
    shared: 'On a computer that others use, close all windows of this browser.',
    opens: (application: string) => `One moment, ${application} opens by itself.`,
    back: (application: string) => `Back to ${application}`,
    again: 'Sign in again',
  },
  refused: {
    title: 'We can’t open this app',
    happened: 'The app asked for your sign-in in a way that we can’t answer.',
    now: 'Go back to the app and try again. If it happens again, show this page to your admin.',
  },
  reference: 'Reference',
};
