/** The words that components bring themselves. Everything else is said by the page. */
export const en = {
  skipToContent: 'Skip to main content',
  errorTitle: (title: string) => `Error: ${title}`,
  errorLead: 'Error:',
  errorSummary: 'There is a problem',
  notYou: 'Not you?',
  signOut: 'Sign out',
  signedInAs: 'Signed in as',
  menu: 'Menu',
  close: 'Close',
  mainNavigation: 'Main navigation',
  language: 'Language',
  optional: 'optional',
  show: 'Show',
  hide: 'Hide',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Not copied. Select the text and copy it yourself.',
  stepOf: (step: number, total: number) => `Step ${step} of ${total}`,
  connectionLost: 'No connection. We keep trying.',
  timeLeft: (time: string) => `${time} left`,
  timeUp: 'The time is up.',
  opensInNewTab: 'opens in a new tab',
  securityKey: {
    again: 'Try again',
    notAllowed:
      'Nothing was confirmed: it was cancelled, took too long, or no key of yours is here. Try again, or choose another way.',
    knownAlready: 'This key is registered already. Use another one.',
    insecure:
      'Your browser does not allow security keys at this address. Open the page at its usual address, or ask your admin.',
    unsupported:
      'This browser or key cannot do what is needed: it must ask for a PIN, finger or face. Use another one, or choose another way.',
    broken: 'Your browser could not ask for the key. Load the page again, or choose another way.',
    needsScript:
      'A security key works only with JavaScript, because your browser has to speak with it. Turn it on and load the page again, or choose another way.',
  },
  notices: { info: 'Information:', success: 'Done:', warning: 'Warning:', error: 'Problem:' },
  pages: 'Pages',
  previousPage: 'Previous',
  nextPage: 'Next',
  pageOf: (page: number, total: number) => `Page ${page} of ${total}`,
  sorted: {
    ascending: 'sorted, lowest first',
    descending: 'sorted, highest first',
  },
};
