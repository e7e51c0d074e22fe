/**
 * Network addresses: one spelling for each, ranges, and whose address a request really has.
 */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/**
 * The one spelling of an address, or `null` where it is none: IPv6 as in RFC 5952, an IPv4 address
 * mapped into IPv6 as IPv4, no brackets, no zone. Ports are not part of an address.
 */
export function normaliseAddress(text: string): string | null {
  // Nearly all are, and this is asked at each request.
  if (isIPv4(text)) return text;
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%[^\s%]+$/, '');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  // The address parser of the platform writes IPv6 in its shortest form.
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const high = Number.parseInt(mapped[1] ?? '', 16);
  const low = Number.parseInt(mapped[2] ?? '', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export interface Cidr {
  /** The first address of the range. */
  readonly address: string;
  /** How many leading bits are fixed: 0–32 for IPv4, 0–128 for IPv6. */
  readonly prefix: number;
}

/**
 * A range such as `10.0.0.0/8`, `2001:db8::/32` or a single address, or `null` where it is none.
 * Bits below the prefix are cleared: `10.1.2.3/8` is `10.0.0.0/8`.
 */
export function parseCidr(text: string): Cidr | null {
  const [typed, length, ...more] = text.trim().split('/');
  const address = normaliseAddress(typed ?? '');
  if (address === null || more.length > 0) return null;
  const bits = isIPv4(address) ? 32 : 128;
  if (length === undefined) return { address, prefix: bits };
  if (!/^\d{1,3}$/.test(length)) return null;
  // Of a mapped IPv4 range, written ::ffff:10.0.0.0/104, only what lies in the IPv4 part counts.
  const prefix = Number(length) - (bits === 32 && isIPv6(typed ?? '') ? 96 : 0);
  if (prefix < 0 || prefix > bits) return null;
  return { address: firstOf(address, prefix), prefix };
}

/**
 * What one subscriber has, as far as an address tells: an address of IPv4, the first 64 bits of IPv6, of which
 * everybody has as many as they like. Limits count by this (security.md ATK-03). The text itself where that
 * is no address.
 */
export function networkOf(address: string): string {
  const known = normaliseAddress(address);
  if (known === null || isIPv4(known)) return known ?? address;
  return `${firstOf(known, 64)}/64`;
}

/** A set of ranges. */
export interface AddressRanges {
  /** Whether the address lies in one of them. What is no address lies in none. */
  has(address: string): boolean;
}

/** The ranges of a list; throws a `TypeError` for what is no range, so check with `parseCidr`. */
export function addressRanges(ranges: readonly string[]): AddressRanges {
  // One list for each family: a single one takes every IPv4 address to lie in ::/0.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const cidr = parseCidr(range);
    if (cidr === null) throw new TypeError(`Not a range of addresses: ${range}`);
    const family = familyOf(cidr.address);
    lists[family].addSubnet(cidr.address, cidr.prefix, family);
  }
  return {
    has: (text) => {
      const address = normaliseAddress(text);
      if (address === null) return false;
      const family = familyOf(address);
      return lists[family].check(address, family);
    },
  };
}

/**
 * Whether an address lies in one of the ranges. A range that cannot be read contains nothing, so a
 * slip in a policy never lets anybody in. A list is read once, however often it is asked.
 */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  let known = readNetworks.get(networks);
  if (known === undefined) {
    known = addressRanges(networks.filter((network) => parseCidr(network) !== null));
    readNetworks.set(networks, known);
  }
  return known.has(address);
}

const readNetworks = new WeakMap<readonly string[], AddressRanges>();

/**
 * Who sent a request: the address at the other end of the connection, or, where that is a trusted
 * proxy, the nearest address in `X-Forwarded-For` that is not one. Read from the right, since the
 * left is whatever the sender wrote. What cannot be read ends the walk at the last proxy that could
 * be: it is never an error, and never somebody else (security.md ATK-86). `null` only where the
 * connection itself has no address.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trustedProxies: AddressRanges,
): string | null {
  let client = normaliseAddress(remoteAddress ?? '');
  if (client === null || forwardedFor === undefined) return client;
  const header = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',');
  // Nobody stands behind more proxies than that; a longer list is noise that costs time.
  const hops = header.slice(-4096).split(',').slice(-32).toReversed();
  for (const hop of hops) {
    if (!trustedProxies.has(client)) return client;
    const next = normaliseAddress(withoutPort(hop));
    if (next === null) return client;
    client = next;
  }
  return client;
}

// Some proxies add the port: 192.0.2.1:4711, [2001:db8::1]:4711.
function withoutPort(hop: string): string {
  return hop.trim().replace(/^(\d+\.\d+\.\d+\.\d+|\[[^\]]*\]):\d{1,5}$/, '$1');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

function firstOf(address: string, prefix: number): string {
  const v4 = isIPv4(address);
  const size = v4 ? 8 : 16;
  const groups = v4 ? address.split('.').map(Number) : groupsOf(address);
  const first = groups.map((group, index) => {
    const kept = Math.min(Math.max(prefix - index * size, 0), size);
    return group & ~((1 << (size - kept)) - 1);
  });
  if (v4) return first.join('.');
  const full = first.map((group) => group.toString(16)).join(':');
  return new URL(`http://[${full}]`).hostname.slice(1, -1);
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
