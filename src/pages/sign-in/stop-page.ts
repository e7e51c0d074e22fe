/** Owns the pages where it does not go on for now: paused, blocked, gone. Each says what to do. */
import type { ErrorCode } from '../../errors/errors.ts';
import { errorText } from '../../errors/error-text.ts';
import { formatList } from '../../i18n/format.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { strengthsIn } from '../../policies/strengths.ts';
import type { Blocked } from '../../signin/next-step.ts';
import { actions, button, link, linkButton } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { countdown } from '../../ui/components/waiting.ts';
import { cardPage, type PageFrame } from '../../ui/layout.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { helpLink } from './help-link.ts';
import { backToProfile, isOwnErrand } from './own-errand.ts';
import { wordsIn } from './words.ts';

/** Too many wrong second steps: until when, and what it may mean. Goes on by itself. */
export function pausedPage(view: AttemptView, until: Date): SafeHtml {
  const { frame, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale).paused;
  const { now, user } = progress.known;
  const isTold = user?.mail !== undefined || user?.otherMail !== undefined;
  const href = attemptPath(progress.attempt.id);
  return cardPage({
    ...frame,
    title: words.title,
    account: accountOf(view),
    body: html`<p>${words.happened}${isTold && ` ${words.told}`}</p><p>${words.notYou}</p>${countdown(
      {
        locale,
        now,
        until,
        text: words.left,
        ended: words.over,
        atEnd: { href },
      },
    )}${actions(helpDesk(view), link({ label: words.goOn, href }), wayBack(view), helpLink('locked-out', locale))}`,
  });
}

/** Nobody gets in this way: why, and who can help. */
export function blockedPage(view: AttemptView, reason: Blocked): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { title, happened, now } = words.blocked[reason];
  const another = form({
    action: `${attemptPath(progress.attempt.id)}/restart`,
    csrf,
    inline: true,
    body: button({ label: words.otherAccount, kind: 'link' }),
  });
  return cardPage({
    ...frame,
    title,
    account: accountOf(view),
    body: html`<p>${happened}</p>${reason === 'no-method' && asksFor(view)}<p>${now}</p>${actions(helpDesk(view), helpLink(topicOf(reason), locale), wayBack(view) ?? another)}`,
  });
}

/** What would do, where an application asks for a strength that nothing of theirs meets. */
function asksFor({ frame, progress, methods }: AttemptView): SafeHtml | undefined {
  const { locale } = frame;
  const { attempt, known } = progress;
  const { required, strengths = [], applicationName } = attempt.request;
  const asked = [...(required === 'phishing-resistant' ? [required] : []), ...strengths];
  const { combinations } = strengthsIn(known.policy, methods);
  const labels = asked
    .flatMap((id) => combinations(id).flat())
    .flatMap((id) => methods.get(id)?.registers.places(locale)[0]?.label ?? []);
  if (labels.length === 0) return undefined;
  const what = formatList([...new Set(labels)], locale, 'or');
  return html`<p>${wordsIn(locale).asksFor(applicationName, what)}</p>`;
}

/** An attempt that is over, or not this browser's. */
export function gonePage(options: {
  readonly frame: PageFrame;
  readonly code: ErrorCode;
  /** Where one begins anew. */
  readonly againHref: string;
  /** Who is signed in here all the same. */
  readonly signedInAs: string | undefined;
}): SafeHtml {
  const { frame, code, againHref, signedInAs } = options;
  const words = wordsIn(frame.locale).gone;
  const text = errorText(code, frame.locale);
  const profile = linkButton({ label: words.profile, href: '/', kind: 'primary' });
  const again = linkButton({ label: words.again, href: againHref, kind: 'primary' });
  return cardPage({
    ...frame,
    title: text.title,
    body: html`<p>${text.happened} ${text.now}</p>${
      signedInAs === undefined ? undefined : html`<p>${words.signedIn(signedInAs)}</p>`
    }${actions(signedInAs === undefined ? again : profile, helpLink('start-again', frame.locale))}`,
  });
}

/** Where it is the account that is closed, waiting is in question; else only an admin can help. */
function topicOf(reason: Blocked): 'locked-out' | 'admin' {
  return reason === 'account-disabled' || reason === 'account-blocked' ? 'locked-out' : 'admin';
}

function wayBack({ frame, progress }: AttemptView): SafeHtml | undefined {
  return isOwnErrand(progress) ? backToProfile(frame.locale) : undefined;
}

function helpDesk({ frame, progress }: AttemptView): SafeHtml | undefined {
  const { helpLink: href } = progress.known.policy.organisation;
  if (href === undefined) return undefined;
  return linkButton({ label: wordsIn(frame.locale).helpDesk, href, kind: 'primary' });
}
