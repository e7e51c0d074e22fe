/**
 * Owns how a password is proved without being told (RFC 7616, RFC 8760, RFC 3261 §22): what an exchange
 * asks, which of it is answered, and how.
 *
 * Whoever is called could ask too, and try passwords on the answer at leisure. So only one realm is ever
 * answered: the one that was named, or else the first that asked.
 */
import { createHash, randomBytes } from 'node:crypto';

import { readList, quoted, token } from './fields.ts';
import { headersOf, type Header, type SipResponse } from './message.ts';

/** What a 401 or 407 asks (RFC 7616 §3.3). Realm and nonce as they stand between the quotes. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: Algorithm;
  /** Whether it knows `qop=auth`; older ones know none (RFC 2069). */
  readonly hasQop: boolean;
  /** Only the nonce is too old: the password was right. */
  readonly isStale: boolean;
}

/** Names of algorithms in capitals, and what Node calls them. */
const hashes = {
  MD5: 'md5',
  'MD5-SESS': 'md5',
  'SHA-256': 'sha256',
  'SHA-256-SESS': 'sha256',
  'SHA-512-256': 'sha512-256',
  'SHA-512-256-SESS': 'sha512-256',
} as const;
export type Algorithm = keyof typeof hashes;

/** Every challenge of a header that we could answer; the others are left out (RFC 8760 §2.4). */
export function readChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap(schemesOf).flatMap(({ scheme, parameters }) => {
    const algorithm = algorithmOf(parameters.get('algorithm') ?? 'MD5');
    const realm = parameters.get('realm');
    const nonce = parameters.get('nonce');
    const qop = parameters.get('qop');
    const hasQop = qop !== undefined;
    const isSpoken =
      !hasQop ||
      qop
        .toLowerCase()
        .split(/[\s,]+/)
        .includes('auth');
    if (scheme !== 'digest' || algorithm === undefined || !isSpoken) return [];
    if (realm === undefined || nonce === undefined) return [];
    const isStale = parameters.get('stale')?.toLowerCase() === 'true';
    return [{ realm, nonce, opaque: parameters.get('opaque'), algorithm, hasQop, isStale }];
  });
}

/** What a response is made of (RFC 7616 §3.4). */
export interface Proof {
  readonly challenge: Challenge;
  readonly username: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  /** How often this nonce was used, this time too. */
  readonly count: number;
  readonly cnonce: string;
}

/** The value of `response`: hexadecimal. */
export function digestOf(proof: Proof): string {
  const { challenge, username, password, method, uri, cnonce } = proof;
  const { algorithm, realm, nonce, hasQop } = challenge;
  const h = (text: string): string => createHash(hashes[algorithm]).update(text).digest('hex');
  const plain = h(`${username}:${realm}:${password}`);
  const ha1 = algorithm.endsWith('-SESS') ? h(`${plain}:${nonce}:${cnonce}`) : plain;
  const ha2 = h(`${method}:${uri}`);
  if (!hasQop) return h(`${ha1}:${nonce}:${ha2}`);
  return h(`${ha1}:${nonce}:${countOf(proof)}:${cnonce}:auth:${ha2}`);
}

/** The value of an Authorization or Proxy-Authorization header. */
export function writeProof(proof: Proof): string {
  const { challenge, username, uri, cnonce } = proof;
  const isSession = challenge.algorithm.endsWith('-SESS');
  const parts = [
    `username=${quoted(username)}`,
    `realm="${challenge.realm}"`,
    `nonce="${challenge.nonce}"`,
    `uri="${uri}"`,
    `response="${digestOf(proof)}"`,
    `algorithm=${challenge.algorithm.replace('-SESS', '-sess')}`,
    ...(challenge.opaque === undefined ? [] : [`opaque="${challenge.opaque}"`]),
    ...(challenge.hasQop ? ['qop=auth', `nc=${countOf(proof)}`] : []),
    ...(challenge.hasQop || isSession ? [`cnonce="${cnonce}"`] : []),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** Why a challenge is not answered. */
export type Unanswered = 'refused' | 'no-password' | 'not-spoken' | 'other-realm';

/** One name and password, and the one realm that hears of them. */
export interface Credentials {
  /** For one call or one question, with all that follows in it. */
  begin(): Authenticator;
}

export interface Authenticator {
  /** The headers that prove who asks this; none as long as nobody asked. Counts the nonce. */
  headersFor(method: string, uri: string): readonly Header[];
  /** A request begins: what was refused before may be tried once more. */
  beginRequest(): void;
  /** Takes what a 401 or 407 asks. `undefined`: ask again; else why it is of no use. */
  take(response: SipResponse): Unanswered | undefined;
}

/** How often one request is asked again, whatever is said of stale nonces. */
const mostAnswers = 4;

/** `realm` undefined: the first that asks is the only one from then on. */
export function credentialsOf(who: {
  readonly username: string;
  readonly password: string | undefined;
  readonly realm: string | undefined;
}): Credentials {
  const { username, password } = who;
  let { realm } = who;
  return {
    begin: () => {
      const held = new Map<string, { readonly challenge: Challenge; count: number }>();
      const answered = new Set<string>();
      let answers = 0;
      return {
        headersFor: (method, uri) =>
          [...held].map(([name, each]) => {
            each.count += 1;
            const { challenge, count } = each;
            const cnonce = randomBytes(16).toString('hex');
            const proof = { challenge, username, password: password ?? '', method, uri };
            return { name, value: writeProof({ ...proof, count, cnonce }) };
          }),
        beginRequest: () => {
          answered.clear();
          answers = 0;
        },
        take: (response) => {
          const isProxy = response.status === 407;
          const name = isProxy ? 'proxy-authorization' : 'authorization';
          const asked = headersOf(response, isProxy ? 'proxy-authenticate' : 'www-authenticate');
          if (password === undefined) return 'no-password';
          const spoken = readChallenges(asked);
          const challenge = spoken.find((each) => realm === undefined || each.realm === realm);
          if (challenge === undefined) return spoken.length === 0 ? 'not-spoken' : 'other-realm';
          if (answers >= mostAnswers || (answered.has(name) && !challenge.isStale)) {
            return 'refused';
          }
          ({ realm } = challenge);
          answered.add(name);
          answers += 1;
          held.set(name, { challenge, count: 0 });
          return undefined;
        },
      };
    },
  };
}

function countOf({ count }: Proof): string {
  return count.toString(16).padStart(8, '0');
}

function algorithmOf(written: string): Algorithm | undefined {
  const name = written.toUpperCase();
  return isAlgorithm(name) ? name : undefined;
}

function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(hashes, name);
}

interface Scheme {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The challenges of one field: several may stand behind one another (RFC 9110 §11.6.1). */
function schemesOf(value: string): readonly Scheme[] {
  const schemes: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const part of readList(value)) {
    const [, named, rest = part] = /^([^\s=",]+)\s+(?!=)(.*)$/s.exec(part) ?? [];
    if (named !== undefined) schemes.push({ scheme: named.toLowerCase(), parameters: new Map() });
    const at = rest.indexOf('=');
    const name = rest.slice(0, Math.max(at, 0)).trim().toLowerCase();
    if (at === -1 || !token.test(name)) continue;
    const written = rest.slice(at + 1).trim();
    // What stands between the quotes is hashed as it is (RFC 7616 §3.4.2).
    schemes.at(-1)?.parameters.set(name, /^"(.*)"$/s.exec(written)?.[1] ?? written);
  }
  return schemes;
}
