/**
 * Owns what lies on this very machine: the one place where another system may be spoken to in the clear, since
 * nobody stands on the way.
 */
import { isIPv4 } from 'node:net';

import { normaliseAddress } from './ip.ts';

/** Whether a host, by its name or its address (in brackets or not), is this machine whatever a resolver says. */
export function isThisMachine(host: string): boolean {
  if (host === 'localhost') return true;
  const address = normaliseAddress(host);
  return address === '::1' || (address !== null && isIPv4(address) && address.startsWith('127.'));
}

/** Whether nobody on the way can read or change what goes to this address. Throws where it is none. */
export function isGuarded(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isThisMachine(hostname);
}
