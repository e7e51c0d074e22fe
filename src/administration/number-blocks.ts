/** Owns blocks of numbers that closed themselves, as those in charge see them and open them again. */
import { prefixOpened } from '../audit/delivery-events.ts';
import type { ClosedPrefix } from '../delivery/closed-prefix-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import type { SigninStores } from '../signin/stores.ts';
import { admitToOrganisation, type By } from './acting-admin.ts';

/** Blocks of numbers, for those in charge. */
export interface NumberBlocks {
  /** Every one that was ever closed by itself, the newest first. */
  list(): Promise<readonly ClosedPrefix[]>;
  /**
   * Lets texts and calls go there again; what was sent before counts no more. Resolves to false where it is not
   * closed. Throws `NOT_SIGNED_IN`, `STEP_UP_REQUIRED` or `NOT_ALLOWED` for somebody at their pages.
   */
  open(by: By, prefix: string): Promise<boolean>;
}

/** Makes the service. */
export function createNumberBlocks(parts: {
  readonly stores: Pick<SigninStores, 'closedPrefixes'>;
  readonly transact: Transact<SigninStores>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly clock: Clock;
}): NumberBlocks {
  const { stores, transact, clock } = parts;
  return {
    list: () => stores.closedPrefixes.list(),
    open: (by, prefix) =>
      transact(async (held) => {
        const now = clock.now();
        const who = await admitToOrganisation(parts, held, by, 'change-policy', now);
        const isOpened = await held.closedPrefixes.open(prefix, { at: now, by: who.actor });
        if (isOpened) await held.audit.append(prefixOpened({ at: now, ...who, prefix }));
        return isOpened;
      }),
  };
}
