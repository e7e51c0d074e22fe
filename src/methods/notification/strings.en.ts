/** What is said about notifications of the Tweestap Authenticator. */
export const en = {
  label: (device: string) => `Authenticator app - notification (${device})`,
  tile: {
    title: 'Approve a request in the app',
    detail: (device: string) => `Your Tweestap Authenticator (${device})`,
  },
  challenge: {
    title: 'Approve the request in your app',
    sent: (device: string) => `We sent a notification to your Tweestap Authenticator (${device}).`,
    /** Where the app may show no notifications. */
    waits: (device: string) => `A request waits in your Tweestap Authenticator (${device}).`,
    instruction: 'Open the app, type the number below, and choose Approve.',
    silent: 'No notification? Open the app anyway: the request waits there.',
    numberLabel: 'Number to type in the app',
  },
  draft: {
    scan: 'Scan this QR code with the camera of your phone. It opens the Tweestap Authenticator, which needs no app store.',
    qr: 'QR code for the Tweestap Authenticator',
    sameDevice: 'Open the authenticator on this device',
    cannotScan: "Can't scan the QR code?",
    byHand:
      'Open the URL on your phone, choose “Add account” and “Enter account manually”, and type these two:',
    code: 'Code',
    address: 'URL',
    joined: (device: string) => `The app has joined: ${device}. One test is left.`,
  },
  rejections: {
    expired:
      "We didn't hear from you in time, so the request was closed. Send it again, or choose another way.",
    /** Only where it is being set up: an app that is registered is locked by then. */
    'too-many-wrong':
      'The PIN was five times wrong, so the request was closed. Try again. If you forgot the PIN, set up the app once more from the start: you then choose a new one.',
    'user-declined':
      'The request was denied in the app. Send it again if you did not mean to, or choose another way.',
    superseded: 'You asked for a newer one since. Only the newest counts.',
    'not-accepted': 'That answer did not come from your app. Send the request again.',
  },
};
