/**
 * Owns the door between the engine and our sign-in. The engine sends the browser here when a request
 * demands more than is proved; we send it to our sign-in, and back to the engine once our session
 * meets the demand. There is no page: applications are the organisation's own.
 */
import type { default as Provider, InteractionResults } from 'oidc-provider';

import type { ApplicationStore } from '../../applications/application-store.ts';
import { TweestapError } from '../../errors/errors.ts';
import { spoken, type Locale } from '../../i18n/locale.ts';
import type { Clock } from '../../lib/clock.ts';
import { amrOf, type Required } from '../../sessions/proven.ts';
import type { Session } from '../../sessions/session.ts';
import type { AttemptRequest } from '../../signin/attempt.ts';
import {
  attemptFor,
  demandSchema,
  judge,
  reportedAcr,
  wasSomebodyElse,
  type Demand,
} from './demand.ts';
import { interactionPath } from './paths.ts';
import { demandNow } from './policy.ts';
import type { SigninDoor } from './signin-door.ts';
import type { Visit } from './visit.ts';

export interface InteractionParts {
  readonly provider: Provider;
  readonly door: SigninDoor;
  readonly applications: Pick<ApplicationStore, 'find'>;
  readonly clock: Clock;
  readonly standingOf: (visit: Visit) => Promise<Required>;
}

/** Answers at `interactionPath`; throws `ATTEMPT_EXPIRED` where there is nothing to go on with. */
export async function answerInteraction(parts: InteractionParts, visit: Visit): Promise<void> {
  const { provider, door, clock } = parts;
  const { request, reply, session } = visit;
  const interaction = await findInteraction(provider, visit);
  const parsed = demandSchema.safeParse(interaction?.prompt.details['demand']);
  if (interaction === undefined || !parsed.success) throw new TweestapError('ATTEMPT_EXPIRED');

  const demand = session === undefined ? parsed.data : await demandNow(parts, visit, parsed.data);
  const judgement = judge(session, demand, clock.now(), visit.strengths);
  const result =
    session === undefined
      ? undefined
      : judgement === 'met'
        ? { login: loginOf(session, demand, visit) }
        : wasSomebodyElse(session, demand)
          ? { error: 'login_required', error_description: 'somebody else signed in' }
          : undefined;
  if (result !== undefined) {
    interaction.result = result;
    // The engine compares with the session that the browser had when it came; ours may be another by
    // now, and it is ours that counts.
    interaction.session = undefined;
    await interaction.persist();
    await reply.redirect(interaction.returnTo, 303);
    return;
  }
  const { client_id: clientId, login_hint: loginHint, ui_locales: wanted } = interaction.params;
  const application =
    typeof clientId === 'string' ? await parts.applications.find(clientId) : undefined;
  if (application === undefined) throw new TweestapError('ATTEMPT_EXPIRED');
  const attempt: AttemptRequest = {
    applicationId: application.clientId,
    applicationName: application.name,
    returnTo: interactionPath(interaction.uid),
    ...(typeof loginHint === 'string' ? { loginHint: loginHint.slice(0, longestHint) } : {}),
    ...attemptFor(demand, judgement === 'met' ? 'signed-out' : judgement, session),
  };
  await door.begin(request, reply, attempt, localeAmong(wanted));
}

function loginOf(
  session: Session,
  demand: Demand,
  { strengths }: Visit,
): NonNullable<InteractionResults['login']> {
  return {
    accountId: session.userId,
    acr: reportedAcr(session, demand, strengths),
    amr: [...amrOf(session.proofs)],
    ts: Math.floor(session.authenticatedAt.getTime() / 1000),
    remember: false,
  };
}

/** As long as a name may be that somebody types. */
const longestHint = 320;

/** The first language of `ui_locales` (OpenID Connect Core §3.1.2.1) that we speak. */
function localeAmong(wanted: unknown): Locale | undefined {
  if (typeof wanted !== 'string') return undefined;
  const tags = wanted.slice(0, 1000).split(' ');
  return tags.map(spoken).find((locale) => locale !== undefined);
}

/** The request that this browser has under way: its cookie must name the one in the address. */
async function findInteraction(
  provider: Provider,
  { request, reply }: Visit,
): Promise<InstanceType<Provider['Interaction']> | undefined> {
  const { cookies } = provider.createContext(request.raw, reply.raw);
  const uid = cookies.get(provider.cookieName('interaction'), { signed: false });
  if (uid === undefined || request.url.split('?', 1)[0] !== interactionPath(uid)) return undefined;
  return provider.Interaction.find(uid);
}
