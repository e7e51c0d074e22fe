/**
 * Owns how an account looks as SCIM's *User*, and what somebody asks for who sends one: which of its fields
 * is which of ours. Nothing is changed here.
 */
import type { User } from '../../accounts/user.ts';
import { spoken, type Locale } from '../../i18n/locale.ts';
import { isJson, memberOf, type Json } from '../../lib/scim/patch.ts';
import { wrong, type ScimFault } from './faults.ts';
import { userUrn } from './schemas.ts';

/** What is known of an account elsewhere. */
export interface Beside {
  readonly base: string;
  readonly externalId: string | undefined;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

/** An account as it is answered; never with a password. */
export function userResource(user: User, { base, externalId, groups }: Beside): Json {
  const { id, displayName, mail, otherMail, mobilePhone, preferredLanguage } = user;
  const businessPhone = officeNumber(user);
  const emails = [
    ...(mail === undefined ? [] : [{ value: mail, type: 'work', primary: true }]),
    ...(otherMail === undefined ? [] : [{ value: otherMail, type: 'other' }]),
  ];
  const phoneNumbers = [
    ...(mobilePhone === undefined ? [] : [{ value: mobilePhone, type: 'mobile' }]),
    ...(businessPhone === undefined ? [] : [{ value: businessPhone, type: 'work' }]),
  ];
  return {
    schemas: [userUrn],
    id,
    ...(externalId === undefined ? {} : { externalId }),
    userName: user.userPrincipalName,
    displayName,
    name: { formatted: displayName },
    active: user.accountEnabled,
    ...(emails.length === 0 ? {} : { emails }),
    ...(phoneNumbers.length === 0 ? {} : { phoneNumbers }),
    ...(preferredLanguage === undefined ? {} : { preferredLanguage }),
    ...(groups.length === 0
      ? {}
      : {
          groups: groups.map((group) => ({
            value: group.id,
            $ref: `${base}/Groups/${group.id}`,
            display: group.name,
          })),
        }),
    meta: {
      resourceType: 'User',
      created: user.createdAt.toISOString(),
      location: `${base}/Users/${id}`,
    },
  };
}

function officeNumber({
  businessPhone,
  businessPhoneExtension: extension,
}: User): string | undefined {
  if (businessPhone === undefined || extension === undefined) return businessPhone;
  return `${businessPhone}x${extension}`;
}

/** What is asked for. Undefined is nothing, or for a name and for `active`: as it is. */
export interface AskedUser {
  readonly userName: string;
  readonly displayName: string | undefined;
  readonly active: boolean | undefined;
  readonly mail: string | undefined;
  readonly otherMail: string | undefined;
  readonly mobilePhone: string | undefined;
  readonly businessPhone: string | undefined;
  readonly preferredLanguage: Locale | undefined;
  readonly externalId: string | undefined;
  readonly password: string | undefined;
}

const longestText = 500;
const longestExternalId = 256;

/**
 * Reads a resource under the names of our attributes; `before` is who it is about, where there is somebody
 * already, since one name stands in two attributes, of which either may be changed.
 */
export function askedUser(resource: Json, before?: User): AskedUser | ScimFault {
  const text = textReader();
  const userName = text('userName', resource['userName']);
  const displayName = text('displayName', resource['displayName']);
  const formatted = text('name.formatted', memberOf(resource['name'], 'formatted'));
  const isNew = (name: string | undefined): boolean =>
    name !== undefined && name !== before?.displayName;
  const [work, other] = [
    text('emails', valueOf(resource['emails'], ['work', ''])),
    text('emails', valueOf(resource['emails'], ['other', 'home'])),
  ];
  const [mobile, office] = [
    text('phoneNumbers', valueOf(resource['phoneNumbers'], ['mobile'])),
    text('phoneNumbers', valueOf(resource['phoneNumbers'], ['work'])),
  ];
  const language = text('preferredLanguage', resource['preferredLanguage']);
  const externalId = text('externalId', resource['externalId'], longestExternalId);
  const password = resource['password'] ?? undefined;
  const active = booleanOf(resource['active'] ?? undefined);
  if (active === null) return wrong('invalidValue', "'active' is true or false.");
  if (password !== undefined && typeof password !== 'string') {
    return wrong('invalidValue', "'password' is a text.");
  }
  const fault = text.fault();
  if (fault !== undefined) return fault;
  if (userName === undefined) return wrong('invalidValue', "'userName' is missing.");
  return {
    userName,
    displayName: isNew(displayName) ? displayName : isNew(formatted) ? formatted : undefined,
    active,
    mail: work,
    otherMail: other,
    mobilePhone: dialled(mobile),
    businessPhone: dialled(office),
    preferredLanguage: language === undefined ? undefined : spoken(language),
    externalId,
    password: password === '' ? undefined : password,
  };
}

/** What somebody is called who is added with the parts of a name alone. */
export function nameOfParts(body: unknown): string | undefined {
  const name = memberOf(body, 'name');
  const parts = ['givenName', 'familyName']
    .map((part) => memberOf(name, part))
    .filter((part) => typeof part === 'string' && part.trim() !== '');
  return parts.length === 0 ? undefined : parts.join(' ').slice(0, longestText);
}

interface TextReader {
  (name: string, value: unknown, longest?: number): string | undefined;
  /** The first that was no text. */
  fault(): ScimFault | undefined;
}

/** Reads texts; an empty one is none. */
function textReader(): TextReader {
  let found: ScimFault | undefined;
  const read = (name: string, value: unknown, longest = longestText): string | undefined => {
    if (value === undefined || value === null) return undefined;
    const isSound =
      typeof value === 'string' && value.length <= longest && !/[\p{Cc}\p{Cs}]/u.test(value);
    if (isSound) return value.trim() === '' ? undefined : value.trim();
    found ??= wrong('invalidValue', `'${name}' is no text, too long, or holds control characters.`);
    return undefined;
  };
  return Object.assign(read, { fault: () => found });
}

/** The value of the first of these types that there is; of several of one type the primary one. */
function valueOf(list: unknown, types: readonly string[]): unknown {
  if (!Array.isArray(list)) return undefined;
  const values = list.filter(isJson);
  for (const type of types) {
    const fitting = values.filter((one) => typeOf(one) === type);
    const first = fitting.find((one) => booleanOf(one['primary']) === true) ?? fitting[0];
    if (first?.['value'] !== undefined) return first['value'];
  }
  return undefined;
}

function typeOf({ type }: Json): string {
  return typeof type === 'string' ? type.toLowerCase() : '';
}

/** `True` and `False` are what some write; null is neither. */
function booleanOf(value: unknown): boolean | undefined | null {
  if (value === undefined || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return text === 'true' ? true : text === 'false' ? false : null;
}

/** As people write numbers, where it came as an address (RFC 3966). */
function dialled(number: string | undefined): string | undefined {
  return number?.replace(/^tel:/i, '').replace(/;ext=(\d+)$/i, 'x$1');
}
