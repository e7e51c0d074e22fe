/**
 * Owns the gates of a reset: the list, the number or address in full, the challenge. Everything is
 * drawn from what was typed; what is registered is not known here (attack ATK-30).
 */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { formatInternational } from '../../lib/phone-number.ts';
import type { Method } from '../../methods/method.ts';
import { gatesOffered } from '../../signin/reset-gates.ts';
import { actions, button, linkButton } from '../../ui/components/button.ts';
import { field } from '../../ui/components/field.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary, notice } from '../../ui/components/notice.ts';
import { tiles } from '../../ui/components/tile.ts';
import { countdown } from '../../ui/components/waiting.ts';
import { iconNameOf } from '../../ui/icons.ts';
import { cardPage } from '../../ui/layout.ts';
import { resetPath } from '../attempt.ts';
import { accountIn, type ResetView } from './view.ts';
import { limitNotice, showChallenge } from '../challenge/challenge.ts';
import { wordsIn } from './words.ts';

/** The list: the same for every name, until something is proved. */
export function choosePage(view: ResetView): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).choose;
  const { attempt, known } = progress;
  const isSecond = attempt.proofs.length > 0;
  const closed = closedNotice(view);
  const ways = gatesOffered(attempt, known, methods).flatMap((method) => {
    const gate = wordsOf(method, locale);
    const to = { name: 'method', value: method.id };
    return gate === undefined ? [] : [{ ...gate, icon: iconNameOf(method.icon), to }];
  });
  return cardPage({
    ...frame,
    title: isSecond ? words.next : words.title,
    account: accountIn(view),
    error: closed !== undefined,
    body: html`${closed ?? limitNotice(attempt.notice, known.now, locale)}${isSecond && notice({ locale, kind: 'success', body: words.second, announce: true })}<p>${
      words.intro
    }</p>${form({
      action: `${resetPath(attempt.id)}/choose`,
      csrf,
      body: tiles(ways),
    })}<p class="hint">${words.help}</p>${helpDesk(view)}`,
  });
}

/** Asks for the whole number or address; what was typed wrong is kept nowhere. */
export function namingPage(view: ResetView, isMissing = false): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const { attempt, known } = progress;
  const method = methods.get(attempt.gate?.methodId ?? '');
  const { naming, challenge } = wordsIn(locale);
  const isMail = method?.sends === 'mail';
  const words = isMail ? naming.mail : naming.phone;
  const error = isMissing || attempt.notice?.kind === 'unreadable-name' ? words.wrong : undefined;
  const path = resetPath(attempt.id);
  // It was read, and had to wait.
  const { named } = attempt.gate ?? {};
  const send = isMail
    ? naming.mail.send
    : method?.sends === 'call'
      ? naming.phone.call
      : naming.phone.text;
  return cardPage({
    ...frame,
    title: words.title,
    account: accountIn(view),
    error: error !== undefined,
    body: html`<p>${words.intro}</p>${errorSummary({
      locale,
      errors: error === undefined ? [] : [{ field: 'destination', message: error }],
    })}${limitNotice(attempt.notice, known.now, locale, buttonId)}${form({
      action: `${path}/destination`,
      csrf,
      autocomplete: 'off',
      body: html`${field({
        locale,
        name: 'destination',
        type: isMail ? 'email' : 'tel',
        label: words.label,
        hint: words.hint,
        error,
        value: isMail ? named : named && formatInternational(named),
        inputmode: isMail ? 'email' : 'tel',
        autocomplete: isMail ? 'email' : 'tel',
        autofocus: error === undefined,
        maxlength: 254,
      })}${actions(button({ label: send, kind: 'primary', id: buttonId }))}`,
    })}${actions(post(`${path}/another-way`, csrf, challenge.anotherWay))}`,
  });
}

const buttonId = 'send';

/** Shows the challenge, open or over; the same for whoever it is. */
export function challengePage(view: ResetView): SafeHtml {
  const { frame, csrf, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale).challenge;
  const { attempt } = progress;
  const path = resetPath(attempt.id);
  const shown = showChallenge({
    locale,
    csrf,
    progress,
    methods,
    isBlind: true,
    paths: { answer: `${path}/answer`, repeat: `${path}/repeat`, status: `${path}/status` },
    others: [
      post(`${path}/another-way`, csrf, words.anotherWay),
      post(`${path}/restart`, csrf, words.cancel),
    ],
  });
  if (shown === undefined) return choosePage(view);
  const closed = closedNotice(view);
  const isOver = shown.title === undefined || closed !== undefined;
  const isSent = methods.get(attempt.gate?.methodId ?? '')?.blind?.naming !== undefined;
  return cardPage({
    ...frame,
    title: isOver ? words.over : (shown.title ?? words.over),
    account: accountIn(view),
    error: shown.isError || closed !== undefined,
    autoRefreshSeconds: shown.autoRefreshSeconds,
    body: html`${closed}${shown.body}${isSent && html`<p class="hint">${words.perhaps}</p>`}${
      isOver && html`<p class="hint">${words.admin}</p>${helpDesk(view)}`
    }`,
  });
}

/** That a way is closed for a while, after too many wrong answers; undefined where none is. */
function closedNotice({ frame: { locale }, progress }: ResetView): SafeHtml | undefined {
  const { attempt, known } = progress;
  const { notice: told } = attempt;
  if (told?.kind !== 'gate-closed' || told.untilAt <= known.now) return undefined;
  const words = wordsIn(locale).challenge.closed;
  return notice({
    locale,
    kind: 'error',
    title: words.title,
    body: html`<p>${words.body}</p>${countdown({
      locale,
      now: known.now,
      until: told.untilAt,
      text: words.left,
      ended: words.over,
    })}`,
    announce: true,
  });
}

/** The words of a gate; undefined for a method that has none, which is then not offered. */
function wordsOf(
  { id }: Pick<Method, 'id'>,
  locale: Locale,
): { readonly label: string; readonly detail: string } | undefined {
  const words: Readonly<Record<string, { label: string; detail: string }>> = wordsIn(locale).gates;
  return words[id];
}

/** Where the organisation sends those who cannot go on; nothing where it names no place. */
export function helpDesk({ frame, progress }: ResetView): SafeHtml | undefined {
  const { reset, organisation } = progress.known.policy;
  const href = reset.helpLink ?? organisation.helpLink;
  return href === undefined
    ? undefined
    : actions(linkButton({ label: wordsIn(frame.locale).helpDesk, href }));
}

function post(action: string, csrf: string, label: string): SafeHtml {
  return form({ action, csrf, inline: true, body: button({ label, kind: 'link' }) });
}
