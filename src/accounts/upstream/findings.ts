/**
 * Owns what a directory's answer to a password means: in the sub-codes of Active Directory, in the password
 * policy of OpenLDAP and 389 Directory Server, and in their result codes. Pure.
 */
import { BerFault, readElements, readInteger, tags } from '../../lib/ber.ts';
import type { LdapOutcome } from '../../lib/ldap/answer.ts';
import type { Control } from '../../lib/ldap/message.ts';
import { resultCodes } from '../../lib/ldap/result.ts';
import type { PasswordChange, PasswordFinding } from './upstream.ts';

/** Asks for what the password policy says of a bind (draft-behera-ldap-password-policy §6). */
export const passwordPolicy: Control = {
  type: '1.3.6.1.4.1.42.2.27.8.5.1',
  isCritical: false,
  value: undefined,
};

/** Has Active Directory hold a password that we set against its history, too ([MS-ADTS] 3.1.1.3.4.1.27). */
export const policyHints: Control = {
  type: '1.2.840.113556.1.4.2239',
  isCritical: false,
  value: Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01]),
};

/** What 389 Directory Server says of a password that is right, but over (Netscape's control). */
const expiredControl = '2.16.840.1.113730.3.4.4';

/** Of a bind at an entry of `kind`. What it refuses with is true of the right password alone once that is proved (`claimOf`). */
export function findingOf(
  kind: 'ldap' | 'active-directory',
  outcome: LdapOutcome,
): PasswordFinding {
  const { code, message, controls } = outcome;
  const policy = policyFault(controls);
  const isOver = controls.some(({ type }) => type === expiredControl);
  switch (code) {
    case resultCodes.success:
      return { kind: policy === policyFaults.changeAfterReset || isOver ? 'must-change' : 'right' };
    case resultCodes.invalidCredentials:
      if (kind === 'active-directory') return { kind: subCodes[subCodeOf(message)] ?? 'wrong' };
      if (policy === policyFaults.passwordExpired || isOver) return { kind: 'must-change' };
      return { kind: policy === policyFaults.accountLocked ? 'locked' : 'wrong' };
    // An entry without a password (RFC 4511, appendix A), or that went away this very moment.
    case inappropriateAuthentication:
    case resultCodes.noSuchObject:
      return { kind: 'wrong' };
    // An account that is switched off in 389 Directory Server, whatever password was sent.
    case resultCodes.unwillingToPerform:
      return { kind: 'locked' };
    default:
      return { kind: 'unavailable', cause: refusal('A password was not looked at', outcome) };
  }
}

/**
 * What a refusal says of an account to whoever brought its password: that this is over, or that it may not be used.
 * It speaks of the right password only where the directory looks at that before all else, as Active Directory, OpenLDAP
 * and 389 Directory Server do, and others do not. Undefined: it says nothing of the kind.
 */
export function claimOf(
  kind: 'ldap' | 'active-directory',
  outcome: LdapOutcome,
): string | undefined {
  if (outcome.code !== resultCodes.invalidCredentials) return undefined;
  const finding = findingOf(kind, outcome);
  if (finding.kind !== 'must-change' && finding.kind !== 'disabled') return undefined;
  return kind === 'ldap' ? finding.kind : subCodeOf(outcome.message);
}

/** Of a new password. */
export function changeOf(kind: 'ldap' | 'active-directory', outcome: LdapOutcome): PasswordChange {
  const { code, message } = outcome;
  switch (code) {
    case resultCodes.success:
      return { kind: 'changed' };
    case constraintViolation:
      return { kind: 'refused' };
    case resultCodes.noSuchObject:
      return { kind: 'gone' };
    case resultCodes.unwillingToPerform:
      // ERROR_PASSWORD_RESTRICTION; any other one is a connection or an account that may not.
      if (kind === 'active-directory' && /^0*52d:/i.test(message)) return { kind: 'refused' };
      return { kind: 'forbidden', cause: refusal('A password was not set', outcome) };
    case resultCodes.protocolError:
    case resultCodes.confidentialityRequired:
    case strongerAuthRequired:
    case resultCodes.insufficientAccessRights:
      return { kind: 'forbidden', cause: refusal('A password was not set', outcome) };
    default:
      return { kind: 'unavailable', cause: refusal('A password was not set', outcome) };
  }
}

/** An outcome that nobody expected, for a log: a server's words hold no password. */
export function refusal(what: string, { code, message }: LdapOutcome): Error {
  const told = code === referral ? 'it is kept elsewhere, and referrals are not followed' : message;
  const words = told.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return new Error(`${what} (result ${code})${words === '' ? '' : `: ${words}`}`);
}

const strongerAuthRequired = 8;
const referral = 10;
const constraintViolation = 19;
const inappropriateAuthentication = 48;

/**
 * Windows' reasons behind `data` in the message. All but a lock-out are told of the right password only;
 * 530 and 531: not at this hour, not from here.
 */
const subCodes: Readonly<Record<string, Exclude<PasswordFinding['kind'], 'unavailable'>>> = {
  '525': 'wrong',
  '52e': 'wrong',
  '530': 'disabled',
  '531': 'disabled',
  '532': 'must-change',
  '533': 'disabled',
  '701': 'disabled',
  '773': 'must-change',
  '775': 'locked',
};

function subCodeOf(message: string): string {
  return /\bdata ([0-9a-f]{3,8})\b/i.exec(message)?.[1]?.toLowerCase() ?? '';
}

const policyFaults = { passwordExpired: 0, accountLocked: 1, changeAfterReset: 2 } as const;

/** What the password policy objects to; undefined where it does not, or says nothing that can be read. */
function policyFault(controls: readonly Control[]): number | undefined {
  const value = controls.find(({ type }) => type === passwordPolicy.type)?.value;
  if (value === undefined) return undefined;
  try {
    const reader = readElements(value).enter(tags.sequence);
    if (reader.peek() === 0xa0) reader.next();
    return reader.peek() === 0x81 ? readInteger(reader.expect(0x81)) : undefined;
  } catch (error) {
    if (error instanceof BerFault) return undefined;
    throw error;
  }
}
