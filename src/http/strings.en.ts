/** What the web server says by itself: on the error page, and on the way to an application. */
export const en = {
  help: 'Help',
  helpIfAgain: 'Help if this happens again',
  reference: 'Reference',
  tryAgainIn: (duration: string) => `You can try again in ${duration}.`,
  toProfile: 'Go to your profile',
  openOwnAddress: (origin: string) => `Open ${origin}`,
  goingOn: 'You are signed in',
  signedIn: 'One moment, you go on by yourself.',
  signedInFor: (application: string) => `One moment, ${application} opens by itself.`,
  goOn: 'Continue',
};
