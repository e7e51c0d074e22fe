/**
 * Owns files of people: accounts to be added, or the state of those who are there, one a line. A file is
 * read into a draft, each line judged by the same rules that hold when it is done; nothing happens before
 * somebody says so. Headings are understood in English and in Dutch, in any order.
 */
import { groupsIn } from '../../accounts/group.ts';
import { judgeNewUser, type NewUser } from '../../accounts/new-user.ts';
import { roles, type PerUserMfaState, type Role, type User } from '../../accounts/user.ts';
import type { UserStore } from '../../accounts/user-store.ts';
import { isLocale, type Locale } from '../../i18n/locale.ts';
import { readCsv, type CsvField, type CsvRecord } from '../../lib/csv.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { formatInternational } from '../../lib/phone-number.ts';
import type { Random } from '../../lib/random.ts';
import type { Policies } from '../../policies/policies.ts';
import type { Administration } from '../administration.ts';
import type { JobItem } from './job.ts';
import type { Beginner, Jobs } from './jobs.ts';

/** What a file is read as. */
export type UserFileKind = 'import' | 'states';

/** The columns that are understood. */
export const userColumns = [
  'userPrincipalName',
  'displayName',
  'password',
  'mail',
  'otherMail',
  'mobilePhone',
  'businessPhone',
  'businessPhoneExtension',
  'preferredLanguage',
  'role',
  'groups',
  'perUserMfaState',
  'accountEnabled',
] as const;
export type UserColumn = (typeof userColumns)[number];

/** The draft that a file became, or why it could not become one. */
export type ReadUserFile =
  | { readonly kind: 'read'; readonly job: string }
  | { readonly kind: 'refused'; readonly why: 'empty' | 'unreadable' }
  | {
      readonly kind: 'refused';
      readonly why: 'missing' | 'twice';
      /** Columns that must be there and are not, or that are there twice. */
      readonly columns: readonly UserColumn[];
    };

export interface UserFileParts {
  readonly jobs: Jobs;
  readonly users: Pick<UserStore, 'idsOfNames'>;
  readonly administration: Pick<Administration, 'generatePassword'>;
  readonly policies: Policies;
  readonly random: Random;
}

/** The longest file that may be sent, in bytes: some 200,000 lines. */
export const longestUserFile = 20 * 1024 * 1024;

/** Lines that are looked up and kept together. */
const together = 500;

/** Reads a file into a draft. Throws as `jobs.draft` does. */
export async function readUserFile(
  parts: UserFileParts,
  file: {
    readonly kind: UserFileKind;
    readonly pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
    readonly by: Beginner;
  },
): Promise<ReadUserFile> {
  const { jobs, users, random } = parts;
  const { kind, by } = file;
  const records = readCsv(file.pieces);
  const first = await records.next();
  if (first.done === true) return { kind: 'refused', why: 'empty' };
  if (first.value.fault !== undefined) return { kind: 'refused', why: 'unreadable' };
  const heading = headingOf(first.value.fields, kind);
  if (heading.kind === 'refused') return heading;
  const { columns, ignored } = heading;
  const job = await jobs.draft({ kind, ignored }, by);
  const judge = await judgeOf(parts, kind);
  const seen = new Set<string>();
  let lines: JudgedLine[] = [];

  const keep = async (): Promise<void> => {
    const names = lines.flatMap(({ canonical }) => (canonical === undefined ? [] : [canonical]));
    const ids = await users.idsOfNames(names);
    await jobs.addItems(
      job,
      lines.map((line) => itemOf(line, kind, ids, () => random.token(16))),
    );
    lines = [];
  };

  for await (const record of records) {
    lines.push(lineOf(record, columns, seen, judge));
    if (lines.length === together) await keep();
  }
  await keep();
  await jobs.endDraft(job);
  return { kind: 'read', job };
}

/** A line, with what is wrong with it; `canonical` where its name can be looked up. */
interface JudgedLine {
  readonly number: number;
  readonly name: string;
  readonly canonical: string | undefined;
  readonly input: JobItem['input'];
  /** Codes, as a result has them. */
  readonly faults: readonly string[];
}

/** The cells of a line by their columns; '' for those that are not there. */
type Cells = (column: UserColumn) => string;
type Judge = (cells: Cells) => Pick<JudgedLine, 'input' | 'faults'>;

function lineOf(
  record: CsvRecord,
  columns: readonly (UserColumn | undefined)[],
  seen: Set<string>,
  judge: Judge,
): JudgedLine {
  const number = record.line;
  if (record.fault !== undefined) {
    return { number, name: '', canonical: undefined, input: undefined, faults: [record.fault] };
  }
  const { fields } = record;
  const cells: Cells = (column) => fields[columns.indexOf(column)]?.trim() ?? '';
  const name = cells('userPrincipalName').slice(0, 200);
  const canonical = canonicalUserPrincipalName(name) ?? undefined;
  // A comma that nobody quoted would put everything behind it into the wrong column.
  if (fields.length !== columns.length)
    return { number, name, canonical, input: undefined, faults: ['columns'] };
  const { input, faults } = judge(cells);
  const isTwice = canonical !== undefined && seen.has(canonical);
  if (canonical !== undefined) seen.add(canonical);
  return { number, name, canonical, input, faults: isTwice ? ['twice', ...faults] : faults };
}

function itemOf(
  { number, name, canonical, input, faults }: JudgedLine,
  kind: UserFileKind,
  ids: ReadonlyMap<string, string>,
  newId: () => string,
): JobItem {
  const id = canonical === undefined ? undefined : ids.get(canonical);
  const found =
    kind === 'import'
      ? id === undefined
        ? []
        : ['taken']
      : id === undefined && !faults.includes('columns')
        ? ['unknown']
        : [];
  const all = [...found, ...faults];
  return {
    number,
    userId: kind === 'import' ? newId() : id,
    name,
    input: all.length === 0 ? input : undefined,
    result: all.length === 0 ? undefined : `!${all.join(' ')}`,
  };
}

async function judgeOf(
  { policies, administration }: UserFileParts,
  kind: UserFileKind,
): Promise<Judge> {
  if (kind === 'states') {
    return (cells) => {
      const state = stateIn(cells('perUserMfaState'));
      return state === undefined
        ? { input: undefined, faults: ['state'] }
        : { input: { state }, faults: [] };
    };
  }
  const { organisation, passwords } = await policies.current();
  const made = administration.generatePassword();
  const context = {
    country: organisation.country,
    organisation: organisation.name,
    banned: passwords.banned,
  };
  return (cells) => {
    const { user, faults: read } = userIn(cells);
    const typed = cells('password');
    const password = typed === '' ? undefined : typed;
    const judged = judgeNewUser({ ...user, password: password ?? made }, context);
    const faults = judged.faults
      .filter(({ field }) => field !== 'password' || password !== undefined)
      .map(({ field, reason }) => `${field}:${reason}`);
    const all = [...read, ...faults];
    return { input: all.length === 0 ? { user, password } : undefined, faults: all };
  };
}

/** An account as a line says it; what is no word of ours is a fault. */
function userIn(cells: Cells): {
  readonly user: Omit<NewUser, 'password'>;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const orFault = <value>(
    column: UserColumn,
    code: string,
    read: (text: string) => value | undefined,
  ): value | undefined => {
    const text = cells(column);
    if (text === '') return undefined;
    const value = read(text);
    if (value === undefined) faults.push(code);
    return value;
  };
  const absent = (column: UserColumn): string | undefined => cells(column) || undefined;
  const office = absent('businessPhone');
  const extension = absent('businessPhoneExtension');
  if (extension !== undefined && (office === undefined || !/^\d{1,7}$/.test(extension))) {
    faults.push('businessPhoneExtension:not-a-number');
  }
  const user = {
    userPrincipalName: cells('userPrincipalName'),
    displayName: absent('displayName'),
    mustChangePassword: true,
    mail: absent('mail'),
    otherMail: absent('otherMail'),
    mobilePhone: absent('mobilePhone'),
    businessPhone:
      office === undefined || extension === undefined ? office : `${office} x${extension}`,
    preferredLanguage: orFault('preferredLanguage', 'language', languageIn),
    role: orFault('role', 'role', roleIn),
    groups: orFault('groups', 'groups', groupsIn),
    perUserMfaState: orFault('perUserMfaState', 'state', stateIn),
    accountEnabled: orFault('accountEnabled', 'enabled', yesOrNoIn),
  };
  return { user, faults };
}

const headings: Readonly<Record<UserColumn, readonly string[]>> = {
  userPrincipalName: ['username', 'upn', 'user', 'gebruikersnaam', 'gebruiker'],
  displayName: ['name', 'fullname', 'naam', 'volledigenaam', 'weergavenaam'],
  password: ['wachtwoord', 'temporarypassword', 'tijdelijkwachtwoord'],
  mail: ['email', 'mailbox', 'emailaddress', 'mailaddress', 'postvak', 'emailadres'],
  otherMail: ['othermailaddress', 'alternateemail', 'anderemailadres', 'alternatiefemailadres'],
  mobilePhone: ['mobile', 'mobilenumber', 'mobieletelefoon', 'mobiel', 'mobielnummer'],
  businessPhone: ['officephone', 'office', 'bureautelefoon', 'zakelijketelefoon'],
  businessPhoneExtension: ['extension', 'toestelnummer', 'toestel'],
  preferredLanguage: ['language', 'taal'],
  role: ['rol'],
  groups: ['group', 'groepen', 'groep'],
  perUserMfaState: ['state', 'mfastatus', 'mfastate', 'multifactorstate', 'status'],
  accountEnabled: ['enabled', 'maysignin', 'magzichaanmelden', 'accountactief'],
};

type Heading =
  | {
      readonly kind: 'understood';
      readonly columns: readonly (UserColumn | undefined)[];
      readonly ignored: readonly string[];
    }
  | Extract<ReadUserFile, { readonly kind: 'refused' }>;

function headingOf(cells: readonly string[], kind: UserFileKind): Heading {
  const columns = cells.map((cell) => columnOf(cell));
  const needed: readonly UserColumn[] =
    kind === 'states' ? ['userPrincipalName', 'perUserMfaState'] : ['userPrincipalName'];
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) return { kind: 'refused', why: 'missing', columns: missing };
  const twice = userColumns.filter(
    (column) => columns.filter((other) => other === column).length > 1,
  );
  if (twice.length > 0) return { kind: 'refused', why: 'twice', columns: twice };
  const ignored = cells.filter(
    (cell, index) =>
      cell.trim() !== '' &&
      (columns[index] === undefined || (kind === 'states' && !needed.includes(columns[index]))),
  );
  return { kind: 'understood', columns, ignored };
}

function columnOf(cell: string): UserColumn | undefined {
  const letters = lettersOf(cell);
  return userColumns.find(
    (column) => lettersOf(column) === letters || headings[column].includes(letters),
  );
}

function lettersOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function stateIn(text: string): PerUserMfaState | undefined {
  switch (lettersOf(text)) {
    case 'disabled':
    case 'uitgeschakeld':
      return 'disabled';
    case 'enabled':
    case 'ingeschakeld':
      return 'enabled';
    case 'enforced':
    case 'afgedwongen':
      return 'enforced';
    default:
      return undefined;
  }
}

function roleIn(text: string): Role | undefined {
  const letters = lettersOf(text);
  return roles.find((role) => lettersOf(role) === letters);
}

function languageIn(text: string): Locale | undefined {
  const letters = lettersOf(text);
  if (isLocale(letters)) return letters;
  if (letters === 'english' || letters === 'engels') return 'en';
  return letters === 'dutch' || letters === 'nederlands' ? 'nl' : undefined;
}

function yesOrNoIn(text: string): boolean | undefined {
  const letters = lettersOf(text);
  if (['yes', 'y', 'true', '1', 'ja', 'j', 'waar'].includes(letters)) return true;
  return ['no', 'n', 'false', '0', 'nee', 'onwaar'].includes(letters) ? false : undefined;
}

/** The columns of an export: those that an import reads again, but the password. */
export const exportedColumns = userColumns.filter(
  (column) => column !== 'password' && column !== 'businessPhoneExtension',
);

/** An account as a line of an export. `yes`, `no`: in the words of whoever reads it. */
export function exportedLine(
  user: Omit<User, 'passwordHash'>,
  { yes, no }: { readonly yes: string; readonly no: string },
): readonly CsvField[] {
  const { mobilePhone, businessPhone } = user;
  const cells: Readonly<Record<(typeof exportedColumns)[number], CsvField>> = {
    userPrincipalName: user.userPrincipalName,
    displayName: user.displayName,
    mail: user.mail,
    otherMail: user.otherMail,
    mobilePhone: mobilePhone === undefined ? undefined : formatInternational(mobilePhone),
    businessPhone:
      businessPhone === undefined
        ? undefined
        : formatInternational(businessPhone, user.businessPhoneExtension),
    preferredLanguage: user.preferredLanguage,
    role: user.role,
    groups: user.groups.join(', '),
    perUserMfaState: user.perUserMfaState,
    accountEnabled: user.accountEnabled ? yes : no,
  };
  return exportedColumns.map((column) => cells[column]);
}
