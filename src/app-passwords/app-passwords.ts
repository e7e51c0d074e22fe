/** Owns making and removing app passwords. Using them is the doors' business. */
import { appPasswordMade, appPasswordRemoved } from '../audit/audit.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import { maximumAppPasswords, type AppPassword } from './app-password.ts';
import type { AppPasswordStore } from './app-password-store.ts';

/** The stores that a change needs together. */
export interface AppPasswordStores {
  readonly appPasswords: AppPasswordStore;
  readonly audit: AuditStore;
}

export type Made =
  | { readonly kind: 'made'; readonly appPassword: AppPassword; readonly plain: string }
  | { readonly kind: 'full' };

export interface AppPasswords {
  /** Makes one in the caller's transaction; `plain` exists nowhere else and is shown once. */
  make(
    stores: AppPasswordStores,
    request: { readonly userId: string; readonly name: string; readonly expiryDays: number },
  ): Promise<Made>;
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

  return {
    hashOf,
    make: async (stores, request) => {
      const plain = random.base32(length);
      const now = clock.now();
      const taken = new Set(
        (await stores.appPasswords.list(request.userId)).map(({ slot }) => slot),
      );
      for (let slot = 1; slot <= maximumAppPasswords; slot++) {
        if (taken.has(slot)) continue;
        const appPassword: AppPassword = {
          id: random.token(16),
          userId: request.userId,
          name: request.name,
          hash: hashOf(plain),
          slot,
          door: undefined,
          createdAt: now,
          expiresAt:
            request.expiryDays === 0
              ? undefined
              : new Date(now.getTime() + request.expiryDays * 86_400_000),
          lastUse: undefined,
        };
        if (!(await stores.appPasswords.add(appPassword))) continue;
        await stores.audit.append(
          appPasswordMade({
            at: now,
            userId: request.userId,
            actor: request.userId,
            name: request.name,
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
