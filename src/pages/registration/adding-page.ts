/** Owns the pages that add one method, or put another in its place, for somebody who came from Security info. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { progressOf } from '../../signin/registering.ts';
import { settingsOf } from '../../policies/policy.ts';
import { actions, button, linkButton } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { errorSummary } from '../../ui/components/notice.ts';
import { cardPage, type CardPageOptions } from '../../ui/layout.ts';
import { registrationPath } from '../attempt.ts';
import type { AttemptView } from '../attempt-view.ts';
import { helpLink } from '../sign-in/help-link.ts';
import { securityInfoPath } from '../my-profile/security-info/path.ts';
import { isApp, isPhone, methodAtOnce, type Added } from './added.ts';
import { appField } from './app-field.ts';
import { messageOf, phoneFields, summaryOf, type Filled, type Refused } from './phone-fields.ts';
import { showProof } from './prove-page.ts';
import { contactForm, possibleFor } from './ways.ts';
import { wordsIn } from './words.ts';

/** What was typed so far, and the field that was refused. */
export interface FilledIn {
  readonly typed?: Readonly<Record<string, string>> | undefined;
  readonly refused?: Refused | undefined;
}

/** What has to be known before it can be proved: a number, a name, or nothing. */
export function addingPage(view: AttemptView, added: Added, filled: FilledIn = {}): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).adding;
  const { methods, label, replaced } = added;
  if (methods.length === 0) {
    return cardPage({
      ...pageOf(view, added, label),
      body: html`<p>${words.none}</p>${actions(
        linkButton({ label: words.back, href: securityInfoPath, kind: 'primary' }),
        helpLink('admin', locale),
      )}`,
    });
  }
  const next = button({
    label:
      isApp(added) || methodAtOnce(added) !== undefined
        ? wordsIn(locale).contact.setUp
        : wordsIn(locale).next,
    kind: 'primary',
  });
  const now = replaced === undefined ? undefined : html`<p>${words.replaces(replaced)}</p>`;
  return cardPage({
    ...pageOf(view, added, label),
    error: filled.refused !== undefined,
    body: html`${now}${fieldsSummary(view, added, filled)}${form({
      action: `${registrationPath(progress.attempt.id)}/contact`,
      csrf,
      body: html`${fieldsOf(view, added, filled)}${actions(next)}`,
    })}${actions(cancel(view))}`,
  });
}

/** Proves what was just chosen, with the method's own challenge. */
export function addingProvePage(view: AttemptView, added: Added): SafeHtml {
  const { frame, progress, methods } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { attempt } = progress;
  const method = methods.get(progressOf(attempt).draft?.methodId ?? '');
  const ways = [...(methodAtOnce(added) === undefined ? [back(view)] : []), cancel(view)];
  const { pairing, shown } = showProof(view, {
    repeatLabel: isPhone(added) || method?.sends === 'push' ? words.contactMe : undefined,
    others: ways,
  });
  return cardPage({
    ...pageOf(view, added, shown.title ?? added.label),
    error: shown.isError,
    autoRefreshSeconds: shown.autoRefreshSeconds,
    wide: pairing?.isWide ?? (method?.views.draft !== undefined && !isPhone(added)),
    body: shown.body,
  });
}

/** What all of these pages have in common. Who is signed in stands there; somebody else signs out first. */
function pageOf(
  { frame, progress }: AttemptView,
  { replaced }: Added,
  heading: string,
): Omit<CardPageOptions, 'body'> {
  const words = wordsIn(frame.locale).adding;
  const errand = replaced === undefined ? words.page : words.changing;
  const { user } = progress.known;
  return {
    ...frame,
    title: `${heading} – ${errand}`,
    heading,
    account: user === undefined ? undefined : { name: user.userPrincipalName },
    above: html`<p class="hint">${errand}</p>`,
  };
}

function fieldsOf(view: AttemptView, added: Added, filled: FilledIn): SafeHtml {
  const { locale } = view.frame;
  const [method] = added.methods;
  const possible = possibleFor(view.progress, view.methods);
  const form: Filled = {
    typed: filled.typed === undefined ? undefined : contactForm.parse(filled.typed),
    refused: filled.refused,
  };
  if (isApp(added) && added.methods.length > 1) return appField(locale, possible, form, 'absent');
  if (!isPhone(added)) {
    const { policy } = view.progress.known;
    const drawn = method?.form?.({
      settings: settingsOf(policy, method),
      locale,
      typed: filled.typed ?? {},
      refused: filled.refused,
    });
    return drawn ?? html`<p>${wordsIn(locale).adding.atHand}</p>`;
  }
  const { number, office, isOfficeTyped, method: by } = phoneFields(view, possible, form, 'absent');
  if (added.slot !== 'office') return html`${number}${by}`;
  return html`${isOfficeTyped ? number : undefined}${office}`;
}

function fieldsSummary({ frame }: AttemptView, added: Added, filled: FilledIn): SafeHtml {
  const { locale } = frame;
  const { refused } = filled;
  if (isPhone(added)) return summaryOf(locale, { refused }, 'not-asked');
  if (refused === undefined) return html``;
  const message = messageOf(locale, refused);
  const { field } = refused;
  return errorSummary({ locale, errors: [field === '' ? { message } : { field, message }] });
}

function back({ frame, csrf, progress }: AttemptView): SafeHtml {
  return form({
    action: `${registrationPath(progress.attempt.id)}/back`,
    csrf,
    inline: true,
    body: button({ label: wordsIn(frame.locale).back, kind: 'link' }),
  });
}

/** Not only a way out: what was begun ends, and a call that still rings proves nothing any more. */
function cancel({ frame, csrf, progress }: AttemptView): SafeHtml {
  return form({
    action: `${registrationPath(progress.attempt.id)}/cancel`,
    csrf,
    inline: true,
    body: button({ label: wordsIn(frame.locale).adding.cancel, kind: 'link' }),
  });
}
