/**
 * Owns what the phone knows: its accounts, in the order in which their owner wants to see them. An
 * account of Tweestap approves sign-ins as long as it has a device's key; one of another service only
 * shows codes. Everything here is a value; `database.ts` keeps it.
 */
import type { OtpAlgorithm } from '../../src/lib/otp/one-time-password.ts';
import type { CipherKey } from './keys.ts';

/** How codes are made (RFC 6238). */
export interface CodeKey {
  /** base32. */
  readonly key: string;
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
  readonly algorithm: OtpAlgorithm;
}

/** What makes this phone the one that approves; it never leaves the phone, nor a backup's way in. */
export interface Device {
  /** How it names itself to the server. */
  readonly account: string;
  /** P-256, not extractable. */
  readonly signingKey: CipherKey;
  /** What the person calls this phone. */
  readonly name: string;
  /** Whether approving asks for the PIN. */
  readonly pin: boolean;
  /** The server's key for Web Push; null where it pushes nothing. */
  readonly pushKey: string | null;
  /** Where the server was last told to push to; null where it was not. */
  readonly pushEndpoint: string | null;
  /** The app's version that the server was last told. */
  readonly version: string;
}

interface Kept {
  /** Of this phone's own making. */
  readonly id: string;
  /** What its owner calls it; '' where they do not. */
  readonly name: string;
  readonly otp: CodeKey;
}

export interface TweestapAccount extends Kept {
  readonly kind: 'tweestap';
  /** Where its server is, and what is signed as origin. */
  readonly origin: string;
  readonly organisation: string;
  readonly userPrincipalName: string;
  /** null: restored from a backup, or taken over by another phone. It shows codes, approves nothing. */
  readonly device: Device | null;
  /** The server said that it knows this phone no more. */
  readonly isRemovedThere: boolean;
}

export interface OtherAccount extends Kept {
  readonly kind: 'other';
  readonly issuer: string;
  readonly account: string;
}

export type Account = TweestapAccount | OtherAccount;

/** An account that can approve now. */
export interface PairedAccount extends TweestapAccount {
  readonly device: Device;
}

/** Whether this phone can approve sign-ins of the account. */
export function isPaired(account: Account): account is PairedAccount {
  return account.kind === 'tweestap' && account.device !== null && !account.isRemovedThere;
}

/** The line that is large: what its owner calls it, else whose server it is. */
export function titleOf(account: Account): string {
  if (account.name !== '') return account.name;
  if (account.kind === 'tweestap') return account.organisation;
  return account.issuer === '' ? account.account : account.issuer;
}

/** The line below it: whose codes they are. */
export function ownerOf(account: Account): string {
  return account.kind === 'tweestap' ? account.userPrincipalName : account.account;
}

/** Whether both are the same person at the same place, so that one replaces the other. */
export function isSame(one: Account, other: Account): boolean {
  if (one.kind === 'tweestap' && other.kind === 'tweestap') {
    return one.origin === other.origin && one.userPrincipalName === other.userPrincipalName;
  }
  return (
    one.kind === 'other' &&
    other.kind === 'other' &&
    one.issuer === other.issuer &&
    one.account === other.account
  );
}

/** The accounts with this one in them: in the place of the one it replaces, with its name, else last. */
export function withAccount(accounts: readonly Account[], added: Account): readonly Account[] {
  const known = accounts.find((account) => isSame(account, added));
  if (known === undefined) return [...accounts, added];
  return accounts.map((account) =>
    account === known ? { ...added, id: known.id, name: added.name || known.name } : account,
  );
}

/** The accounts with one of them a place further up (-1) or down (1); as they were at the ends. */
export function moved(accounts: readonly Account[], id: string, by: -1 | 1): readonly Account[] {
  const from = accounts.findIndex((account) => account.id === id);
  const one = accounts[from];
  const other = accounts[from + by];
  if (one === undefined || other === undefined) return accounts;
  return accounts.map((account) => (account === one ? other : account === other ? one : account));
}
