/** Owns Temporary Access Passes: what one may be for somebody, and making it. */
import { yesOrNo } from '../accounts/approval.ts';
import type { User } from '../accounts/user.ts';
import { passIssued } from '../audit/audit.ts';
import { TweestapError } from '../errors/errors.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { IssueRules, Methods } from '../methods/method.ts';
import { passMinutes } from '../methods/temporary-access-pass/code.ts';
import { settingsOf, standingOf, type Policy } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { issuedMethod } from '../signin/pass.ts';
import { endWhatItOpened } from '../signin/revoke-everything.ts';
import { secondStepKey } from '../signin/situation.ts';
import { actOn, type ActParts, type Doing } from './account-act.ts';
import type { By } from './acting-admin.ts';
import { inform } from './informing.ts';
import { forgetRegistered } from './requiring.ts';

/** What the organisation allows, and offers unless told otherwise. */
export type PassRules = IssueRules & { readonly isAllowed: boolean };

export interface AskedPass {
  /** In characters, 8 to 48. */
  readonly length: number;
  /** 10 to what policy allows. */
  readonly minutes: number;
  readonly once: boolean;
  readonly forgets: boolean;
}

export interface IssuedPass {
  readonly plain: string;
  readonly endsAt: Date;
  readonly once: boolean;
}

export interface Passes {
  /** What a Temporary Access Pass for this person may be. */
  passRules(user: User): Promise<PassRules>;
  /**
   * Makes a Temporary Access Pass, told once; an earlier one ends, and what it opened. `forgets`:
   * everything registered goes first, so that they set it up anew after signing in. Throws
   * `STEP_NOT_ALLOWED` where policy allows no pass, or not this one.
   */
  issuePass(userId: string, asked: AskedPass, by: By): Promise<IssuedPass>;
}

/** Makes the service. */
export function createPasses(parts: ActParts & { readonly hasher: PasswordHasher }): Passes {
  const { policies, methods, hasher, clock, random } = parts;
  return {
    passRules: async (user) => rulesFor(methods, user, await policies.current()),

    issuePass: async (userId, { length, minutes, once, forgets }, by) => {
      const { issued, registers } = passMethod(methods);
      // Hashed before anybody is held; the time of the pass begins with it.
      const now = clock.now();
      const pass = await issued.make({ random, now, length, minutes, once }, hasher);
      const values = () => ({
        passMinutes: String(minutes),
        passLength: String(length),
        once: yesOrNo(once),
        forgets: yesOrNo(forgets),
      });
      return actOn(parts, { userId, act: 'issue-pass', by, values }, async (doing) => {
        const { held, user, at, who } = doing;
        const rules = rulesFor(methods, user, await policies.current(held.policies));
        const isWithin = minutes >= passMinutes.shortest && minutes <= rules.longestMinutes;
        if (!rules.isAllowed || !isWithin) throw new TweestapError('STEP_NOT_ALLOWED');
        if (forgets) await forgetRegistered(parts, doing);
        await endPasses(methods, doing);
        await held.registrations.add({
          id: random.token(16),
          userId,
          kind: registers.id,
          slot: registers.slots[0] ?? '',
          secret: pass.secret,
          version: 1,
          createdAt: at,
          lastUsedAt: undefined,
          endsAt: pass.endsAt,
        });
        // Whoever lost everything may have tried too often.
        await held.throttle.clear(secondStepKey(userId));
        await held.audit.append(passIssued({ at, userId, ...who, minutes, once }));
        await inform(parts, held, user, at, 'passIssued');
        return { plain: pass.plain, endsAt: pass.endsAt, once };
      });
    },
  };
}

function passMethod(methods: Methods): NonNullable<ReturnType<typeof issuedMethod>> {
  const method = issuedMethod(methods);
  if (method === undefined) throw new TweestapError('STEP_NOT_ALLOWED');
  return method;
}

function rulesFor(methods: Methods, user: User, policy: Policy): PassRules {
  const method = passMethod(methods);
  const rules = method.issued.rules(settingsOf(policy, method));
  return { ...rules, isAllowed: standingOf(policy, method, user) === 'allowed' };
}

/** Ends what passes somebody has, and what those opened; resolves to the ones that there were. */
export async function endPasses(
  methods: Methods,
  { held, user, at }: Doing,
): Promise<readonly Registration[]> {
  const kind = issuedMethod(methods)?.registers.id;
  const ended = (await held.registrations.list(user.id)).filter((one) => one.kind === kind);
  for (const earlier of ended) {
    await held.registrations.remove(earlier.id, user.id);
    await endWhatItOpened(held, methods, earlier, { keepSession: undefined, now: at });
  }
  return ended;
}
