/**
 * Owns which addresses an application may have. A redirect address is later compared as an exact
 * string (attack ATK-60), so only one spelling of it is accepted when it is registered: what a
 * browser or a parser would read differently never becomes somebody's door.
 */

export type UriFault =
  | 'not-an-address'
  /** Longer than 2,000 characters, or with blanks, controls or characters beyond ASCII. */
  | 'unreadable'
  /** A password, a fragment or a wildcard in it. */
  | 'has-extras'
  /** `HTTPS://App.example/a/../b`: write it as a browser would. */
  | 'not-normal'
  /** http anywhere but on the person's own machine. */
  | 'not-https'
  /** `myapp:` without a dot belongs to nobody (RFC 8252 §7.1), and `javascript:` is no address. */
  | 'scheme'
  /** Only a program on the person's machine, which keeps no secret, may have a scheme of its own. */
  | 'scheme-needs-public'
  /** A program that takes any port writes none (RFC 8252 §7.3). */
  | 'port-on-loopback';

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** What is wrong with a redirect address, or undefined when it will do. */
export function redirectUriFault(uri: string, isPublic: boolean): UriFault | undefined {
  const parsed = parse(uri);
  if (typeof parsed === 'string') return parsed;
  if (parsed.protocol === 'https:') return undefined;
  if (parsed.protocol === 'http:') return isLoopback(parsed) ? undefined : 'not-https';
  if (!/^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:$/.test(parsed.protocol)) return 'scheme';
  return isPublic ? undefined : 'scheme-needs-public';
}

/** What is wrong with an address that our server calls: https, or http on this machine. */
export function serviceUriFault(uri: string): UriFault | undefined {
  const parsed = parse(uri);
  if (typeof parsed === 'string') return parsed;
  if (parsed.protocol === 'https:') return undefined;
  if (parsed.protocol !== 'http:') return 'scheme';
  return isLoopback(parsed) ? undefined : 'not-https';
}

/**
 * Whether a redirect address is that of a program on the person's own machine: a scheme of its own,
 * or loopback without a port, which stands for whatever port is free there (RFC 8252 §7.1, §7.3).
 */
export function isNativeUri(uri: string): boolean {
  const parsed = parse(uri);
  if (typeof parsed === 'string') return false;
  if (parsed.protocol === 'http:') return isLoopback(parsed) && parsed.port === '';
  return parsed.protocol !== 'https:';
}

/** Whether an address is on this machine, with a port written out. */
export function isLoopbackWithPort(uri: string): boolean {
  const parsed = parse(uri);
  return typeof parsed !== 'string' && isLoopback(parsed) && parsed.port !== '';
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && loopbackHosts.includes(url.hostname);
}

function parse(uri: string): URL | UriFault {
  if (uri.length > 2000 || !/^[\x21-\x7e]+$/.test(uri)) return 'unreadable';
  if (!URL.canParse(uri)) return 'not-an-address';
  const parsed = new URL(uri);
  const isWeb = parsed.protocol === 'https:' || parsed.protocol === 'http:';
  if (isWeb && parsed.hostname === '') return 'not-an-address';
  if (parsed.username !== '' || parsed.password !== '' || /[#*\\]/.test(uri)) return 'has-extras';
  // A bare origin is written with or without its slash; everything else has one spelling.
  const isNormal = parsed.href === uri || (isWeb && parsed.href === `${uri}/`);
  return isNormal ? parsed : 'not-normal';
}
