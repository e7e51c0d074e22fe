/** Owns where the organisation's directory is: the settings as addresses to connect to. */
import { readFileSync } from 'node:fs';

import { TweestapError } from '../../errors/errors.ts';
import type { LdapPlace } from '../../lib/ldap/client.ts';
import { readAddress, type UpstreamSettings } from './settings.ts';

/** In the order in which they are tried. Throws `CONFIGURATION_FAULTY` where `caFile` cannot be read. */
export function placesOf({
  urls,
  caFile,
  startTls,
}: Pick<UpstreamSettings, 'urls' | 'caFile' | 'startTls'>): readonly LdapPlace[] {
  const authorities = caFile === undefined ? undefined : readAuthorities(caFile);
  return urls
    .map(readAddress)
    .filter((address) => address !== undefined)
    .map(({ isTls, host, port }) => ({
      host,
      port,
      security: isTls ? 'tls' : startTls ? 'starttls' : 'plain',
      authorities,
    }));
}

function readAuthorities(file: string): string {
  const read = (): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new TweestapError('CONFIGURATION_FAULTY', { cause, details: { file } });
    }
  };
  const pem = read();
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  const cause = new Error(`${file} holds no certificate in PEM.`);
  throw new TweestapError('CONFIGURATION_FAULTY', { cause, details: { file } });
}
