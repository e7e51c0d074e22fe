/**
 * Owns which push services there are for us. An endpoint comes from a browser that somebody else may
 * have written, and we call it: so it leads to a service that is known, or nowhere (attack ATK-66).
 */
import { isPublicAddress } from '../../../lib/outgoing.ts';
import { isThisMachine } from '../../../lib/this-machine.ts';

/** Those of Chrome and most others, Firefox, Safari, and Edge on Windows. */
export const knownPushServices: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
];

/** Whether a name can stand in the list: `host`, `*.domain`, each with `:port` where it is not 443. */
export function isServiceName(text: string): boolean {
  const host = text.startsWith('*.') ? text.slice(2) : text;
  const url = URL.parse(`https://${host}`);
  if (url === null || host === '' || /[/?#@\\\s*]/.test(host)) return false;
  const isSingleLabel = text.startsWith('*.') && !url.hostname.includes('.');
  return url.pathname === '/' && !isSingleLabel && host.toLowerCase() === url.host;
}

/** Whether all that this name can mean is on this machine. */
export function isServiceHere(name: string): boolean {
  const url = URL.parse(`https://${name}`);
  return url !== null && isThisMachine(url.hostname);
}

/**
 * Where to push for an endpoint; undefined where it leads elsewhere than to one of these services.
 * Without encryption only on this machine.
 */
export function pushAddress(endpoint: string, services: readonly string[]): URL | undefined {
  const url = endpoint.length > longestEndpoint ? null : URL.parse(endpoint);
  if (url === null || `${url.username}${url.password}` !== '') return undefined;
  const isEncrypted = url.protocol === 'https:';
  if (!isEncrypted && (url.protocol !== 'http:' || !isThisMachine(url.hostname))) return undefined;
  return services.some((name) => isOf(url.host, name.toLowerCase())) ? url : undefined;
}

/** Whether we may connect to this address for this host: a service is on the open internet, or right here. */
export function allowsPushTo(address: string, host: string): boolean {
  return isPublicAddress(address) || (isThisMachine(host) && isThisMachine(address));
}

const longestEndpoint = 2_048;

/** `host` as URLs have it: in lower case, its port only where it is not the usual one. */
function isOf(host: string, name: string): boolean {
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
}
