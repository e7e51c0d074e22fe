/**
 * A certificate that a server makes for itself (RFC 5280): its own issuer, so a client must be told of
 * it. For machines that have no other, so that passwords are encrypted on their way from the first day.
 */
import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
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
}

const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/**
 * Makes a key (P-256) and a certificate for these host names and addresses, the first of which is its
 * name, valid from an hour before `now` for `days`.
 */
export function makeCertificate(options: {
  readonly hosts: readonly [string, ...string[]];
  readonly now: Date;
  readonly days: number;
}): Certificate {
  const { hosts, now, days } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    set(sequence(objectIdentifier(oids.commonName), octets(hosts[0], tags.utf8String))),
  );
  const algorithm = sequence(objectIdentifier(oids.ecdsaWithSha256));
  const extension = (oid: string, isCritical: boolean, value: Buffer): Buffer =>
    sequence(objectIdentifier(oid), ...(isCritical ? [boolean(true)] : []), octets(value));
  const tbs = sequence(
    // Version 3.
    element(0xa0, integer(2)),
    unsignedInteger(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(
      time(new Date(now.getTime() - 3_600_000)),
      time(new Date(now.getTime() + days * 86_400_000)),
    ),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(
      0xa3,
      sequence(
        extension(oids.basicConstraints, true, sequence()),
        // digitalSignature
        extension(oids.keyUsage, true, element(tags.bitString, Buffer.from([7, 0x80]))),
        extension(oids.extendedKeyUsage, false, sequence(objectIdentifier(oids.serverAuth))),
        extension(oids.subjectAltName, false, sequence(...hosts.map(alternativeName))),
      ),
    ),
  );
  const signature = element(tags.bitString, Buffer.alloc(1), sign('sha256', tbs, privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: new X509Certificate(sequence(tbs, algorithm, signature)).toString(),
  };
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
