/** Owns e-mail addresses: how they are read, compared and masked. */
import { domainToASCII } from 'node:url';

import { z } from 'zod';

import { halfWidth } from '../code.ts';

/** As HTML reads one (`input type=email`), and mail servers carry one (RFC 5321 §4.5.3.1). */
const localPart = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const domain =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** What is kept of a registered address. */
export const emailSecret = z.strictObject({
  address: z.string().refine((text) => readAddress(text) === text, 'This is no e-mail address.'),
});
export type EmailSecret = z.infer<typeof emailSecret>;

/** The address as it is written to: its domain in lower case and ASCII; undefined for what is none. */
export function readAddress(typed: string): string | undefined {
  const text = halfWidth(typed).trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const host = domainToASCII(text.slice(at + 1)).toLowerCase();
  const address = `${local}@${host}`;
  return localPart.test(local) && domain.test(host) && address.length <= 254 ? address : undefined;
}

/** Whether two addresses mean one mailbox, as far as one can tell: case and `+tag` mean nothing. */
export function isSameMailbox(one: string, other: string): boolean {
  return mailboxOf(one) === mailboxOf(other);
}

/** An address as its owner recognises it: `a•••@example.org`. */
export function maskAddress({ address }: EmailSecret): string {
  return `${address.slice(0, 1)}•••${address.slice(address.lastIndexOf('@'))}`;
}

function mailboxOf(address: string): string {
  const text = (readAddress(address) ?? address.trim()).toLowerCase();
  return text.replace(/\+[^@]*@/, '@');
}
