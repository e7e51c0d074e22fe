/**
 * Owns where help is found: the address of the Help page and the names of its topics. Pages lead
 * people to the topic that fits; other people's links lead there too, so a name never changes.
 */

/** The names of the topics, in the order of the page: `/help#lost-phone`. */
export const helpTopics = [
  'forgotten-phone',
  'lost-phone',
  'new-phone',
  'silent-phone',
  'abroad',
  'no-text',
  'no-call',
  'no-notification',
  'app-set-up',
  'code-refused',
  'security-key',
  'password',
  'locked-out',
  'not-me',
  'app-passwords',
  'start-again',
  'admin',
] as const;

/** A topic that exists. */
export type HelpTopic = (typeof helpTopics)[number];

/** The address of the Help page, at its top unless a topic is told. */
export function helpPath(topic?: HelpTopic): string {
  return topic === undefined ? '/help' : `/help#${topic}`;
}
