/** Owns what is said to somebody who is signed in, and is asked once more for something on their own pages. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import type { Progress } from '../../signin/progress.ts';
import { link } from '../../ui/components/button.ts';
import type { AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

/** Whether this attempt is such an errand (`step-up.ts`), and no sign-in. */
export function isOwnErrand({ attempt: { request } }: Progress): boolean {
  return request.required === 'strongest';
}

/** Why they are asked again, above the heading. */
export function errandOf({ frame, progress }: AttemptView): SafeHtml | undefined {
  return isOwnErrand(progress)
    ? html`<p class="hint">${wordsIn(frame.locale).challenge.onceMore}</p>`
    : undefined;
}

/** The way out: they are signed in all the same. */
export function backToProfile(locale: Locale): SafeHtml {
  return link({ label: wordsIn(locale).challenge.backToProfile, href: '/my-profile' });
}
