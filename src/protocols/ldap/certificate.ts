/**
 * Owns the certificate of the LDAP door: the operator's own, or one that is made here and kept in the
 * data folder until shortly before it runs out.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

import { TweestapError } from '../../errors/errors.ts';
import { makeCertificate } from '../../lib/self-signed-certificate.ts';
import type { LdapSettings } from './settings.ts';

/** Where the one is kept that was made here: key and certificate. */
export function ownCertificateFile(dataFolder: string): string {
  return join(dataFolder, 'ldap.pem');
}

const lifeDays = 730;
const renewDays = 30;

/** Certificate and key, in PEM: what TLS is spoken with. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** The identity of this server. Throws `CONFIGURATION_FAULTY` for files that cannot be used. */
export function identityOf(
  { certificateFile, keyFile }: LdapSettings,
  own: { readonly dataFolder: string; readonly host: string; readonly now: Date },
): Identity {
  if (certificateFile === undefined) {
    const pem = ownCertificate(own);
    return { cert: pem, key: pem };
  }
  try {
    const identity = {
      cert: readFileSync(certificateFile, 'utf8'),
      key: readFileSync(keyFile ?? certificateFile, 'utf8'),
    };
    createSecureContext(identity);
    return identity;
  } catch (cause) {
    const reason = `the certificate of the LDAP door cannot be used: ${
      cause instanceof Error ? cause.message : String(cause)
    }`;
    throw new TweestapError('CONFIGURATION_FAULTY', { cause, details: { reason } });
  }
}

function ownCertificate(own: {
  readonly dataFolder: string;
  readonly host: string;
  readonly now: Date;
}): string {
  const { dataFolder, host, now } = own;
  const file = ownCertificateFile(dataFolder);
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (kept !== undefined && isGood(kept, host, now)) return kept;
  const hosts = [...new Set([host, 'localhost', '127.0.0.1', '::1'])];
  const [first = host, ...others] = hosts;
  const { key, certificate } = makeCertificate({ hosts: [first, ...others], now, days: lifeDays });
  const pem = `${certificate.trimEnd()}\n${key}`;
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  // Whole or not at all, also for a node that reads it meanwhile.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, pem, { mode: 0o600 });
  renameSync(draft, file);
  return pem;
}

function isGood(pem: string, host: string, now: Date): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const isForHost = certificate.checkHost(host) ?? certificate.checkIP(host);
    const left = certificate.validToDate.getTime() - now.getTime();
    return isForHost !== undefined && left > renewDays * 86_400_000;
  } catch {
    return false;
  }
}
