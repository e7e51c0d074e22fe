/**
 * Owns the judgement whether a request means us. Links and redirects come from the public URL alone;
 * a request under any other name is not answered (attack ATK-31), which also keeps pages that
 * resolve their own name to this machine out of the simulator.
 */
import { isIP } from 'node:net';

const hostHeader = /^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Whether a `Host` header names this origin; the default port may be written or not. */
export function namesOrigin(host: string | undefined, origin: string): boolean {
  if (host === undefined || !hostHeader.test(host)) return false;
  // As every browser writes it; only another spelling has to be read.
  if (origin.endsWith(`//${host}`)) return true;
  const { protocol, host: own } = new URL(origin);
  const address = `${protocol}//${host}`;
  return URL.canParse(address) && new URL(address).host === own;
}

/** Whether a `Host` header is a bare address: no name that somebody else could point at us. */
export function isBareAddress(host: string | undefined): boolean {
  if (host === undefined || !hostHeader.test(host)) return false;
  return isIP(host.replace(/:\d{1,5}$/, '').replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/** Whether an address, as `lib/ip` writes it, is this machine itself. */
export function isLoopback(address: string | undefined | null): boolean {
  return address === '::1' || (address?.startsWith('127.') === true && isIP(address) === 4);
}
