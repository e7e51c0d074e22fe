import { formatNumber } from '../../../i18n/format.ts';
import type { TokenFileFault } from '../../../registrations/hardware-token-file.ts';
import type { TokenStatus } from '../../../registrations/hardware-token.ts';
import type { ImportedToken } from '../../../administration/hardware-tokens/token-import.ts';

/** What the pages of the hardware tokens say. */
export const en = {
  title: 'Hardware tokens',
  intro:
    'Small devices that show a code every 30 or 60 seconds, for people without a phone. A token works once it was given to somebody and a code of it was typed.',
  back: 'Hardware tokens',
  add: 'Import tokens',
  search: 'Serial number',
  searchHint: 'How it begins is enough.',
  status: 'Status',
  any: 'Any',
  show: 'Search',
  statuses: {
    available: 'On the shelf',
    assigned: 'Assigned',
    activated: 'Activated',
    failedActivation: 'Activation failed',
  } satisfies Record<TokenStatus, string>,
  counts: (counts: Readonly<Record<TokenStatus, number>>) =>
    `${formatNumber(counts.activated, 'en')} activated, ${formatNumber(counts.assigned + counts.failedActivation, 'en')} waiting for a code, ${formatNumber(counts.available, 'en')} on the shelf.`,
  columns: {
    serialNumber: 'Serial number',
    make: 'Make',
    status: 'Status',
    owner: 'Assigned to',
    used: 'Last used',
  },
  none: 'No token is found',
  noneBody: 'Import the file that came with the tokens, or take away a filter.',
  next: 'Next tokens',
  first: 'From the beginning',
  never: 'Never',
  nobody: 'Nobody',
  removedOwner: 'An account that is gone',
  token: {
    title: (serialNumber: string) => `Token ${serialNumber}`,
    make: 'Make',
    codes: 'Codes',
    codesOf: (digits: number, seconds: number, hash: string) =>
      `${digits} digits, every ${seconds} seconds (${hash})`,
    added: 'Added',
    clock: 'Its clock',
    steps: (steps: number) =>
      steps === 0
        ? 'Runs with ours'
        : `${Math.abs(steps)} ${Math.abs(steps) === 1 ? 'code' : 'codes'} ${steps > 0 ? 'ahead of' : 'behind'} ours`,
  },
  acts: {
    assign: {
      title: (serialNumber: string) => `Assign token ${serialNumber}`,
      will: [
        'They get a mail that says how to start using it.',
        'It proves nobody until a code of it was typed, here or by them.',
      ],
      confirm: 'Assign',
    },
    activate: {
      title: (serialNumber: string) => `Activate token ${serialNumber}`,
      will: [
        'Type the code that the token shows now. From then on it proves its owner at sign-in.',
      ],
      confirm: 'Activate',
    },
    resync: {
      title: (serialNumber: string) => `Set the clock of token ${serialNumber} right`,
      will: [
        'Type two codes in a row, the second as soon as the token shows it.',
        'A clock may be off by up to forty codes.',
      ],
      confirm: 'Set right',
    },
    unassign: {
      title: (serialNumber: string) => `Take token ${serialNumber} back?`,
      will: [
        'It no longer proves its owner, from now on.',
        'What they opened with it ends, and they get a mail.',
        'The token goes back on the shelf and can be given to somebody else.',
      ],
      confirm: 'Take back',
    },
    remove: {
      title: (serialNumber: string) => `Remove token ${serialNumber}?`,
      will: [
        'Tweestap forgets its key. To use it again, import it again.',
        'If somebody has it, it no longer proves them.',
      ],
      confirm: 'Remove',
    },
  },
  cancel: 'Cancel',
  person: 'User name of the person',
  personHint: 'Their whole user name, such as anna@voorbeeld.example.',
  code: 'Code on the token',
  firstCode: 'First code',
  secondCode: 'Second code',
  done: {
    assign: 'The token was assigned. It works once a code of it was typed.',
    activate: 'The token is activated.',
    resync: 'The clock of the token was set right.',
    unassign: 'The token is on the shelf again.',
    remove: 'The token was removed.',
  },
  refused: {
    nobody: 'There is nobody with this user name. Type it in full.',
    above: 'This account is above your role.',
    self: 'This is your own account: somebody else has to do it.',
    taken: 'Meanwhile the token was given to somebody. Look at it again.',
    wrong: 'That is not what the token shows now. Type the code that it shows, at once.',
    wrongPair: 'Those are not two codes in a row. Wait for a new code, type it, and then the next.',
    paused: (until: string) => `Too many codes were wrong. Try again after ${until}.`,
    full: 'They have five authenticator apps and tokens already. One of these must go first.',
    gone: 'Meanwhile the token was changed by somebody else. Look at it again.',
  },
  import: {
    title: 'Import tokens',
    intro:
      'The maker of the tokens sends a file with their keys. Keep it secret, and delete it when you are done.',
    file: 'File',
    fileHint: 'A table (CSV) with these columns, or a PSKC file (XML):',
    columns: 'upn,serial number,secret key,time interval,manufacturer,model',
    upn: 'Where upn is filled in, the token is given to that person at once.',
    password: 'Password of the file',
    passwordHint:
      'Only for PSKC files that are encrypted: their password, or their key in hexadecimal.',
    check: 'Check only',
    do: 'Import',
    missing: 'Choose a file.',
    checked: (good: number, all: number) =>
      `Checked: ${good} of ${all} would be imported. Nothing was changed.`,
    again: 'Choose the file once more to import it.',
    done: (good: number, all: number) => `${good} of ${all} were imported.`,
    faults: 'Left out',
    line: 'Line',
    problem: 'What is wrong',
    more: (count: number) => `And ${formatNumber(count, 'en')} more, in the file below.`,
    download: 'Download the lines that were left out',
  },
  fileFaults: {
    'not-pskc': 'This is neither a table nor a PSKC file.',
    'too-many-keys': 'This file has more than 2,000 keys. Divide it.',
    'password-needed': 'This file is encrypted. Type its password.',
    'password-wrong': 'The password does not open this file, or somebody changed the file.',
    'unknown-encryption':
      'This file is encrypted in a way that cannot be opened here. Ask its maker for one with a password.',
    empty: 'There is no token in this file.',
    'column-missing': (column: string) =>
      `There is no column “${column}”. The first line must name the columns.`,
    'too-many-lines': 'This file has more than 20,000 lines. Divide it.',
  } satisfies Record<TokenFileFault, string | ((column: string) => string)>,
  lineFaults: {
    unreadable: 'This line cannot be read: look at its quotes.',
    'serial-number-missing': 'The serial number is missing.',
    'serial-number-too-long': 'The serial number is longer than 100 characters.',
    'serial-number-repeated': 'A line above has the same serial number.',
    'key-missing': 'The secret key is missing.',
    'key-unreadable': 'The secret key is no base32 (A–Z, 2–7) of 16 to 128 characters.',
    interval: 'The time interval is neither 30 nor 60.',
    'kind-of-code':
      'Tokens that count presses (HOTP), or use another kind of code, do not work here.',
    'text-too-long': 'The manufacturer or the model is longer than 100 characters.',
    'already-here': 'This serial number was imported before.',
    'owner-unknown': 'There is nobody with this user name.',
    'owner-above': 'You may not give a token to this account.',
  } satisfies Record<Exclude<ImportedToken['fault'], undefined>, string>,
};
