/**
 * Owns reading PSKC (RFC 6030): the files in which makers of hardware tokens hand over the keys, plain,
 * under a key both sides know, or under a password. Every encrypted value is believed only once its
 * authentication code is right (RFC 6030 §6.1).
 */
import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

import { DOMParser, type Element, type Node } from '@xmldom/xmldom';

/** Why the whole file cannot be read. */
export type PskcFault =
  /** No XML, or no PSKC. A file that declares a document type is never read: it might name others. */
  | 'not-pskc'
  | 'too-many-keys'
  | 'password-needed'
  /** The password or key does not open it, or somebody changed the file. */
  | 'password-wrong'
  /** Encrypted in a way that is not ours: certificates, other ciphers. */
  | 'unknown-encryption';

/** One key of a file. What the file does not say is absent. */
export interface PskcKey {
  readonly id: string;
  readonly serialNumber: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  /** The end of its URI: `totp`, `hotp`, or something that we do not know. */
  readonly algorithm: string;
  /** Of the keyed hash: `sha1` unless told. */
  readonly hash: string;
  readonly digits: number | undefined;
  readonly periodSeconds: number | undefined;
  /** Undefined where the file has none for this key. */
  readonly secret: Buffer | undefined;
}

export type Pskc =
  | { readonly keys: readonly PskcKey[]; readonly fault?: undefined }
  | { readonly fault: PskcFault };

/** What opens an encrypted file: the password it was made with, or the key of 16 or 32 bytes in hex. */
export interface PskcOpening {
  readonly password?: string | undefined;
}

/** So many are read in a second or two, during which nobody else is answered. */
const mostKeys = 2_000;
/** What a file of so many keys may be made of: some 35 tags a key are usual. More would fill the memory. */
const mostTags = 40 * mostKeys;
/** A file that asks for more work than this is not opened: it would hold everybody up. */
const mostIterations = 300_000;

/** Reads a file of at most 2,000 keys. A table (CSV) may be longer: it is read while it comes. */
export function readPskc(text: string, { password }: PskcOpening = {}): Pskc {
  // Before anything is made of it: a megabyte of `<a/>` would hold everybody up, twenty end the process.
  if (hasTooManyTags(text)) return { fault: 'too-many-keys' };
  const container = containerOf(text);
  if (container === undefined) return { fault: 'not-pskc' };
  const packages = childrenOf(container, 'KeyPackage');
  if (packages.length > mostKeys) return { fault: 'too-many-keys' };
  try {
    const open = openerOf(container, password);
    return { keys: packages.flatMap((each) => keysOf(each, open)) };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.fault };
    throw error;
  }
}

function hasTooManyTags(text: string): boolean {
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    tags += 1;
    if (tags > mostTags) return true;
  }
  return false;
}

class Unreadable extends Error {
  readonly fault: PskcFault;
  constructor(fault: PskcFault) {
    super(fault);
    this.fault = fault;
  }
}

function containerOf(text: string): Element | undefined {
  if (/<!DOCTYPE/i.test(text)) return undefined;
  try {
    const quiet = (): void => {};
    const parser = new DOMParser({ onError: quiet });
    const { documentElement } = parser.parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
    return documentElement?.localName === 'KeyContainer' ? documentElement : undefined;
  } catch {
    return undefined;
  }
}

/** Opens what is encrypted: the value, with the authentication code that the file gives for it. */
type Open = (encrypted: Element, mac: string | undefined) => Buffer;

function keysOf(keyPackage: Element, open: Open): readonly PskcKey[] {
  const device = childOf(keyPackage, 'DeviceInfo');
  return childrenOf(keyPackage, 'Key').map((key) => {
    const parameters = childOf(key, 'AlgorithmParameters');
    const data = childOf(key, 'Data');
    const uri = key.getAttribute('Algorithm') ?? '';
    return {
      id: key.getAttribute('Id') ?? '',
      serialNumber: textOf(device, 'SerialNo'),
      manufacturer: textOf(device, 'Manufacturer')?.replace(/^oath\./, ''),
      model: textOf(device, 'Model'),
      algorithm: uri.split(/[:#/]/).at(-1)?.toLowerCase() ?? '',
      hash: hashOf(textOf(parameters, 'Suite')),
      digits: numberOf(childOf(parameters, 'ResponseFormat')?.getAttribute('Length') ?? undefined),
      periodSeconds: numberOf(textOf(childOf(data, 'TimeInterval'), 'PlainValue')),
      secret: secretOf(childOf(data, 'Secret'), open),
    };
  });
}

function secretOf(secret: Element | undefined, open: Open): Buffer | undefined {
  const plain = textOf(secret, 'PlainValue');
  if (plain !== undefined) return Buffer.from(plain, 'base64');
  const encrypted = childOf(secret, 'EncryptedValue');
  return encrypted === undefined ? undefined : open(encrypted, textOf(secret, 'ValueMAC'));
}

/** `HMAC-SHA256`, `SHA256`, `http://…#sha256` all mean the same; nothing means SHA-1. */
function hashOf(suite: string | undefined): string {
  const found = /sha-?(1|256|512)\b/i.exec(suite ?? '')?.[1];
  return suite === undefined || suite === '' ? 'sha1' : found === undefined ? suite : `sha${found}`;
}

const keyLengths: Readonly<Record<string, number>> = { 'aes128-cbc': 16, 'aes256-cbc': 32 };
const macHashes: Readonly<Record<string, string>> = {
  'hmac-sha1': 'sha1',
  'hmac-sha256': 'sha256',
  'hmac-sha512': 'sha512',
};

function openerOf(container: Element, password: string | undefined): Open {
  const encryption = childOf(container, 'EncryptionKey');
  // Derived once a file, and not before something is encrypted.
  let master: Buffer | undefined;
  const masterKey = (): Buffer => {
    if (encryption === undefined) throw new Unreadable('unknown-encryption');
    master ??= masterKeyOf(encryption, password);
    return master;
  };
  const method = childOf(container, 'MACMethod');
  const macHash = macHashes[algorithmOf(method)];
  let macKey: Buffer | undefined;

  return (encrypted, mac) => {
    if (macHash === undefined || mac === undefined) throw new Unreadable('unknown-encryption');
    const wrapped = childOf(method, 'MACKey');
    macKey ??= wrapped === undefined ? masterKey() : decipher(wrapped, masterKey());
    const expected = createHmac(macHash, macKey).update(cipherTextOf(encrypted)).digest();
    const given = Buffer.from(mac, 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Unreadable('password-wrong');
    }
    return decipher(encrypted, masterKey());
  };
}

function masterKeyOf(encryption: Element, password: string | undefined): Buffer {
  const derived = childOf(encryption, 'DerivedKey');
  const isNamed = childOf(encryption, 'KeyName') !== undefined;
  if (derived === undefined && !isNamed) throw new Unreadable('unknown-encryption');
  if (password === undefined || password === '') throw new Unreadable('password-needed');
  if (derived === undefined) {
    const key = Buffer.from(password.replaceAll(/[\s:-]/g, ''), 'hex');
    if (key.length !== 16 && key.length !== 32) throw new Unreadable('password-wrong');
    return key;
  }
  const method = childOf(derived, 'KeyDerivationMethod');
  const parameters = childOf(method, 'PBKDF2-params');
  const salt = textOf(childOf(parameters, 'Salt'), 'Specified');
  const iterations = numberOf(textOf(parameters, 'IterationCount'));
  const length = numberOf(textOf(parameters, 'KeyLength')) ?? 16;
  const prf = childOf(parameters, 'PRF')?.getAttribute('Algorithm') ?? 'hmac-sha1';
  const hash = macHashes[prf.split(/[#/]/).at(-1)?.toLowerCase() ?? ''];
  const isKnown = algorithmOf(method) === 'pbkdf2' && salt !== undefined && hash !== undefined;
  if (!isKnown || iterations === undefined || iterations > mostIterations || length > 32) {
    throw new Unreadable('unknown-encryption');
  }
  return pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, length, hash);
}

function decipher(encrypted: Element, key: Buffer): Buffer {
  const name = algorithmOf(childOf(encrypted, 'EncryptionMethod'));
  if (keyLengths[name] === undefined) throw new Unreadable('unknown-encryption');
  const text = cipherTextOf(encrypted);
  if (keyLengths[name] !== key.length || text.length < 32) throw new Unreadable('password-wrong');
  try {
    const cipher = createDecipheriv(name.replace('aes', 'aes-'), key, text.subarray(0, 16));
    return Buffer.concat([cipher.update(text.subarray(16)), cipher.final()]);
  } catch {
    throw new Unreadable('password-wrong');
  }
}

function cipherTextOf(encrypted: Element): Buffer {
  return Buffer.from(textOf(childOf(encrypted, 'CipherData'), 'CipherValue') ?? '', 'base64');
}

/** `aes128-cbc` of `http://www.w3.org/2001/04/xmlenc#aes128-cbc`. */
function algorithmOf(element: Element | undefined): string {
  return element?.getAttribute('Algorithm')?.split(/[#/]/).at(-1)?.toLowerCase() ?? '';
}

function childrenOf(parent: Element | undefined, name: string): readonly Element[] {
  const found: Element[] = [];
  // By hand: the living lists of a document are made anew at every look.
  let node = parent?.firstChild ?? null;
  for (; node !== null; node = node.nextSibling) {
    if (isElement(node) && node.localName === name) found.push(node);
  }
  return found;
}

function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE;
}

function childOf(parent: Element | undefined, name: string): Element | undefined {
  return childrenOf(parent, name)[0];
}

function textOf(parent: Element | undefined, name: string): string | undefined {
  return childOf(parent, name)?.textContent?.trim();
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
