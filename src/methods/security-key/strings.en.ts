/** What is said about security keys and passkeys (rows S-098, S-122, E-063). */
export const en = {
  label: 'Security key',
  kind: { name: 'Security key' },
  tile: {
    title: 'Use a security key',
    detail: 'A key, your phone or this device, with its PIN, finger or face',
  },
  form: {
    name: 'Name of the key',
    nameHint: 'So that you know which one it is: “Blue key”, “My phone”. At most 40 characters.',
    tooLong: 'That name is too long. Use at most 40 characters.',
  },
  challenge: {
    title: 'Use your security key',
    how: 'Your browser asks for it. Plug the key in or hold it to your device, touch it, and type its PIN. A passkey on your phone or this device asks for your finger, your face or your PIN.',
    button: 'Use my security key',
  },
  draft: {
    title: 'Setting up your new sign-in method',
    how: (name: string) =>
      `Your browser asks where “${name}” is: a key that you plug in or hold to your device, your phone, or this device itself. Touch it, and choose or type its PIN, or use your finger or face.`,
    button: 'Go on with my security key',
  },
  alone: {
    title: 'Sign in with a security key or passkey',
    how: 'Your browser asks for it: choose your account, and use the PIN of the key, your finger or your face. You need no password.',
    button: 'Use my key or passkey',
  },
  rejections: {
    unreadable: 'We could not read what your browser sent. Try again.',
    'not-accepted':
      'That key did not prove who you are. Use a key that you registered here, with its PIN, finger or face.',
    'counter-went-back':
      'This key may have been copied, so we do not take it any more. Choose another way, and tell your admin.',
    'too-many-wrong': 'That was five times wrong. Start again, or choose another way.',
    expired: 'You were away for a while. Start again.',
    superseded: 'You started again on another page. Go on there, or start again here.',
  },
};
