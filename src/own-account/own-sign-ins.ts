/**
 * Owns what a person sees of the sign-ins to their own account, and what follows when they say of one
 * that it was not theirs: everybody is out, and nobody gets in again by what a stranger may have.
 */
import type { User } from '../accounts/user.ts';
import { signInDenied } from '../audit/audit.ts';
import type { SignInEvent } from '../audit/sign-in-event.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { reachableInCharge } from '../signin/in-charge.ts';
import { told } from '../signin/messages.ts';
import { deniedSignIn } from '../signin/notices.ts';
import { createOwnActs, originOf } from '../signin/own-act.ts';
import type { SigninParts, Work } from '../signin/parts.ts';
import { revokeEverything } from '../signin/revoke-everything.ts';
import { tell, type Visitor } from '../signin/telling.ts';

/** A page of them, newest first. */
export interface SignInPage {
  readonly events: readonly SignInEvent[];
  /** Older ones begin before this moment; undefined where there are none. */
  readonly older: Date | undefined;
}

export interface OwnSignIns {
  /** Up to fifty that are wanted, from before a moment if it is told. */
  list(
    user: User,
    filter: {
      readonly before?: Date | undefined;
      readonly isWanted: (event: SignInEvent) => boolean;
    },
  ): Promise<SignInPage>;
  find(user: User, id: string): Promise<SignInEvent | undefined>;
  /**
   * It was not theirs: ends every session, this one too; phones that a stranger can set off are not
   * asked before something else was proved; the password is changed at the next sign-in; the person
   * and those in charge are told. Asks for no second step: it only makes things safer. False where
   * there is no such sign-in, or nobody came further than a wrong password.
   */
  deny(
    current: CurrentSession,
    denied: { readonly id: string; readonly application: string },
    visitor: Visitor,
  ): Promise<boolean>;
}

const pageSize = 50;
const batchSize = 200;
/** Whoever looks for something rare is shown what was found among so many, and goes on from there. */
const mostLookedAt = 2000;

/** Whether somebody only guessed at the password, and wrongly: nothing of the person's is known to them. */
export function isHarmless({ result, steps }: SignInEvent): boolean {
  if (result === 'success') return false;
  return steps.every((step) => step.method === 'password' && step.result === 'failure');
}

/** Makes the service. */
export function createOwnSignIns(parts: SigninParts): OwnSignIns {
  const { stores, policies } = parts;
  const { act } = createOwnActs(parts);

  return {
    find: (user, id) => stores.signInEvents.find(id, user.id),

    list: async (user, { before, isWanted }) => {
      let events: readonly SignInEvent[] = [];
      let from = before;
      for (let lookedAt = 0; lookedAt < mostLookedAt; lookedAt += batchSize) {
        const batch = await stores.signInEvents.list({
          userId: user.id,
          limit: batchSize,
          ...(from === undefined ? {} : { before: from }),
        });
        events = [...events, ...batch.filter(isWanted)];
        from = batch.at(-1)?.at;
        if (events.length > pageSize) {
          const page = events.slice(0, pageSize);
          return { events: page, older: page.at(-1)?.at };
        }
        if (batch.length < batchSize) return { events, older: undefined };
      }
      return { events, older: from };
    },

    deny: (current, { id, application }, visitor) =>
      act(current, 'session', async (work, user) => {
        const event = await work.stores.signInEvents.find(id, user.id);
        if (event === undefined || isHarmless(event)) return false;
        const policy = await policies.current(work.stores.policies);
        const { registrations, users, audit } = work.stores;
        await audit.append(signInDenied(originOf(current, visitor, work), id));
        await users.change(user.id, { mustChangePassword: true });
        await registrations.suspendAll(user.id, work.now);
        await revokeEverything(work.stores, {
          userId: user.id,
          reason: 'sign-in-denied',
          actor: user.id,
          // Whoever was in could have made some.
          appPasswords: true,
          at: work.now,
        });
        await tell(parts, work, visitor, { policy }, user, 'signInDenied', application);
        await tellAdmins(work, user, event, application, policy.organisation);
        return true;
      }),
  };

  async function tellAdmins(
    work: Work,
    user: User,
    event: SignInEvent,
    application: string,
    organisation: { readonly name: string; readonly defaultLanguage: User['preferredLanguage'] },
  ): Promise<void> {
    const admins = await reachableInCharge(work, ['global-admin', 'authentication-admin']);
    for (const admin of admins) {
      if (admin.id === user.id) continue;
      const mails = deniedSignIn({
        admin,
        user,
        organisation: organisation.name,
        fallbackLocale: organisation.defaultLanguage ?? 'en',
        at: event.at,
        address: event.address,
        userAgent: event.userAgent,
        application,
      });
      await work.send(mails.map((message) => told(parts, work, admin, message)));
    }
  }
}
