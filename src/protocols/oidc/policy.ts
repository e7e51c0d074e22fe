/**
 * Owns when the engine has to send somebody to our sign-in: whenever our own session does not meet
 * what the request demands. The engine's own idea of who is signed in decides nothing.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

import type { Clock } from '../../lib/clock.ts';
import type { Strengths } from '../../policies/strengths.ts';
import { stricter, type Required } from '../../sessions/proven.ts';
import { requirementOf } from './clients.ts';
import {
  demandSchema,
  judge,
  readDemand,
  reportedAcr,
  type Demand,
  type Judgement,
} from './demand.ts';
import { shielded } from './engine-fault.ts';
import { currentVisit, type Visit } from './visit.ts';

export interface PolicyParts {
  readonly clock: Clock;
  /** What somebody here could prove at best: the strengths of the methods there are. */
  readonly offered: readonly Required[];
  /** What the organisation asks of this person now, from where they are. */
  readonly standingOf: (visit: Visit) => Promise<Required>;
}

const { Check, Prompt } = interactionPolicy;

/** The engine's prompts: `login` is ours; `consent` and `select_account` are known but ask nothing. */
export function createPolicy(parts: PolicyParts): interactionPolicy.Prompt[] {
  const judged = new WeakMap<object, Promise<Judgement>>();
  const judgementOn = (ctx: KoaContextWithOIDC): Promise<Judgement> => {
    const known = judged.get(ctx);
    if (known !== undefined) return known;
    const judgement = shielded(() => judgeRequest(parts, ctx));
    judged.set(ctx, judgement);
    return judgement;
  };
  const check = (judgement: Judgement, description: string, error: string) =>
    new Check(
      judgement.replace('-', '_'),
      description,
      error,
      async (ctx) => (await judgementOn(ctx)) === judgement,
    );

  const login = new Prompt(
    { name: 'login', requestable: true },
    (ctx) => ({ demand: demandOn(parts, ctx) }),
    check('signed-out', 'nobody is signed in', 'login_required'),
    check('somebody-else', 'somebody else is signed in', 'login_required'),
    check('too-old', 'the sign-in is too long ago', 'login_required'),
    check('too-weak', 'a further step of the sign-in is required', 'interaction_required'),
  );
  return [login, silent('consent'), silent('select_account')].map((prompt) => {
    // Whether `prompt=…` was followed is judged by when it was proved, not by a visit to our page.
    prompt.checks.remove(`${prompt.name}_prompt`);
    return prompt;
  });
}

/**
 * Applications are the organisation's own: nobody is asked for consent. Choosing an account belongs
 * to signing in. Both words are accepted, as other providers do.
 */
function silent(name: string): interactionPolicy.Prompt {
  return new Prompt({ name, requestable: true });
}

/** The demand of a request: read from it when it arrives, found with it when it is resumed. */
function demandOn(parts: PolicyParts, ctx: KoaContextWithOIDC): Demand {
  const { entities, params = {}, client } = ctx.oidc;
  const kept = demandSchema.safeParse(entities.Interaction?.prompt.details['demand']);
  if (kept.success) return kept.data;
  const strengths = currentVisit()?.strengths ?? noStrengths;
  const demand = readDemand(
    {
      ...requirementOf(client ?? {}),
      acrValues: textOf(params['acr_values']),
      claims: textOf(params['claims']),
      // From the address itself: the engine has rewritten these two by now.
      prompt: textOf(ctx.query['prompt']),
      maxAge: textOf(ctx.query['max_age']),
      hintedSubject: textOf(entities.IdTokenHint?.payload['sub']),
    },
    parts.clock.now(),
    { levels: parts.offered, has: strengths.has },
  );
  if (demand === 'unmet') {
    throw new errors.UnmetAuthenticationRequirements(
      'none of the required acr can be reached here',
    );
  }
  return demand;
}

async function judgeRequest(parts: PolicyParts, ctx: KoaContextWithOIDC): Promise<Judgement> {
  const demand = demandOn(parts, ctx);
  const visit = currentVisit();
  const session = visit?.session;
  // Without an account the person may not use applications now, whatever the session says.
  if (visit === undefined || session === undefined || ctx.oidc.account === undefined) {
    return 'signed-out';
  }
  const now = parts.clock.now();
  const judgement = judge(session, await demandNow(parts, visit, demand), now, visit.strengths);
  const engineSession = ctx.oidc.session;
  if (judgement === 'met' && engineSession !== undefined) {
    const acr = reportedAcr(session, demand, visit.strengths);
    if (engineSession.acr !== acr) engineSession.acr = acr;
  }
  return judgement;
}

/** Where no request is being answered, nothing is enough. */
export const noStrengths: Strengths = {
  has: () => false,
  combinations: () => [],
  mayReach: () => false,
};

/** The demand with what the organisation asks of this person now: sessions from before it are not spared. */
export async function demandNow(
  parts: Pick<PolicyParts, 'standingOf'>,
  visit: Visit,
  demand: Demand,
): Promise<Demand> {
  const standing = await parts.standingOf(visit);
  return { ...demand, required: stricter(demand.required, standing) };
}

/** A parameter; one without a value is as if it were not there (RFC 6749 §3.1). */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
