/** Owns what a challenge asks, as far as a page must know it. */
import type { Locale } from '../../i18n/locale.ts';
import type { Method, Methods, ViewContext } from '../../methods/method.ts';
import type { Challenge } from '../../signin/attempt.ts';
import type { Progress } from '../../signin/progress.ts';

/** The method that asks, and the registration or draft that it asks. */
export interface Asked {
  readonly method: Method;
  readonly secret: unknown;
}

/** What the open challenge asks; undefined when there is none, or what it asks is gone by now. */
export function askedOf(progress: Progress, methods: Methods): Asked | undefined {
  const { attempt, known } = progress;
  const { challenge } = attempt;
  if (challenge === undefined) return undefined;
  const method = methods.get(challenge.methodId);
  const secret =
    challenge.registrationId === undefined
      ? attempt.registration?.draft?.secret
      : known.registrations.find(({ id }) => id === challenge.registrationId)?.secret;
  return method === undefined || secret === undefined ? undefined : { method, secret };
}

/** What the method's views draw on. */
export function viewContext(
  progress: Progress,
  challenge: Challenge,
  secret: unknown,
  locale: Locale,
  error?: string,
  isBlind = false,
): ViewContext<unknown, unknown> {
  const { known } = progress;
  return {
    secret,
    state: challenge.state,
    locale,
    expiresAt: challenge.expiresAt,
    now: known.now,
    error,
    userPrincipalName: known.user?.userPrincipalName ?? '',
    organisation: known.policy.organisation.name,
    isBlind,
  };
}
