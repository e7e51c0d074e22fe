/** Owns the step in which a new method is proved: step 2, and step 3 for the backup phone. */
import { html, type SafeHtml } from '../../lib/html.ts';
import { attemptPath } from '../../http/sign-in-cookies.ts';
import { progressOf } from '../../signin/registering.ts';
import { actions, button } from '../../ui/components/button.ts';
import { form } from '../../ui/components/form.ts';
import { steps } from '../../ui/components/steps.ts';
import { cardPage } from '../../ui/layout.ts';
import { registrationPath } from '../attempt.ts';
import { accountOf, type AttemptView } from '../attempt-view.ts';
import { limitNotice, showChallenge } from '../challenge/challenge.ts';
import { challengeHelpLink, type ChallengeHelpTopic } from '../challenge/help-link.ts';
import { showPairing } from './pairing-page.ts';
import { proofOf } from './ways.ts';
import { wordsIn } from './words.ts';

/** What proves the draft: the pairing of an app, the challenge of its method, or why nothing was sent. */
export function showProof(
  view: AttemptView,
  asked: { readonly repeatLabel: string | undefined; readonly others: readonly SafeHtml[] },
) {
  const { frame, csrf, progress, methods } = view;
  const { id } = progress.attempt;
  const pairing = showPairing(view, asked.others);
  const shown =
    pairing ??
    showChallenge({
      locale: frame.locale,
      csrf,
      progress,
      methods,
      paths: {
        answer: `${registrationPath(id)}/answer`,
        repeat: `${registrationPath(id)}/repeat`,
        status: `${attemptPath(id)}/status`,
        events: `${attemptPath(id)}/events`,
      },
      ...asked,
    }) ??
    notSent(view, asked.others);
  return { pairing, shown };
}

/** Proves the phone or app that was just chosen. */
export function provePage(view: AttemptView): SafeHtml {
  const { frame, csrf, progress } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { attempt } = progress;
  const { stage, draft, provedKind } = progressOf(attempt);
  const current = stage === 'prove-backup' ? 3 : 2;
  const proof = proofOf(draft?.methodId);
  const isPhone = proof === 'text' || proof === 'call';
  const isApproved = proof === 'notification';
  const path = registrationPath(attempt.id);
  const back = form({
    action: `${path}/back`,
    csrf,
    inline: true,
    body: button({ label: words.back, kind: 'link' }),
  });
  const { pairing, shown } = showProof(view, {
    repeatLabel: isPhone || isApproved ? words.contactMe : undefined,
    others: [back],
  });
  const what =
    pairing?.title ??
    (shown.title === undefined
      ? words.prove.again[isPhone ? 'phone' : proof === 'code' || isApproved ? 'app' : 'key']
      : words.prove[proof]);
  const heading = words.step(current, what);
  return cardPage({
    ...frame,
    title: `${heading} – ${words.page}`,
    heading,
    account: accountOf(view),
    above: html`<p class="hint">${words.page}</p>${steps({
      locale,
      current,
      total: totalSteps(provedKind ?? draft?.kind),
    })}`,
    error: shown.isError,
    autoRefreshSeconds: shown.autoRefreshSeconds,
    wide: pairing?.isWide ?? proof === 'code',
    body: shown.body,
  });
}

/** Three steps for a phone, four for an app or a key, whose third is the backup phone. */
export function totalSteps(kind: string | undefined): number {
  return kind === undefined || kind === 'phone' ? 3 : 4;
}

/** A limit stood in the way before anything was sent: **Contact me** starts the test later. */
function notSent(
  { frame, csrf, progress }: AttemptView,
  others: readonly SafeHtml[],
): {
  readonly title: undefined;
  readonly body: SafeHtml;
  readonly isError: boolean;
  readonly autoRefreshSeconds: undefined;
} {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { attempt, known } = progress;
  const proof = proofOf(progressOf(attempt).draft?.methodId);
  const contactMe = form({
    action: `${registrationPath(attempt.id)}/repeat`,
    csrf,
    inline: true,
    body: button({ label: words.contactMe, kind: 'primary', id: 'repeat' }),
  });
  return {
    title: undefined,
    body: html`<p>${words.prove.notSent}</p>${limitNotice(
      attempt.notice,
      known.now,
      locale,
      'repeat',
    )}${actions(contactMe, ...others, challengeHelpLink(helpOf(proof), locale))}`,
    isError: false,
    autoRefreshSeconds: undefined,
  };
}

function helpOf(proof: ReturnType<typeof proofOf>): ChallengeHelpTopic {
  if (proof === 'call') return 'no-call';
  return proof === 'notification' ? 'no-notification' : 'no-text';
}
