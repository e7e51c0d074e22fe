/**
 * Owns which secrets a RADIUS client may share with us. Whoever records one exchange can try secrets
 * at their leisure, millions a second (attack ATK-71), so it is drawn by chance: by us, or by a device
 * that insists on its own, whose secret must not look like what everybody types.
 */
import type { Random } from '../lib/random.ts';

export type RadiusSecretFault =
  /** Fewer than 16 characters. */
  | 'too-short'
  /** More than 128: devices cut it off without a word. */
  | 'too-long'
  /** Anything but visible ASCII, which devices encode each in their own way. */
  | 'unreadable'
  /** From a manual, or made of words in one. */
  | 'known'
  /** The same few characters again and again. */
  | 'too-simple';

/** 160 bits, in letters that every device takes and nobody mistypes. */
export function makeRadiusSecret(random: Random): string {
  return random.base32(32);
}

/** What is wrong with a secret that somebody brought; undefined when it will do. */
export function radiusSecretFault(secret: string): RadiusSecretFault | undefined {
  if (!/^[\x21-\x7e]*$/.test(secret)) return 'unreadable';
  if (secret.length < 16) return 'too-short';
  if (secret.length > 128) return 'too-long';
  if (isMadeOfKnownWords(secret) || isMadeOfKnownWords(undressed(secret))) return 'known';
  return new Set(secret).size < 8 ? 'too-simple' : undefined;
}

/** What stands in manuals, examples and lists of default secrets; in lower case. */
const knownWords: readonly string[] = [
  'testing',
  'test',
  'secret',
  'shared',
  'sharedsecret',
  'radius',
  'radiussecret',
  'freeradius',
  'radsec',
  'cisco',
  'juniper',
  'aruba',
  'arista',
  'fortinet',
  'fortigate',
  'mikrotik',
  'paloalto',
  'ubiquiti',
  'unifi',
  'meraki',
  'sonicwall',
  'watchguard',
  'microsoft',
  'windows',
  'openvpn',
  'strongswan',
  'pfsense',
  'opnsense',
  'password',
  'passwort',
  'wachtwoord',
  'geheim',
  'welkom',
  'welcome',
  'changeme',
  'change',
  'default',
  'example',
  'admin',
  'administrator',
  'letmein',
  'qwerty',
  'qwertyuiop',
  'asdfghjkl',
  'server',
  'client',
  'network',
  'wireless',
  'company',
  'hello',
  'world',
  'super',
  'strong',
  'mysecret',
  'my',
  'key',
  'pass',
  'word',
  'wifi',
  'vpn',
  'nas',
  'aaa',
  'xyzzy',
  'tweestap',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdef',
  'the',
  'for',
  'this',
  'that',
  'not',
  'is',
  'me',
  'us',
];

/** Digits and signs that stand for letters, as letters. */
function undressed(secret: string): string {
  return secret
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('@', 'a')
    .replaceAll('$', 's');
}

/** Whether nothing is left of it without those words, digits and signs: `Testing123!Testing123`. */
function isMadeOfKnownWords(secret: string): boolean {
  const text = secret.toLowerCase().replaceAll(/[^a-z]/g, '');
  const ends = new Set([0]);
  for (let at = 0; at < text.length; at += 1) {
    if (!ends.has(at)) continue;
    for (const word of knownWords) if (text.startsWith(word, at)) ends.add(at + word.length);
  }
  return ends.has(text.length);
}
