/**
 * Passwords of people, hashed with argon2id. Each hash takes a core for some 12 ms and 19 MiB of
 * memory, so only as many run at once as there are cores; the rest wait in the order they came, and
 * beyond a bound they are turned away rather than left to pile up.
 */
import { availableParallelism } from 'node:os';

import { hash, parseOptions, verify } from '@node-rs/argon2';

import { createGate, GateFullError } from './fifo.ts';
import { lowerWorkerPriority } from './worker-priority.ts';

export interface PasswordHasherOptions {
  /** How many hashes run at once. Default: the number of cores. */
  readonly concurrency?: number;
  /** How many may wait. Default 200. */
  readonly queueLimit?: number;
}

export interface PasswordHasher {
  /** A PHC string for storage. Throws `PasswordTooLongError`, or `HasherBusyError` when full. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is that of the hash. With `null` (nobody of that name, or nobody with a
   * password) and with a hash that cannot be read it takes as long and says no. Too long a password
   * is wrong at once. Throws `HasherBusyError` when full.
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether the hash was made with other parameters than today's, or cannot be read. */
  needsRehash(hash: string): boolean;
  /** How many hashes run and how many wait. */
  metrics(): { readonly running: number; readonly waiting: number };
}

/** Thrown when as many wait as may: answer 503. */
export class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';
}

/** Thrown by `hash` for a password of more than 256 code points or 1,024 bytes. */
export class PasswordTooLongError extends Error {
  override readonly name = 'PasswordTooLongError';
}

/** The longest password, in code points after normalisation (security.md ATK-88). */
export const longestPassword = 256;
const mostBytes = 1024;

/**
 * The one form in which a password is hashed: NFKC, nothing trimmed, no case folded; or `null`
 * where it is longer than is accepted. Keyboards of different makers send different bytes for the
 * same letters, which this evens out.
 */
export function normalisePassword(password: string): string | null {
  // Looked at before normalising as well: a megabyte is refused before any work goes into it. A
  // code point has at most two units, and composition can shorten the text, hence the factor.
  if (password.length > longestPassword * 8) return null;
  const normal = password.normalize('NFKC');
  if (Buffer.byteLength(normal, 'utf8') > mostBytes) return null;
  return codePoints(normal) > longestPassword ? null : normal;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** A hasher with a queue of its own. One for the whole process, else the bound means nothing. */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const { concurrency = availableParallelism(), queueLimit = 200 } = options;
  const gate = createGate({ concurrency, queueLimit });
  let haveWorkersStarted = false;

  /** The threads that hash give way to the one that answers; there are none before the first hash. */
  const giveWay = (): void => {
    if (haveWorkersStarted) return;
    haveWorkersStarted = true;
    lowerWorkerPriority();
  };

  const inTurn = async <result>(work: () => Promise<result>): Promise<result> => {
    try {
      const result = await gate.run(work);
      giveWay();
      return result;
    } catch (cause) {
      if (!(cause instanceof GateFullError)) throw cause;
      throw new HasherBusyError('Too many passwords are being checked.', { cause });
    }
  };

  return {
    hash: async (password) => {
      const normal = normalisePassword(password);
      if (normal === null) throw new PasswordTooLongError('The password is too long.');
      return await inTurn(() => hash(normal, parameters));
    },
    verify: async (stored, password) => {
      const normal = normalisePassword(password);
      if (normal === null) return false;
      const known = stored !== null && isAffordable(stored);
      const matches = await inTurn(() => verify(known ? stored : nobodysHash, normal));
      return known && matches;
    },
    needsRehash: (stored) => {
      const of = optionsOf(stored);
      return (
        of === null ||
        of.algorithm !== argon2id ||
        of.version !== version0x13 ||
        of.memoryCost !== parameters.memoryCost ||
        of.timeCost !== parameters.timeCost ||
        of.parallelism !== parameters.parallelism ||
        of.outputLen !== parameters.outputLen
      );
    },
    metrics: () => ({ running: gate.running, waiting: gate.waiting }),
  };
}

// The package declares these as `const enum`, which type stripping cannot read.
const argon2id = 2;
const version0x13 = 1;

// OWASP's recommendation for argon2id (ASVS 5.0 appendix C): 19 MiB, two passes, one lane.
const parameters = {
  algorithm: argon2id,
  version: version0x13,
  memoryCost: 19456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;

// Of 32 random bytes that nobody kept.
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$m/D7uMVzRtvKkWG5AxeWWQ$omcq7Ytvw4I3/K3GnsdFEs5vv0rRIN+LtS+aayQdLqk';

function optionsOf(stored: string): ReturnType<typeof parseOptions> | null {
  try {
    return parseOptions(stored);
  } catch {
    return null;
  }
}

// A hash that came from elsewhere may ask for more memory than the machine has.
function isAffordable(stored: string): boolean {
  const of = optionsOf(stored);
  return (
    of !== null &&
    of.memoryCost <= 16 * parameters.memoryCost &&
    of.memoryCost * of.timeCost <= 32 * parameters.memoryCost * parameters.timeCost
  );
}
