/** What the pages say on which people come from a file, or go into one. */
export const en = {
  import: {
    title: 'Users from a file',
    intro:
      'Adds an account for each line. You first see what each line would come to; nothing happens before you say so.',
    fileHint: 'A table as text (CSV), as Excel writes it, up to 20 MB: about 200,000 lines.',
    columns:
      'The first line names the columns, in English or Dutch, in any order. Only User name must be there:',
    list: 'User name, Name, Mailbox, Other mail address, Mobile phone, Office phone, Extension, Language, Role, Groups, State, May sign in, Password.',
    passwords:
      'A password in the file is temporary. Where there is none, one is made; you fetch all of them once, afterwards.',
  },
  states: {
    title: 'States from a file',
    intro:
      'Moves the multi-factor state of each person in the file. You first see what each line would come to; nothing happens before you say so.',
    fileHint: 'A table as text (CSV), as Excel writes it, up to 20 MB.',
    columns: 'The first line names the columns, in any order: User name and State.',
    list: 'A state is Disabled, Enabled or Enforced, or the same in Dutch.',
    passwords: 'Everybody whose state moves gets a mail.',
  },
  file: 'File',
  text: 'Or the lines themselves',
  textHint: 'Up to some 1,000 lines, with the names of the columns above them.',
  example: 'An example file',
  read: 'Read the file',
  cancel: 'Cancel',
  back: 'Users',
  faults: {
    none: 'Choose a file, or paste its lines.',
    both: 'Choose a file or paste lines, not both.',
    empty: 'The file is empty. Choose another.',
    unreadable: 'This is no table as text. Save it as CSV and choose that file.',
    missing: (columns: string) =>
      `The first line must name these columns, and does not: ${columns}. Add them.`,
    twice: (columns: string) => `The first line names these columns twice: ${columns}. Remove one.`,
  },
  columns: {
    userPrincipalName: 'User name',
    displayName: 'Name',
    password: 'Password',
    mail: 'Mailbox',
    otherMail: 'Other mail address',
    mobilePhone: 'Mobile phone',
    businessPhone: 'Office phone',
    businessPhoneExtension: 'Extension',
    preferredLanguage: 'Language',
    role: 'Role',
    groups: 'Groups',
    perUserMfaState: 'State',
    accountEnabled: 'May sign in',
  },
  yes: 'yes',
  no: 'no',
  exportName: 'users.csv',
  exampleNames: { import: 'example-users.csv', states: 'example-states.csv' },
  examples: {
    name: 'Sam Example',
    groups: 'staff, night shift',
    enabled: 'Enabled',
    enforced: 'Enforced',
  },
};
