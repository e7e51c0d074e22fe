/**
 * Owns the certificate of the LDAP door: the operator's own, or one that is made here and kept in the
 * data folder until shortly before it runs out.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

import { TweestapError } from '../../errors/errors.ts';
import { makeCertificate } from '../../lib/self-signed-certificate.ts';
import type { LdapSettings } from './settings.ts';

/** Where the one is kept that was made here, with its key. */
export function ownCertificateFile(dataFolder: string): string {
  return join(dataFolder, 'ldap.pem');
}

/** Where the authority is kept that signed it: no secret, and what clients are given. */
export function ownAuthorityFile(dataFolder: string): string {
  return join(dataFolder, 'ldap-authority.pem');
}

// Clients must be given a new one by hand.
const lifeDays = 5 * 365;
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
  return givenIdentity(certificateFile, keyFile);
}

/** What is wrong with the certificate that the operator names; undefined: nothing, or there is none. */
export function certificateFault(
  { certificateFile, keyFile }: LdapSettings,
  now: Date,
): string | undefined {
  if (certificateFile === undefined) return undefined;
  try {
    const { cert } = givenIdentity(certificateFile, keyFile);
    const { validToDate } = new X509Certificate(cert);
    return validToDate > now
      ? undefined
      : `the certificate of the LDAP door ran out on ${validToDate.toISOString().slice(0, 10)}`;
  } catch (error) {
    const reason = error instanceof TweestapError ? error.details['reason'] : undefined;
    return typeof reason === 'string' ? reason : String(error);
  }
}

function givenIdentity(certificateFile: string, keyFile: string | undefined): Identity {
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
  // OpenLDAP's clients take localhost to mean the machine's own name.
  const hosts = [...new Set([host, hostname(), 'localhost', '127.0.0.1', '::1'])];
  const [first = host, ...others] = hosts;
  const { key, certificate, authority } = makeCertificate({
    hosts: [first, ...others],
    now,
    days: lifeDays,
  });
  const pem = [certificate, authority, key].map((part) => `${part.trim()}\n`).join('');
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  put(ownAuthorityFile(dataFolder), `${authority.trim()}\n`);
  put(file, pem);
  return pem;
}

/** Writes a file whole or not at all, for its owner only. */
function put(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
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
