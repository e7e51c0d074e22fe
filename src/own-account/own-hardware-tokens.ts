/**
 * Owns what a person does with a hardware token that was given to them: they type a code that it shows,
 * and from then on it proves them (row A-060).
 */
import type { User } from '../accounts/user.ts';
import {
  activateToken,
  counted,
  type Activation,
} from '../administration/hardware-tokens/token-codes.ts';
import { standingOf } from '../policies/policy.ts';
import { titleOfToken, type KnownToken } from '../registrations/hardware-token.ts';
import { isForSignIn } from '../registrations/options.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import { createOwnActs } from '../signin/own-act.ts';
import type { SigninParts } from '../signin/parts.ts';
import { mayRegister } from '../signin/situation.ts';
import { tell, type Visitor } from '../signin/telling.ts';

export interface OwnHardwareTokens {
  /** Those that wait for a first code; none where the organisation lets nobody prove with a code. */
  waiting(user: User): Promise<readonly KnownToken[]>;
  /**
   * Looks at the code. Asks for a second step that is fresh of whoever has one, and otherwise for what a
   * first registration asks. Throws `NOT_SIGNED_IN` or `STEP_UP_REQUIRED`.
   */
  activate(
    current: CurrentSession,
    id: string,
    code: string,
    visitor: Visitor,
  ): Promise<Activation | { readonly kind: 'not-allowed' }>;
}

/** Makes the service. */
export function createOwnHardwareTokens(parts: SigninParts): OwnHardwareTokens {
  const { stores, methods, policies } = parts;
  const acts = createOwnActs(parts);

  /** More than anybody may have, so that none is missing. */
  const most = 50;
  const mine = async (user: User): Promise<readonly KnownToken[]> =>
    (await stores.hardwareTokens.search({ assignedTo: user.id, limit: most })).filter(
      ({ status }) => status !== 'activated',
    );

  return {
    waiting: async (user) => {
      const method = methods.get('authenticator-code');
      const policy = await policies.current();
      if (method === undefined || standingOf(policy, method, user) !== 'allowed') return [];
      return mine(user);
    },

    activate: async (current, id, code, visitor) => {
      const { user: owner } = current;
      if (!(await mine(owner)).some((token) => token.id === id)) return { kind: 'gone' };
      return counted(parts, id, () =>
        acts.act(current, 'fresh-second-step', async (work, user, session) => {
          const { stores: held, now: at } = work;
          const policy = await policies.current(held.policies);
          const method = methods.get('authenticator-code');
          const token = await held.hardwareTokens.find(id);
          if (token?.assignedTo !== user.id) return { kind: 'gone' } as const;
          const registrations = await held.registrations.list(user.id);
          const isFirst = !registrations.some((one) => isForSignIn(one, methods));
          const mayBegin = !isFirst || mayRegister(user, policy, visitor.address, at);
          if (method === undefined || standingOf(policy, method, user) !== 'allowed' || !mayBegin) {
            return { kind: 'not-allowed' } as const;
          }
          const who = { actor: user.id, address: visitor.address };
          const shown = { code, keepSession: session.id };
          const done = await activateToken(parts, { held, user, at, who }, token, shown);
          if (done.kind === 'activated') {
            const title = titleOfToken(token);
            await tell(parts, work, visitor, { policy }, user, 'methodRegistered', title);
          }
          return done;
        }),
      );
    },
  };
}
