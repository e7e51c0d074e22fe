/** What a person is told by mail about their sign-in. */
export const en = {
  greeting: (name: string) => `Hello ${name},`,
  notYou: 'Was this not you?',
  when: 'When',
  where: 'Network address',
  account: 'Account',
  what: 'What',
  methodRegistered: {
    subject: (organisation: string) =>
      `A verification method was added to your ${organisation} account`,
    body: 'You can now prove that it is you with this method.',
    notYou:
      'Somebody else may know your password. Tell your admin at once, and change your password.',
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
      `Ten wrong verification codes for your ${organisation} account`,
    body: 'Somebody entered your password and then ten wrong codes. We stopped them for now.',
    notYou:
      'Somebody else knows your password. You will choose a new one the next time you sign in. Tell your admin.',
  },
  fraudReported: {
    subject: (organisation: string) => `You reported a sign-in to your ${organisation} account`,
    body: 'You told us that a request to sign in was not yours. Nobody was let in.',
    notYou: 'Somebody else knows your password. Your admin can help you get a new one.',
  },
  passwordChanged: {
    subject: (organisation: string) => `The password of your ${organisation} account was changed`,
    body: 'You are signed out everywhere else.',
    notYou: 'Tell your admin at once: somebody else has access to your account.',
  },
};
