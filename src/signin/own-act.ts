/**
 * Owns what every act of a person on their own account has in common, whatever it changes: the person
 * is held, the session lives, and it proved as much as they can prove, lately enough.
 */
import type { User } from '../accounts/user.ts';
import type { Origin } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import { optionsOf, type Option } from '../registrations/options.ts';
import type { Required } from '../sessions/proven.ts';
import type { Proof, Session } from '../sessions/session.ts';
import type { CurrentSession } from './current-session.ts';
import { freshSeconds } from './attempt.ts';
import { meetsStrongest, strongestOf } from './next-step.ts';
import type { SigninParts, Work } from './parts.ts';
import type { SigninStores } from './stores.ts';
import type { Visitor } from './telling.ts';
import { inWork } from './work.ts';

export { freshSeconds };

/** What an act asks of the session: that it lives, its second step of any age, or a fresh one. */
export type Asked = 'session' | 'second-step' | 'fresh-second-step';

export interface OwnActs {
  /** Whether the session proved as much as this person can prove at all, however long ago. */
  isOpen(current: CurrentSession): Promise<boolean>;
  /** The same, not longer ago than `freshSeconds`: what every change asks for. */
  isFresh(current: CurrentSession): Promise<boolean>;
  /**
   * One act in one transaction. Throws `NOT_SIGNED_IN` where the session ended in the meantime, and
   * `STEP_UP_REQUIRED` where it did not prove what is asked.
   */
  act<result>(
    current: CurrentSession,
    asked: Asked,
    run: (work: Work, user: User, session: Session) => Promise<result>,
  ): Promise<result>;
}

/** Makes the service. */
export function createOwnActs(parts: SigninParts): OwnActs {
  const { stores, clock } = parts;

  const areEnough = (
    within: Pick<SigninStores, 'registrations' | 'policies'>,
    user: User,
    proofs: readonly Proof[],
  ): Promise<boolean> => provesEnough(parts, within, user, proofs);
  const counting = (asked: Asked, proofs: readonly Proof[]): readonly Proof[] =>
    asked === 'fresh-second-step' ? freshProofs(proofs, clock.now()) : proofs;

  return {
    isOpen: ({ user, session }) => areEnough(stores, user, session.proofs),
    isFresh: ({ user, session }) =>
      areEnough(stores, user, freshProofs(session.proofs, clock.now())),

    act: (current, asked, run) =>
      inWork(parts, async (work) => {
        const held = work.stores;
        const user = await held.users.lock(current.user.id);
        const session = await held.sessions.find(current.session.id, clock.now());
        if (user === undefined || session === undefined) throw new TweestapError('NOT_SIGNED_IN');
        if (asked !== 'session' && !(await areEnough(held, user, counting(asked, session.proofs))))
          throw new TweestapError('STEP_UP_REQUIRED');
        return run(work, user, session);
      }),
  };
}

/** Whether these proofs are as much as this person can prove. */
export async function provesEnough(
  { methods, policies }: Pick<SigninParts, 'methods' | 'policies'>,
  within: Pick<SigninStores, 'registrations' | 'policies'>,
  user: User,
  proofs: readonly Proof[],
): Promise<boolean> {
  const registrations = await within.registrations.list(user.id);
  const policy = await policies.current(within.policies);
  const options = optionsOf({ user, registrations, methods, policy });
  return meetsStrongest(proofs, requiredOf(options));
}

/** Where an act of somebody who is signed in came from, for the audit log. */
export function originOf({ user }: CurrentSession, { address }: Visitor, { now }: Work): Origin {
  return { at: now, userId: user.id, attemptId: undefined, address };
}

/** What a session must have proved: nothing beyond the password where there is nothing to ask. */
function requiredOf(options: readonly Option[]): Required {
  return options.length === 0 ? 'password' : strongestOf(options);
}

/** Which of the proofs count for a change. Knowledge does not grow old here; a second step does. */
export function freshProofs(proofs: readonly Proof[], now: Date): readonly Proof[] {
  const oldest = now.getTime() - freshSeconds * 1000;
  return proofs.filter(({ strength, at }) => strength === 'knowledge' || at.getTime() >= oldest);
}
