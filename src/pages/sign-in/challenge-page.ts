/** Owns the second step in a sign-in: the challenge, and the list of other ways. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import type { Option } from '../../registrations/options.ts';
import { usableOptions } from '../../signin/next-step.ts';
import type { Progress } from '../../signin/progress.ts';
import { isTrustOffered } from '../../signin/trusting.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { tiles } from '../../ui/components/tile.ts';
import { iconNameOf } from '../../ui/icons.ts';
import { cardPage } from '../../ui/layout.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { limitNotice, rejectionNotice, showChallenge } from '../challenge/challenge.ts';
import { helpLink } from './help-link.ts';
import { backToProfile, errandOf, isOwnErrand } from './own-errand.ts';
import { wordsIn } from './words.ts';

/** Shows the challenge, open or over; the other ways where what it asks is gone. */
export function challengePage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).challenge;
  const path = attemptPath(progress.attempt.id);
  const post = (action: string, label: string): SafeHtml =>
    form({
      action: `${path}/${action}`,
      csrf,
      inline: true,
      body: button({ label, kind: 'link' }),
    });
  const shown = showChallenge({
    locale,
    csrf,
    progress,
    methods,
    paths: {
      answer: `${path}/answer`,
      repeat: `${path}/repeat`,
      status: `${path}/status`,
      events: `${path}/events`,
    },
    trust: isTrustOffered(progress.attempt, progress.known)
      ? {
          days: progress.known.policy.trustedDevices.days,
          isWished: progress.attempt.trusts === true,
          path: `${path}/trust`,
        }
      : undefined,
    others: [
      ...codeInstead(view),
      ...(otherWays(progress).length === 0 ? [] : [post('another-way', words.anotherWay)]),
      isOwnErrand(progress) ? backToProfile(locale) : post('cancel', words.cancel),
    ],
  });
  if (shown === undefined) return choosePage(view);
  return cardPage({
    ...frame,
    title: shown.title ?? words.overTitle,
    account: accountOf(view),
    above: errandOf(view),
    error: shown.isError,
    autoRefreshSeconds: shown.autoRefreshSeconds,
    body: shown.body,
  });
}

/** Lists the ways that policy allows. Whoever has none of them at hand needs an admin (rows S-144, S-145). */
export function choosePage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).choose;
  const { attempt, known } = progress;
  const limit = limitNotice(attempt.notice, known.now, locale);
  const ways = usableWays(progress).map(({ id, method, registration }) => {
    const { title, detail } = method.views.tile(registration.secret, locale);
    const icon = iconNameOf(method.icon);
    return { label: title, detail, icon, to: { name: 'option', value: id } };
  });
  return cardPage({
    ...frame,
    title: limit === undefined ? words.title : words.limitTitle,
    account: accountOf(view),
    above: errandOf(view),
    body: html`<p>${words.intro}</p>${limit}${rejectionNotice(
      attempt.notice,
      methods,
      locale,
    )}${form({
      action: `${attemptPath(attempt.id)}/choose`,
      csrf,
      body: tiles(ways),
    })}<p class="hint">${words.ask} ${helpLink('forgotten-phone', locale)}</p>${actions(
      backToDefault(view),
      isOwnErrand(progress) && backToProfile(locale),
    )}`,
  });
}

/** To the page that was there first. Nothing where another message would be sent: a tile says so. */
function backToDefault({ frame, csrf, progress }: AttemptView): SafeHtml | undefined {
  const [first] = usableWays(progress);
  if (first === undefined || first.method.sends !== 'nothing') return undefined;
  return form({
    action: `${attemptPath(progress.attempt.id)}/choose`,
    csrf,
    hidden: { option: first.id },
    inline: true,
    body: button({ label: wordsIn(frame.locale).choose.back, kind: 'link' }),
  });
}

/** The ways that would do for what is asked, and what stands in for them (`nextStep`). */
function usableWays({ attempt, known }: Progress): readonly Option[] {
  const usable = usableOptions(attempt, known);
  return known.options.filter(({ id }) => usable.has(id));
}

/**
 * The code of the very app that is asked to approve, one click away: a notification may be slow, or
 * never come (row S-137).
 */
function codeInstead({ frame, csrf, progress }: AttemptView): readonly SafeHtml[] {
  const { challenge, id } = progress.attempt;
  const code = usableWays(progress).find(
    ({ method, registration }) =>
      registration.id === challenge?.registrationId &&
      method.id !== challenge.methodId &&
      method.sends === 'nothing',
  );
  if (code === undefined) return [];
  return [
    form({
      action: `${attemptPath(id)}/choose`,
      csrf,
      hidden: { option: code.id },
      inline: true,
      body: button({
        label: wordsIn(frame.locale).challenge.codeInstead,
        kind: 'link',
      }),
    }),
  ];
}

/** Those besides the one that is asked now. */
function otherWays(progress: Progress): readonly Option[] {
  const { challenge } = progress.attempt;
  return usableWays(progress).filter(
    ({ method, registration }) =>
      method.id !== challenge?.methodId || registration.id !== challenge.registrationId,
  );
}
