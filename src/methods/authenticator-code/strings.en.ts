/** What is said about codes from an authenticator app or a token. */
export const en = {
  label: 'Authenticator app or hardware token - code',
  /** Of an app of ours, which has a name. */
  ours: {
    label: (device: string) => `Authenticator app - code (${device})`,
    detail: (device: string) => `Your Tweestap Authenticator (${device})`,
  },
  /** Of a hardware token, which has a button and a number. */
  token: {
    label: (serialNumber: string) => `Hardware token - code (${serialNumber})`,
    detail: (serialNumber: string) => `Your hardware token (${serialNumber})`,
    title: 'Enter the code from your hardware token',
    press: (serialNumber: string) =>
      `Take the token with serial number ${serialNumber}, press its button if it has one, and type the code that it shows.`,
  },
  tile: { title: 'Use verification code', detail: 'Authenticator app or hardware token' },
  challenge: {
    title: 'Enter the verification code from the mobile app',
    open: (organisation: string, account: string) =>
      `Open your authenticator app and type the code that it shows for ${organisation}, ${account}.`,
    code: 'Verification code',
  },
  draft: {
    scan: 'Open your authenticator app, add a work or school account, and scan this QR code.',
    qr: 'QR code for your authenticator app',
    sameDevice: 'Open the app on this device',
    cannotScan: "Can't scan the QR code?",
    byHand: 'Choose “Enter account manually” in the app, and type or paste these two:',
    key: 'Code',
    address: 'URL',
  },
  rejections: {
    unreadable: 'We could not read that. Type the digits that are shown, nothing else.',
    'incorrect-code':
      'That code is not right. Type the code that is shown now. If it goes wrong again, let your phone set its clock by itself; a hardware token is set right by your admin.',
    'code-already-used':
      'That code was used before. Wait until the next one is shown, and type that.',
    'too-many-wrong': 'That was five times wrong. Start again, or choose another way.',
    expired: 'You were away for a while. Start again, and type the code that is shown then.',
    superseded: 'You started again on another page. Go on there, or start again here.',
  },
};
