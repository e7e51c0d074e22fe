/** Owns starting a challenge: what is sent, and what the attempt remembers of it. */
import { challengeStarted } from '../audit/audit.ts';
import { spokenName } from '../methods/phone-call/script.ts';
import { begunChallenge, type Attempt, type Challenge } from './attempt.ts';
import { greeted } from './greeted-call.ts';
import { queued } from './messages.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { mayBeSent } from './sending-limits.ts';
import { askOf, type Asked } from './target.ts';

/** Starts a challenge, or says why nothing may be sent now. An older challenge is superseded. */
export async function startChallenge(
  parts: SigninParts,
  work: Work,
  asked: Asked,
): Promise<Attempt> {
  const { attempt, known, user, target } = asked;
  const { method, registrationId } = target;
  const refused = await mayBeSent(parts, work, asked);
  if (refused !== undefined)
    return { ...attempt, challenge: undefined, choosing: true, notice: refused };

  const id = parts.random.token(16);
  const started = method.challenge(askOf(parts, asked, id));
  const challenge: Challenge = {
    ...begunChallenge({ id, methodId: method.id, registrationId }, started, work.now),
    delivery: started.messages.length === 0 ? 'none' : 'queued',
    ...(method.sends === 'push' ? { asksApp: true } : {}),
  };
  const messages = await greeted(work.stores, started.messages, {
    organisation: known.policy.organisation.name,
    person: spokenName(user.userPrincipalName),
  });
  await work.send(messages.map((message) => queued(parts, message, attempt, challenge, user.id)));
  await work.stores.audit.append(challengeStarted(origin(attempt, work.now), method.id));
  return { ...attempt, challenge, choosing: false, notice: undefined };
}
