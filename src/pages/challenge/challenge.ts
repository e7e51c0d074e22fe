/**
 * Owns how one challenge is shown, whichever method asks: in a sign-in, while a new method is being
 * proved, and wherever else a second step is asked for. The page around it brings the heading, the
 * addresses and the ways out.
 */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import type { Method, Methods, RejectionReason } from '../../methods/method.ts';
import { isOpen, type Challenge, type Notice } from '../../signin/attempt.ts';
import type { Progress } from '../../signin/progress.ts';
import { limitsOf } from '../../signin/sending-limits.ts';
import { actions, button } from '../../ui/components/button.ts';
import { checkbox, toldAtOnce } from '../../ui/components/choice.ts';
import { form, hiddenField } from '../../ui/components/form.ts';
import { errorSummary, notice as noticeBox } from '../../ui/components/notice.ts';
import { pauseNotice } from '../../ui/components/pause.ts';
import { awaitChange, countdown } from '../../ui/components/waiting.ts';
import { challengeHelpLink, helpTopicFor, type ChallengeHelpTopic } from './help-link.ts';
import { markOf } from './mark.ts';
import { askedOf, viewContext, type Asked } from './target.ts';
import { wordsIn } from './words.ts';

/** Where the forms of a challenge go. */
export interface ChallengePaths {
  readonly answer: string;
  readonly repeat: string;
  /** Asked by the page whether it is still true. */
  readonly status: string;
  /**
   * A stream that says when to ask. Absent where the moments at which it speaks would tell a stranger
   * something: at a reset, whether there is an account.
   */
  readonly events?: string | undefined;
}

export interface ChallengeOptions {
  readonly locale: Locale;
  readonly csrf: string;
  readonly progress: Progress;
  readonly methods: Methods;
  readonly paths: ChallengePaths;
  /** What the button says that asks once more after it is over; the method's own words unless told. */
  readonly repeatLabel?: string | undefined;
  /** Present where the device may be trusted: for how many days, whether that is wished, where it is told. */
  readonly trust?:
    | { readonly days: number; readonly isWished: boolean; readonly path: string }
    | undefined;
  /** At a reset: what is shown was typed, and may be nobody's. Default false. */
  readonly isBlind?: boolean;
  /** Beside the button that asks once more: forms and links to other ways. */
  readonly others: readonly SafeHtml[];
}

/** One challenge, ready to stand below a heading. */
export interface ChallengeShown {
  /** The method's own title; undefined when the challenge is over. */
  readonly title: string | undefined;
  readonly body: SafeHtml;
  /** Something was refused: the page's title begins with "Error:". */
  readonly isError: boolean;
  /** For those without script, where the page waits for a phone. */
  readonly autoRefreshSeconds: number | undefined;
}

/** Shows the attempt's challenge, open or over; undefined when there is none to show. */
export function showChallenge(options: ChallengeOptions): ChallengeShown | undefined {
  const { progress, methods } = options;
  const { challenge } = progress.attempt;
  const asked = askedOf(progress, methods);
  if (challenge === undefined || asked === undefined) return undefined;
  return isOpen(challenge, progress.known.now)
    ? showOpen(options, challenge, asked)
    : showOver(options, challenge, asked);
}

/**
 * What a limit of messages has to tell; undefined when none was met. `enable` is the id of a button
 * that cannot be used until the limit is over.
 */
export function limitNotice(
  notice: Notice | undefined,
  now: Date,
  locale: Locale,
  enable?: string,
): SafeHtml | undefined {
  const words = wordsIn(locale);
  if (notice?.kind === 'country-closed') {
    const { title, body } = words.country;
    return noticeBox({ locale, kind: 'warning', title, body, announce: true });
  }
  if (notice?.kind === 'number-closed') {
    const { title, body } = words.numberBlock;
    return noticeBox({ locale, kind: 'warning', title, body, announce: true });
  }
  if (notice?.kind === 'day-budget') {
    const { title, body } = words.budget;
    return noticeBox({ locale, kind: 'warning', title, body, announce: true });
  }
  const isCounted = notice?.kind === 'message-limit' || notice?.kind === 'request-open';
  if (!isCounted) return undefined;
  return pauseNotice({
    locale,
    now,
    until: notice.untilAt,
    words: notice.kind === 'request-open' ? words.requestOpen : words.limit,
    enable,
    announce: false,
  });
}

/** What the last answer got to hear, for a page that shows no challenge any more. */
export function rejectionNotice(
  notice: Notice | undefined,
  methods: Methods,
  locale: Locale,
): SafeHtml | undefined {
  if (notice?.kind !== 'rejected') return undefined;
  const body = methods.get(notice.methodId)?.views.rejection(notice.reason, locale);
  return body === undefined
    ? undefined
    : noticeBox({ locale, kind: 'error', body, announce: true });
}

function showOpen(
  options: ChallengeOptions,
  challenge: Challenge,
  { method, secret }: Asked,
): ChallengeShown {
  const { locale, progress, methods, csrf, paths } = options;
  const { notice } = progress.attempt;
  const reason = lastRejection(notice, method);
  const rejection = reason === undefined ? undefined : method.views.rejection(reason, locale);
  const isAtField = rejection !== undefined && isAboutTyping(method, notice);
  // What a device sent is refused above, and its view must know: it does not ask again by itself.
  const isTold = isAtField || method.answeredBy === 'browser';
  const context = viewContext(
    progress,
    challenge,
    secret,
    locale,
    isTold ? rejection : undefined,
    options.isBlind,
  );
  const view = method.views.challenge(context);

  const { missing } = view;
  const told =
    missing !== undefined
      ? errorSummary({ locale, errors: [missing] })
      : isAtField
        ? errorSummary({ locale, errors: [{ field: answerField, message: rejection }] })
        : rejectionNotice(notice, methods, locale);
  const isTyped = method.answeredBy === 'typing';
  const isAnsweredHere = method.answeredBy !== 'elsewhere';
  const verify = isTyped
    ? actions(button({ label: view.submit ?? wordsIn(locale).verify, kind: 'primary' }))
    : undefined;
  const shown = isAnsweredHere
    ? form({
        action: paths.answer,
        csrf,
        hidden: { challenge: challenge.id },
        autocomplete: 'off',
        body: html`${view.body}${isTyped && trustBox(options)}${verify}${view.below}`,
      })
    : view.body;
  const step = markOf(progress, methods);
  const status = { url: paths.status, events: paths.events, step };
  const moving = method.sends === 'nothing' ? shown : awaitChange({ locale, status, body: shown });
  return {
    title: view.title,
    body: html`${told}${limitNotice(notice, progress.known.now, locale, repeatId)}${draftOf(
      options,
      challenge,
      { method, secret },
    )}${moving}${!isTyped && trustSwitch(options)}${furtherWays(options, challenge, method, 'secondary', helpTopicFor(method, reason, isDraft(progress, challenge)))}`,
    isError: missing !== undefined || notice?.kind === 'rejected',
    autoRefreshSeconds: isAnsweredHere ? undefined : 5,
  };
}

/** What the form with the box sends, whether it is ticked or not. */
export const trustFields = { offered: 'trust-offered', wished: 'trust' } as const;

/** "Don't ask again for X days" (row E-018), to be sent with what is typed. */
function trustBox({ locale, trust }: ChallengeOptions): SafeHtml | undefined {
  if (trust === undefined) return undefined;
  const words = wordsIn(locale).trust;
  return html`${hiddenField(trustFields.offered, '1')}${toldAtOnce(
    trust.path,
    checkbox({
      name: trustFields.wished,
      value: 'yes',
      label: words.label(trust.days),
      hint: words.hint,
      checked: trust.isWished,
    }),
  )}`;
}

/** The same where nothing is typed: a form of its own, said while one waits. */
function trustSwitch({ locale, csrf, trust }: ChallengeOptions): SafeHtml | undefined {
  if (trust === undefined) return undefined;
  const words = wordsIn(locale).trust;
  const { days, isWished, path } = trust;
  const change = form({
    action: path,
    csrf,
    inline: true,
    body: button({
      label: isWished ? words.undo : words.label(days),
      kind: 'link',
      name: trustFields.wished,
      value: isWished ? 'no' : 'yes',
    }),
  });
  return isWished
    ? html`<div><p class="hint">${words.wished(days)}</p>${actions(change)}</div>`
    : html`<div>${actions(change)}<p class="hint">${words.hint}</p></div>`;
}

function showOver(options: ChallengeOptions, challenge: Challenge, asked: Asked): ChallengeShown {
  const { locale, progress } = options;
  const { notice } = progress.attempt;
  const { method } = asked;
  // Nobody answered in time where nothing else is known.
  const reason = challenge.outcome ?? 'expired';
  return {
    title: undefined,
    body: html`${noticeBox({
      locale,
      kind: 'error',
      body: method.views.rejection(reason, locale),
      announce: true,
    })}${limitNotice(notice, progress.known.now, locale, repeatId)}${furtherWays(
      options,
      challenge,
      method,
      'primary',
      helpTopicFor(method, reason, isDraft(progress, challenge)),
    )}`,
    isError: true,
    autoRefreshSeconds: undefined,
  };
}

/** Once more in the same way, and the other ways. */
function furtherWays(
  options: ChallengeOptions,
  challenge: Challenge,
  method: Method,
  kind: 'primary' | 'secondary',
  helpTopic: ChallengeHelpTopic | undefined,
): SafeHtml {
  const { locale, csrf, progress, paths, others } = options;
  const words = wordsIn(locale);
  const { sends } = method;
  // An app's code needs no second asking while the first is open.
  const isRepeatable = kind === 'primary' || sends !== 'nothing';
  const label =
    kind === 'primary' ? (options.repeatLabel ?? words.repeat[sends]) : words.repeat[sends];
  const again = isRepeatable
    ? form({
        action: paths.repeat,
        csrf,
        inline: true,
        body: button({ label, kind, id: repeatId }),
      })
    : undefined;
  const until = isRepeatable ? repeatableFrom(progress, challenge, method) : undefined;
  const wait =
    until === undefined
      ? undefined
      : countdown({
          locale,
          now: progress.known.now,
          until,
          text: words.repeatIn[sends],
          ended: words.repeatNow[sends],
          atEnd: { enable: repeatId },
        });
  const help = helpTopic === undefined ? undefined : challengeHelpLink(helpTopic, locale);
  return html`${again === undefined ? undefined : actions(again)}${wait}${actions(...others, help)}`;
}

/** From when on another text, call or mail may be asked for, where that is not yet and nothing said so above. */
function repeatableFrom(
  progress: Progress,
  challenge: Challenge,
  method: Method,
): Date | undefined {
  const isSpaced = method.sends === 'text' || method.sends === 'call' || method.sends === 'mail';
  if (!isSpaced || progress.attempt.notice?.kind === 'message-limit') return undefined;
  const { now, policy } = progress.known;
  const { perUser } = limitsOf(method.sends, policy);
  const from = challenge.startedAt.getTime() + perUser.spacingSeconds * 1000;
  return from > now.getTime() ? new Date(from) : undefined;
}

function draftOf(
  { progress, locale }: ChallengeOptions,
  challenge: Challenge,
  { method, secret }: Asked,
): SafeHtml | undefined {
  if (challenge.registrationId !== undefined) return undefined;
  return method.views.draft?.(viewContext(progress, challenge, secret, locale));
}

/** Whether it asks what is being registered. */
function isDraft({ attempt }: Progress, { registrationId }: Challenge): boolean {
  return registrationId === undefined && attempt.registration?.draft !== undefined;
}

/** The name and id of the field that typed answers stand in. */
const answerField = 'code';
const repeatId = 'repeat';

const slips: readonly RejectionReason[] = ['unreadable', 'incorrect-code', 'code-already-used'];

/** Why this method refused the last answer; undefined where another one did, before this was asked. */
function lastRejection(
  notice: Notice | undefined,
  { id }: Pick<Method, 'id'>,
): RejectionReason | undefined {
  return notice?.kind === 'rejected' && notice.methodId === id ? notice.reason : undefined;
}

function isAboutTyping(method: Method, notice: Notice | undefined): boolean {
  return (
    method.answeredBy === 'typing' && notice?.kind === 'rejected' && slips.includes(notice.reason)
  );
}
