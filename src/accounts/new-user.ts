/** Owns what a new account must be: a name that nobody else can be taken for, numbers one can dial. */
import type { Locale } from '../i18n/locale.ts';
import { hidesSomething } from '../lib/hidden-text.ts';
import { canonicalUserPrincipalName, mixesScripts } from '../lib/names.ts';
import { parse as parseNumber } from '../lib/phone-number.ts';
import { passwordFault, type PasswordFault } from './password-rules.ts';
import type { PerUserMfaState, Role, User } from './user.ts';

/** What is asked for. Numbers as people write them; an office number may end in an extension. */
export interface NewUser {
  readonly userPrincipalName: string;
  /** The part before the `@` unless told. */
  readonly displayName?: string | undefined;
  readonly password: string;
  /** Whether the password must be changed at the first sign-in. */
  readonly mustChangePassword: boolean;
  readonly mail?: string | undefined;
  readonly otherMail?: string | undefined;
  readonly mobilePhone?: string | undefined;
  readonly businessPhone?: string | undefined;
  readonly preferredLanguage?: Locale | undefined;
  /** `user` unless told. */
  readonly role?: Role | undefined;
  readonly groups?: readonly string[] | undefined;
  /** `disabled` unless told. */
  readonly perUserMfaState?: PerUserMfaState | undefined;
  readonly accountEnabled?: boolean | undefined;
}

/** One thing that is wrong with what was asked for. */
export interface NewUserFault {
  readonly field: keyof NewUser;
  readonly reason:
    | PasswordFault
    | 'not-a-name'
    | 'mixed-scripts'
    | 'not-an-address'
    | 'not-a-number';
}

/** Everything that is wrong, or the account without id, password hash and times. */
export type JudgedUser =
  | { readonly faults: readonly NewUserFault[]; readonly user?: never }
  | {
      readonly faults: readonly [];
      readonly user: Omit<User, 'id' | 'passwordHash' | 'createdAt' | 'mfaRequiredAt'>;
    };

/** What an account is judged by, besides itself. */
export interface NewUserContext {
  /** Where numbers without `+` are read. */
  readonly country: string;
  /** The name of the organisation, which is no part of a password. */
  readonly organisation: string;
  /** Words that the organisation bans from passwords. */
  readonly banned?: readonly string[];
}

/** Judges a new account. */
export function judgeNewUser(
  asked: NewUser,
  { country, organisation, banned = [] }: NewUserContext,
): JudgedUser {
  const faults: NewUserFault[] = [];
  const name = asked.userPrincipalName.trim();
  const wrongName = userNameFault(name);
  if (wrongName !== undefined) faults.push({ field: 'userPrincipalName', reason: wrongName });
  const displayName = (asked.displayName ?? name.split('@', 1)[0] ?? '').trim();
  if (!isDisplayName(displayName)) {
    faults.push({ field: 'displayName', reason: 'not-a-name' });
  }
  const wrongPassword = passwordFault(asked.password, {
    userPrincipalName: name,
    displayName,
    organisation,
    banned,
  });
  if (wrongPassword !== undefined) faults.push({ field: 'password', reason: wrongPassword });
  for (const field of ['mail', 'otherMail'] as const) {
    const address = asked[field];
    if (address !== undefined && !isMailAddress(address)) {
      faults.push({ field, reason: 'not-an-address' });
    }
  }
  const mobile = read('mobilePhone');
  const business = read('businessPhone');
  if (faults.length > 0) return { faults };
  return {
    faults: [],
    user: {
      userPrincipalName: name,
      displayName,
      mail: asked.mail,
      otherMail: asked.otherMail,
      mobilePhone: mobile?.e164,
      businessPhone: business?.e164,
      businessPhoneExtension: business?.extension,
      preferredLanguage: asked.preferredLanguage,
      role: asked.role ?? 'user',
      groups: asked.groups ?? [],
      accountEnabled: asked.accountEnabled ?? true,
      blocked: undefined,
      mustChangePassword: asked.mustChangePassword,
      perUserMfaState: asked.perUserMfaState ?? 'disabled',
      defaultMethod: undefined,
      upstream: undefined,
    },
  };

  function read(field: 'mobilePhone' | 'businessPhone'):
    | {
        readonly e164: string;
        readonly extension?: string;
      }
    | undefined {
    const typed = asked[field];
    if (typed === undefined) return undefined;
    const number = parseNumber(country, typed);
    if (typeof number !== 'string') return number;
    faults.push({ field, reason: 'not-a-number' });
    return undefined;
  }
}

/** Why nobody can sign in under this name; undefined where somebody can. */
export function userNameFault(name: string): 'not-a-name' | 'mixed-scripts' | undefined {
  const canonical = canonicalUserPrincipalName(name);
  const domain = canonical?.split('@')[1];
  // To people, and to mail, a domain with a dot too many is the same one.
  if (canonical === null || domain === undefined || domain.split('.').includes('')) {
    return 'not-a-name';
  }
  return mixesScripts(canonical) ? 'mixed-scripts' : undefined;
}

/** Whether somebody can be called so on pages and in mail. */
export function isDisplayName(text: string): boolean {
  return text !== '' && text === text.trim() && text.length <= 256 && !hidesSomething(text);
}

/** Whether it is one mail address and nothing more; whether mail arrives there only a mail can tell. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[^\s@<>(),;:"\\\p{C}]+$/u.test(text)
  );
}
