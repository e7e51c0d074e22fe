/**
 * Owns how a method is asked of somebody who may be nobody: the first gate of a reset. What is shown
 * is made of what was typed and of nothing that is registered, so that a page, its length and its time
 * tell no stranger whether there is an account, or what it has (attack ATK-30).
 */
import { timingSafeEqual, createHash } from 'node:crypto';

/** What a method must know to be asked blindly. */
export interface BlindDefinition<secret> {
  /**
   * What is shown, and what is asked where nothing is registered; no answer to it is ever right.
   * `named` is what its owner typed in full, '' where nothing has to be.
   */
  readonly decoy: (named: string) => secret;
  /** Present where its owner must name the number or address in full before anything is sent (row E-104). */
  readonly naming?: {
    /** What was typed, as it is compared; undefined for what is none. `country` reads national numbers. */
    readonly read: (typed: string, country: string) => string | undefined;
    readonly of: (secret: secret) => string;
  };
  /** Which registrations may prove a reset. Default: all that may be asked with this method. */
  readonly appliesTo?: (secret: secret) => boolean;
}

/** The same, with its type sealed. */
export interface Blind {
  readonly decoy: (named: string) => unknown;
  readonly naming:
    | {
        readonly read: (typed: string, country: string) => string | undefined;
        readonly isOf: (secret: unknown, named: string) => boolean;
      }
    | undefined;
  readonly appliesTo: (secret: unknown) => boolean;
}

/** Seals the type; `parse` throws for a stored secret of the wrong shape. */
export function sealBlind<secret>(
  { decoy, naming, appliesTo }: BlindDefinition<secret>,
  parse: (secret: unknown) => secret,
): Blind {
  return {
    decoy,
    naming: naming && {
      read: naming.read,
      isOf: (secret, named) => isSame(naming.of(parse(secret)), named),
    },
    appliesTo: (secret) => appliesTo?.(parse(secret)) ?? true,
  };
}

/** In the same time, wherever they begin to differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
