/**
 * A certificate that a server makes for itself (RFC 5280), with an authority that nobody knows yet, so
 * that clients must be given it. For machines that have no other, so that passwords are encrypted on their way from the first day.
 */
import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { isIP } from 'node:net';

import {
  boolean,
  element,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
  tags,
  unsignedInteger,
} from './ber.ts';
import { normaliseAddress } from './ip.ts';

export interface Certificate {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM, of the authority that signed it: what clients are given. */
  readonly authority: string;
}

const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/**
 * Makes a key (P-256) and a certificate for these host names and addresses, the first of which is its
 * name, valid from an hour before `now` for `days`. It is signed by an authority that is made for it
 * and can never sign again: its key is kept nowhere.
 */
export function makeCertificate(options: {
  readonly hosts: readonly [string, ...string[]];
  readonly now: Date;
  readonly days: number;
}): Certificate {
  const { hosts, now, days } = options;
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = nameOf(`${hosts[0]} authority`);
  const validity = sequence(
    time(new Date(now.getTime() - 3_600_000)),
    time(new Date(now.getTime() + days * 86_400_000)),
  );
  const identifier = keyIdentifier(authority.publicKey);
  const signed = (subject: Buffer, publicKey: KeyObject, extensions: readonly Buffer[]): string => {
    const tbs = sequence(
      // Version 3.
      element(0xa0, integer(2)),
      unsignedInteger(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      algorithm,
      issuer,
      validity,
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      element(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', tbs, authority.privateKey);
    const bits = element(tags.bitString, Buffer.alloc(1), signature);
    return new X509Certificate(sequence(tbs, algorithm, bits)).toString();
  };
  return {
    key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: signed(nameOf(hosts[0]), own.publicKey, [
      extension(oids.basicConstraints, true, sequence()),
      keyUsage(7, 0x80),
      extension(oids.extendedKeyUsage, false, sequence(objectIdentifier(oids.serverAuth))),
      extension(oids.subjectAltName, false, sequence(...hosts.map(alternativeName))),
      extension(oids.authorityKeyIdentifier, false, sequence(octets(identifier, 0x80))),
    ]),
    authority: signed(issuer, authority.publicKey, [
      extension(oids.basicConstraints, true, sequence(boolean(true), integer(0))),
      // keyCertSign
      keyUsage(2, 0x04),
      extension(oids.subjectKeyIdentifier, false, octets(identifier)),
    ]),
  };
}

const algorithm = sequence(objectIdentifier(oids.ecdsaWithSha256));

function nameOf(commonName: string): Buffer {
  // The longest that a common name may be (RFC 5280 appendix A); who it is for, its other names say.
  const text = octets(commonName.slice(0, 64), tags.utf8String);
  return sequence(set(sequence(objectIdentifier(oids.commonName), text)));
}

function extension(oid: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [boolean(true)] : [];
  return sequence(objectIdentifier(oid), ...critical, octets(value));
}

/** One byte of usages, of which the last bits are not used. */
function keyUsage(unused: number, bits: number): Buffer {
  return extension(oids.keyUsage, true, element(tags.bitString, Buffer.from([unused, bits])));
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest().subarray(0, 20);
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050 ? octets(digits.slice(2), 0x17) : octets(digits, 0x18);
}

function alternativeName(host: string): Buffer {
  const address = normaliseAddress(host);
  if (address === null) return octets(host, 0x82);
  if (isIP(address) === 4) return element(0x87, Buffer.from(address.split('.').map(Number)));
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...zeros, ...right];
  return element(0x87, Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex'));
}
