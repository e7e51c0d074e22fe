/** Owns the way from a page of a sign-in to the topic of Help that fits it. */
import type { Locale } from '../../i18n/locale.ts';
import type { SafeHtml } from '../../lib/html.ts';
import { actions, link } from '../../ui/components/button.ts';
import { helpPath, type HelpTopic } from '../../ui/help.ts';
import { passwordResetPath } from '../password-reset/path.ts';
import { wordsIn as resetWordsIn } from '../password-reset/words.ts';
import type { AttemptView } from '../attempt-view.ts';
import { wordsIn } from './words.ts';

type Topic = Extract<
  HelpTopic,
  'forgotten-phone' | 'password' | 'locked-out' | 'admin' | 'start-again'
>;

/** A link to this topic of the Help page. */
export function helpLink(topic: Topic, locale: Locale): SafeHtml {
  return link({ label: wordsIn(locale).help[topic], href: helpPath(topic) });
}

/**
 * The way to a new password, where anybody may reset theirs (row E-100). It says which sign-in it leaves:
 * the name need not be typed again, and the application still waits at the end.
 */
export function resetWay({ frame, progress }: AttemptView): SafeHtml | undefined {
  if (progress.known.policy.reset.allowedFor === 'nobody') return undefined;
  return actions(
    link({
      label: resetWordsIn(frame.locale).link,
      href: `${passwordResetPath}?from=${progress.attempt.id}`,
    }),
  );
}
