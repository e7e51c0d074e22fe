/** What the pages of the settings say; what each setting is called stands in `setting-words.en.ts`. */
import { formatNumber } from '../../../i18n/format.ts';
export const en = {
  title: 'Settings',
  intro:
    'What your organisation decides. A change holds everywhere within five seconds, and stands in the audit log.',
  looksOnly: 'Your role looks, and changes nothing.',
  groups: {
    organisation: {
      title: 'Organisation and branding',
      detail: 'Name, colour, language, help desk',
      intro: 'What people see on every page, in every mail and at the beginning of a call.',
    },
    service: {
      title: 'Service settings',
      detail: 'App passwords, trusted IPs, remembered devices, verification options',
      intro: 'What holds for everybody at the second step.',
    },
    registration: {
      title: 'Registration',
      detail: 'How long a first method may be registered, and who is asked to',
      intro: 'How people come to have a verification method.',
    },
    reset: {
      title: 'Password reset',
      detail: 'Who may, by how many methods and which, who is told',
      intro: 'How people choose a new password without the help desk.',
    },
    fraud: {
      title: 'Fraud and lockout',
      detail: 'Reports of fraud, blocks, wrong second steps',
      intro: 'What happens when somebody says “it was not me”, and when answers are wrong.',
    },
    sessions: {
      title: 'Sessions and passwords',
      detail: 'How long people stay signed in, which words no password is made of',
      intro: 'When people sign in again, and what their passwords must not be.',
    },
    strengths: {
      title: 'Authentication strengths',
      detail: 'Which combinations of methods are enough for an application',
      intro: 'What an application or a site can require by its name.',
    },
    deliveries: {
      title: 'Texts and calls',
      detail: 'Where texts and calls may go, and how many a day',
      intro: 'What may be sent, and how much of it.',
    },
    administration: {
      title: 'Administration',
      detail: 'What people with a role may do alone',
      intro: 'What people with a role may do, and how.',
    },
  },
  methodsCard: {
    title: 'Methods',
    detail: 'Which there are, for which groups, and how each works',
  },
  /** The headings of the parts of a page. */
  sections: {
    organisation: 'Organisation',
    appPasswords: 'App passwords',
    trustedIps: 'Trusted IPs',
    trustedDevices: 'Remember multi-factor authentication on trusted devices',
    verification: 'Verification options',
    systemPreferred: 'System-preferred method',
    registration: 'First registration',
    campaign: 'Registration campaign',
    reset: 'Password reset',
    fraud: 'Reports of fraud',
    lockout: 'Wrong second steps',
    sessions: 'Sessions',
    passwords: 'Passwords',
    delivery: 'Texts and calls',
    administration: 'Administration',
    strengths: 'Authentication strengths',
    sites: 'Sites behind a proxy',
    who: 'Who may use it',
    how: 'How it works',
    other: 'More',
  },
  methods: {
    'text-message': 'Text message to phone',
    'phone-call': 'Call to phone',
    notification: 'Notification through mobile app',
    'authenticator-code': 'Verification code from mobile app or hardware token',
    'security-key': 'Security key',
    email: 'E-mail',
    'recovery-codes': 'Recovery codes',
    'security-questions': 'Security questions',
    'temporary-access-pass': 'Temporary Access Pass',
    password: 'Password',
    other: 'Another method',
  },
  method: {
    intro: 'Which verification methods there are, and for whom.',
    columns: { name: 'Method', state: 'State', groups: 'For', people: 'Registered by' },
    everybody: 'Everybody',
    only: (groups: string) => `Only ${groups}`,
    not: (groups: string) => `Everybody but ${groups}`,
    onlyNot: (groups: string, others: string) => `Only ${groups}, but not ${others}`,
    nobodyWithRole: 'Nobody with a role',
    people: (count: number) =>
      count === 0 ? 'Nobody' : count === 1 ? '1 person' : `${formatNumber(count, 'en')} people`,
    about: 'What it is',
    strength: 'How strong it is',
    strengths: {
      knowledge: 'Something one knows: never a second step by itself',
      possession: 'Something one has: it can be talked out of somebody',
      'phishing-resistant': 'Cannot be phished: it answers to this site alone',
    },
    provesIn: 'Proves',
    proves: {
      'sign-in': 'A sign-in',
      reset: 'A password reset',
      both: 'A sign-in and a password reset',
    },
    cost: 'What it costs',
    costs: {
      text: 'One text message each time, at the price of your provider',
      call: 'One phone call each time, at the price of your provider',
      mail: 'One mail each time',
      push: 'Nothing: the app of Tweestap is part of it',
      nothing: 'Nothing',
    },
    registered: 'Registered by',
    shared: 'The same registration may serve another method too.',
    made: 'Those in charge make it; nobody registers it.',
  },
  strengths: {
    add: 'New authentication strength',
    intro: 'Whoever proves one of these combinations has proved enough for what asks for it.',
    fixed: 'It is always there and cannot be changed.',
    always: 'Always there',
    builtIn: {
      'second-step': 'Multifactor authentication',
      passwordless: 'Passwordless',
      'phishing-resistant': 'Phishing-resistant',
    },
    columns: { name: 'Strength', enough: 'What is enough', usedBy: 'Required by' },
    count: (count: number) => (count === 1 ? '1 combination' : `${count} combinations`),
    name: 'Name',
    nameHint: 'What people in charge call it. Up to 80 characters.',
    id: 'Short name',
    idHint:
      'What applications require it by; it stays as it is. Small letters, digits and hyphens.',
    combinations: 'Combinations that are enough',
    combinationsHint: 'Choose at least one.',
    more: 'Other combinations',
    moreHint: (ids: string) =>
      `One on each line, with a plus between the methods: password + text-message + security-key. There are: ${ids}.`,
    remove: 'Delete this strength',
    faults: {
      name: 'Type a name of up to 80 characters.',
      id: 'Type up to 50 small letters, digits and hyphens.',
      taken: 'Another strength is called like this. Type another short name.',
      combinations: 'Choose at least one combination. There are at most four methods in each.',
      weak: 'One of these is no second step, or names a method that does not prove a sign-in. Check it.',
      many: 'There are 40 strengths already. Delete one first.',
      used: (applications: string) =>
        `${applications} requires it. Let it require another strength first.`,
    },
  },
  preview: {
    title: 'How it looks',
    intro:
      'The first page of a sign-in, in light and on a dark phone. Nothing is saved by looking.',
    label: {
      light: 'Preview of the sign-in page, light',
      dark: 'Preview of the sign-in page on a phone, dark',
    },
    show: 'Preview',
  },
  logo: {
    title: 'Logo',
    intro: 'It stands beside the name of your organisation on every page.',
    now: 'The logo now',
    none: 'There is none: a small mark stands in its place.',
    change: 'Change the logo',
    remove: 'Remove the logo',
    choose: 'Another logo',
    file: 'Picture',
    hint: 'A PNG, JPEG or WebP of up to 32 KB. It is shown 28 pixels high, up to 160 wide, on light and on dark.',
    refused: {
      missing: 'Choose a picture.',
      large: 'That picture is larger than 32 KB. Make it smaller and choose it again.',
      other: 'That is no PNG, JPEG or WebP. Choose another picture.',
    },
    previewTitle: 'Is this the logo?',
    keep: 'Use this logo',
  },
  names: {
    others: (label: string) => `${label}: others`,
    othersHint: 'One name on each line, as it is written where your people come from.',
  },
  on: 'On',
  off: 'Off',
  none: 'None',
  notSet: 'Not set',
  lines: (count: number) => (count === 1 ? '1 line' : `${formatNumber(count, 'en')} lines`),
  yourAddress: (address: string) => `Your address now is ${address}.`,
  yourAddressIn: 'It is in one of these ranges.',
  yourAddressOut: 'It is in none of these ranges.',
  bounds: {
    between: (from: string, to: string) => `From ${from} to ${to}.`,
    from: (from: string) => `${from} or more.`,
    to: (to: string) => `Up to ${to}.`,
  },
  faults: {
    number: 'Type a number.',
    wholeBetween: (from: string, to: string) => `Type a whole number from ${from} to ${to}.`,
    whole: 'Type a whole number.',
    wholeFrom: (from: string) => `Type a whole number, ${from} or more.`,
    between: (from: string, to: string) => `Type a number from ${from} to ${to}.`,
    choice: 'Choose one.',
    empty: 'Type something here.',
    long: (most: string) => `Type no more than ${most} characters.`,
    many: (most: string) => `Give no more than ${most} lines.`,
    refused: 'This cannot be used here. Check it and type it again.',
    elsewhere: (path: string) => `Something else does not go with it: ${path}. Check that first.`,
    lines: (lines: readonly number[]) =>
      lines.length === 1
        ? `Line ${lines.join('')} cannot be used here. Check it.`
        : `Lines ${lines.join(', ')} cannot be used here. Check them.`,
    noMethod:
      'Nobody could prove who they are any more: leave at least one method on that people register by themselves.',
  },
  save: 'Save',
  cancel: 'Cancel',
  back: 'Settings',
  saved: 'Saved. It holds everywhere within five seconds.',
  nothing: 'There was nothing to change.',
  draft: 'You have proved that it is you. What you typed is still here; save it now.',
  meanwhile: {
    title: 'Somebody else changed this meanwhile',
    body: 'What you typed is still here, and nothing was saved. This is different now from what you saw:',
    now: (label: string, value: string) => `${label}: ${value}`,
  },
  changed: {
    caption: 'What changed',
    setting: 'Setting',
    from: 'Was',
    to: 'Is now',
    undo: 'Undo',
    undoAbout: 'puts back what was so before',
  },
  dangers: {
    title: 'Are you sure?',
    intro: 'Nothing is saved yet.',
    confirm: 'Save it all the same',
    'method-off': (name: string, people: number, only: number) =>
      people === 0
        ? `${name} is switched off. Nobody has registered anything for it.`
        : `${name} is switched off. ${people === 1 ? '1 person has' : `${formatNumber(people, 'en')} people have`} registered something for it; ${
            only === 0
              ? 'all of them have another method.'
              : `${only} of them ${only === 1 ? 'has' : 'have'} nothing else, and must register anew at the next sign-in or ask the help desk.`
          }`,
    'group-out': (method: string, group: string, people: number, registered: number) =>
      `${method} is no longer for ${group}, which has ${people === 1 ? '1 member' : `${formatNumber(people, 'en')} members`}. ${
        registered === 0
          ? 'None of them has registered anything for it.'
          : registered === 1
            ? '1 of them has registered something for it.'
            : `${registered} of them have registered something for it.`
      }`,
    'only-groups': (method: string, groups: string) =>
      `${method} is for members of ${groups} only, and for nobody else any more.`,
    'group-unknown': (group: string) =>
      `Nobody is in a group called ${group}. Check how it is written.`,
    'ips-everyone': (range: string) =>
      `${range} is every address there is: nobody anywhere is asked for a second step, neither is a stranger who knows a password.`,
    'ips-wide': (range: string) =>
      `${range} is a very large part of the internet. Whoever comes from there is asked for no second step.`,
    'ips-own-out': (address: string) =>
      `You come from ${address}, which was trusted and is not any more. Everybody there is asked for a second step from now on.`,
    'app-passwords-off':
      'App passwords are switched off. Older apps that use one stop at once; what was made comes back when you allow them again.',
    'app-passwords-sooner':
      'App passwords that are older than the new number of days end at once, whatever was said when they were made. Older apps that use one stop.',
    'own-out':
      'You yourself would have no method left that you may use, and could not come back to this page. Register another one in Security info first.',
    'reset-too-few':
      'Nobody could reset their password: too few different methods are allowed for that. A notification is never enough by itself.',
    'registration-shut':
      'No range of addresses is trusted, so nobody registers a first method without a Temporary Access Pass.',
    'no-messages': 'No text and no call is sent any more.',
  },
};
