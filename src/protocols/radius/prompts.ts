/** Owns what a person reads at a client: a line or two of plain text, in their language. */
import { formatDuration } from '../../i18n/format.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { Method, Methods } from '../../methods/method.ts';
import type { Option } from '../../registrations/options.ts';
import type { Notice } from '../../signin/attempt.ts';
import type { Step } from '../../signin/next-step.ts';
import type { Progress } from '../../signin/progress.ts';
import { wordsIn } from './words.ts';

/** What a person may type instead of an answer to be asked in another way; at most nine. */
export function otherWays({ attempt, known }: Progress): readonly Option[] {
  const { challenge } = attempt;
  return known.options
    .filter(
      ({ registration, method }) =>
        registration.id !== challenge?.registrationId || method.id !== challenge.methodId,
    )
    .slice(0, 9);
}

/** What the open challenge asks: what to type, or what to do elsewhere before one goes on here. */
export function challengePrompt(progress: Progress, method: Method, secret: unknown): string {
  const { attempt, known } = progress;
  const { locale, challenge, notice } = attempt;
  const words = wordsIn(locale);
  if (challenge === undefined) return words.over;
  const { title } = method.views.challenge({
    secret,
    state: challenge.state,
    locale,
    expiresAt: challenge.expiresAt,
    now: known.now,
    error: undefined,
    userPrincipalName: known.user?.userPrincipalName ?? '',
    organisation: known.policy.organisation.name,
  });
  const asked =
    method.sends === 'nothing'
      ? words.askedHere(title)
      : words.asked(title, method.views.tile(secret, locale).title);
  const number = method.views.number?.(challenge.state);
  return joined(
    rejectionText(notice, method, locale),
    asked,
    number === undefined ? undefined : words.number(number),
    waysText(progress, words.otherWays),
  );
}

/** The list of ways, where nothing is asked now, and why not. */
export function choicePrompt(progress: Progress): string {
  const { attempt, known } = progress;
  const { locale, notice } = attempt;
  return joined(
    limitText(notice, known.now, locale),
    waysText(progress, wordsIn(locale).choose) ?? wordsIn(locale).blocked['no-method'],
  );
}

/** Why nobody was let in. Nothing of an account is told before its password was right. */
export function refusal(progress: Progress, methods: Methods, origin: string): string {
  const { attempt, step, known } = progress;
  const { locale, notice, challenge } = attempt;
  const words = wordsIn(locale);
  const until = (moment: Date): string => durationUntil(moment, known.now, locale);
  const atStep: { readonly [kind in Step['kind']]?: string } = {
    blocked: step.kind === 'blocked' ? words.blocked[step.reason] : '',
    paused: step.kind === 'paused' ? words.stepsPaused(until(step.until)) : '',
    register: words.setUp(`${origin}/`),
    'change-password': words.changePassword(`${origin}/`),
    password:
      notice?.kind === 'passwords-paused'
        ? words.paused(until(notice.untilAt))
        : notice?.kind === 'directory-unavailable'
          ? words.unavailable
          : words.wrong,
  };
  const told = atStep[step.kind];
  if (told !== undefined) return told;
  const method = methods.get(challenge?.methodId ?? '');
  const reason = notice?.kind === 'rejected' ? notice.reason : challenge?.outcome;
  return method === undefined || challenge === undefined
    ? words.over
    : method.views.rejection(reason ?? 'expired', locale);
}

function rejectionText(
  notice: Notice | undefined,
  method: Method,
  locale: Locale,
): string | undefined {
  return notice?.kind === 'rejected' ? method.views.rejection(notice.reason, locale) : undefined;
}

function limitText(notice: Notice | undefined, now: Date, locale: Locale): string | undefined {
  const words = wordsIn(locale);
  const until = (moment: Date): string => durationUntil(moment, now, locale);
  switch (notice?.kind) {
    case 'message-limit':
      return words.limit(until(notice.untilAt));
    case 'request-open':
      return words.requestOpen(until(notice.untilAt));
    case 'day-budget':
      return words.budget;
    case 'country-closed':
      return words.country;
    case 'number-closed':
      return words.numberBlock;
    default:
      return undefined;
  }
}

/** A second at least: nobody is asked to wait for nothing. */
function durationUntil(moment: Date, now: Date, locale: Locale): string {
  return formatDuration(Math.max(1, (moment.getTime() - now.getTime()) / 1000), locale);
}

function waysText(progress: Progress, sentence: (ways: string) => string): string | undefined {
  const { locale } = progress.attempt;
  const words = wordsIn(locale);
  const ways = otherWays(progress).map(({ method, registration }, index) =>
    words.way(index + 1, method.views.tile(registration.secret, locale).title),
  );
  if (ways.length === 0) return undefined;
  const last = ways.at(-1) ?? '';
  const list = ways.length === 1 ? last : `${ways.slice(0, -1).join(', ')} ${words.or} ${last}`;
  return sentence(list);
}

function joined(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
