/** Owns what is told of a limit that was met: why, how long it lasts, and that it is over. */
import type { Locale } from '../../i18n/locale.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { notice } from './notice.ts';
import { countdown } from './waiting.ts';

/** The words for one limit. */
export interface PauseWords {
  readonly title: string;
  readonly body: string;
  /** The sentence with the time in it. */
  readonly left: (time: string) => string;
  /** What the count-down says at its end. */
  readonly over: string;
}

/** A pause that counts down; nothing once it is over. */
export function pauseNotice(options: {
  readonly locale: Locale;
  readonly now: Date;
  readonly until: Date;
  readonly words: PauseWords;
  /** The id of a button that cannot be used until then. */
  readonly enable?: string | undefined;
  /** Said at once by screen readers. Default true: somebody has just met the limit. */
  readonly announce?: boolean;
}): SafeHtml | undefined {
  const { locale, now, until, words, enable, announce = true } = options;
  if (until <= now) return undefined;
  const { title, body, left, over } = words;
  const time = countdown({
    locale,
    now,
    until,
    text: left,
    ended: over,
    ...(enable === undefined ? {} : { atEnd: { enable } }),
  });
  return notice({ locale, kind: 'warning', title, body: html`<p>${body}</p>${time}`, announce });
}
