/** Owns the way from a challenge that gets nowhere to the topic of Help that fits it. */
import type { Locale } from '../../i18n/locale.ts';
import type { SafeHtml } from '../../lib/html.ts';
import type { Method, RejectionReason } from '../../methods/method.ts';
import { link } from '../../ui/components/button.ts';
import { helpPath, type HelpTopic } from '../../ui/help.ts';
import { wordsIn } from './words.ts';

/** The topics that a challenge leads to. */
export type ChallengeHelpTopic = Extract<
  HelpTopic,
  | 'no-text'
  | 'no-call'
  | 'no-notification'
  | 'app-set-up'
  | 'code-refused'
  | 'security-key'
  | 'not-me'
>;

const aboutCodes: readonly RejectionReason[] = [
  'unreadable',
  'incorrect-code',
  'code-already-used',
  'incorrect-digits',
  'too-many-wrong',
];

const notTheirs: readonly RejectionReason[] = ['fraud-reported', 'user-declined', 'somebody-else'];

/** What of a method decides what helps with it. */
export type Helped = Pick<Method, 'sends' | 'answeredBy' | 'strength' | 'draftProves'>;

/** A link to this topic of the Help page. */
export function challengeHelpLink(topic: ChallengeHelpTopic, locale: Locale): SafeHtml {
  return link({ label: wordsIn(locale).help[topic], href: helpPath(topic) });
}

/**
 * The topic for this method, after the last answer was refused for `reason`, if one was; undefined where
 * Help knows no more than the page. `isDraft`: it is being registered.
 */
export function helpTopicFor(
  { sends, answeredBy, strength, draftProves }: Helped,
  reason: RejectionReason | undefined,
  isDraft = false,
): ChallengeHelpTopic | undefined {
  if (reason !== undefined && notTheirs.includes(reason)) return 'not-me';
  switch (sends) {
    case 'text':
      return reason !== undefined && aboutCodes.includes(reason) ? 'code-refused' : 'no-text';
    case 'call':
      return 'no-call';
    case 'push':
      return 'no-notification';
    case 'mail':
      return 'code-refused';
    case 'nothing':
      // What is neither sent nor typed is done by a device at hand.
      if (answeredBy !== 'typing') return 'security-key';
      // An answer to a question is no code, and what we made ourselves is not refused.
      return strength === 'knowledge' || (isDraft && !draftProves) ? undefined : 'code-refused';
  }
}
