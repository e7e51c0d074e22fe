/** Owns making and removing app passwords. Using them is the doors' business. */
import { appPasswordMade, appPasswordRemoved } from '../audit/audit.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import {
  longestAppPasswordName,
  maximumAppPasswords,
  type AppPassword,
  type AppPasswordDoor,
} from './app-password.ts';
import type { AppPasswordStore } from './app-password-store.ts';

/** The stores that a change needs together. */
export interface AppPasswordStores {
  readonly appPasswords: AppPasswordStore;
  readonly audit: AuditStore;
}

export type Made =
  | { readonly kind: 'made'; readonly appPassword: AppPassword; readonly plain: string }
  | { readonly kind: 'full' };

export interface MakeRequest {
  readonly userId: string;
  /** Numbered where the person has one of this name: two of one name could not be told apart. */
  readonly name: string;
  /** 0 = it does not expire. */
  readonly expiryDays: number;
  /** The only door it opens; absent: any. */
  readonly door?: AppPasswordDoor | undefined;
  /** 128 random bits unless told. */
  readonly id?: string;
  /** One from `draw`; a new one unless told. */
  readonly plain?: string;
  /** Whether it is kept, sealed, for the page that shows it once; else `plain` exists nowhere else. */
  readonly isShownLater?: boolean;
}

export interface AppPasswords {
  /** A password that opens nothing before it is made: for a page that shows it first. */
  draw(): string;
  /** Makes one in the caller's transaction, who holds the person. */
  make(stores: AppPasswordStores, request: MakeRequest): Promise<Made>;
  /** Removes one; false when it was not this person's. */
  remove(stores: AppPasswordStores, userId: string, id: string, actor: string): Promise<boolean>;
  /** The keyed hash of what somebody typed: blanks and case do not matter. */
  hashOf(typed: string): Buffer;
}

/** 24 base32 characters: 120 bits, so a fast keyed hash is enough (ASVS 6.5.2). */
const length = 24;

export function createAppPasswords(parts: {
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
}): AppPasswords {
  const { box, clock, random } = parts;
  const hashOf = (typed: string): Buffer =>
    box.keyedHash('app-password', typed.replaceAll(/[\s-]/g, '').toUpperCase());

  const draw = (): string => random.base32(length);

  return {
    draw,
    hashOf,
    make: async (stores, request) => {
      const plain = request.plain ?? draw();
      const now = clock.now();
      const { userId, expiryDays, isShownLater = false } = request;
      const others = await stores.appPasswords.list(userId);
      const taken = new Set(others.map(({ slot }) => slot));
      for (let slot = 1; slot <= maximumAppPasswords; slot++) {
        if (taken.has(slot)) continue;
        const appPassword: AppPassword = {
          id: request.id ?? random.token(16),
          userId,
          name: freeName(
            request.name,
            others.map(({ name }) => name),
          ),
          hash: hashOf(plain),
          slot,
          door: request.door,
          createdAt: now,
          expiresAt:
            expiryDays === 0 ? undefined : new Date(now.getTime() + expiryDays * 86_400_000),
          lastUse: undefined,
        };
        if (!(await stores.appPasswords.add(appPassword, isShownLater ? plain : undefined)))
          continue;
        await stores.audit.append(
          appPasswordMade({
            at: now,
            userId,
            actor: userId,
            name: appPassword.name,
            door: appPassword.door ?? 'any',
          }),
        );
        return { kind: 'made', appPassword, plain };
      }
      return { kind: 'full' };
    },
    remove: async (stores, userId, id, actor) => {
      const removed = await stores.appPasswords.remove(id, userId);
      if (removed)
        await stores.audit.append(appPasswordRemoved({ at: clock.now(), userId, actor, id }));
      return removed;
    },
  };
}

/** The name, with a number behind it where somebody has one of that name. */
function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : ` (${number})`;
    const name = `${wanted.slice(0, longestAppPasswordName - ending.length).trimEnd()}${ending}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}
