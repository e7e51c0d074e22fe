/** Owns how the Help page looks: a list of what can be the matter, and each topic below it. */
import { formatDuration } from '../../i18n/format.ts';
import { html, joinHtml, type SafeHtml } from '../../lib/html.ts';
import { attemptMinutes } from '../../signin/attempt.ts';
import { wrongPasswords } from '../../throttle/rules.ts';
import { actions, link, linkButton } from '../../ui/components/button.ts';
import { prose } from '../../ui/components/card.ts';
import { helpTopics, type HelpTopic } from '../../ui/help.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { cardPage, type PageFrame } from '../../ui/layout.ts';
import { wordsIn } from './words.ts';

export interface HelpView {
  readonly frame: PageFrame;
  /** The page that led here, where it is one of ours. */
  readonly backHref: string | undefined;
  /** The organisation's own help desk, an `https:` or `mailto:` address; absent: told in words. */
  readonly helpDeskHref: string | undefined;
}

type Group = 'phone' | 'codes' | 'account' | 'people';

/** Where each topic stands in the list, its icon, and what may be meant instead. */
const places: Readonly<
  Record<HelpTopic, { readonly group: Group; readonly icon: IconName; readonly also: HelpTopic[] }>
> = {
  'forgotten-phone': { group: 'phone', icon: 'authenticator-code', also: ['admin'] },
  'lost-phone': { group: 'phone', icon: 'warning', also: ['not-me', 'admin'] },
  'new-phone': { group: 'phone', icon: 'refresh', also: ['forgotten-phone', 'admin'] },
  'silent-phone': {
    group: 'phone',
    icon: 'notification',
    also: ['no-text', 'no-call', 'no-notification'],
  },
  abroad: { group: 'phone', icon: 'globe', also: ['no-text', 'no-call', 'admin'] },
  'no-text': { group: 'codes', icon: 'text-message', also: ['silent-phone', 'abroad', 'admin'] },
  'no-call': { group: 'codes', icon: 'phone-call', also: ['silent-phone', 'abroad', 'admin'] },
  'no-notification': { group: 'codes', icon: 'notification', also: ['not-me', 'abroad', 'admin'] },
  'app-set-up': { group: 'codes', icon: 'add', also: ['code-refused', 'admin'] },
  'code-refused': { group: 'codes', icon: 'error', also: ['no-text', 'locked-out', 'admin'] },
  'security-key': { group: 'codes', icon: 'security-key', also: ['forgotten-phone', 'admin'] },
  password: { group: 'account', icon: 'person', also: ['locked-out', 'app-passwords', 'admin'] },
  'locked-out': { group: 'account', icon: 'clock', also: ['not-me', 'code-refused', 'admin'] },
  'not-me': { group: 'account', icon: 'shield', also: ['locked-out', 'admin'] },
  'app-passwords': { group: 'account', icon: 'app-password', also: ['password', 'admin'] },
  'start-again': { group: 'account', icon: 'history', also: ['admin'] },
  admin: { group: 'people', icon: 'people', also: [] },
};

const groups: readonly Group[] = ['phone', 'codes', 'account', 'people'];
const contentsId = 'contents';

/** The whole of it on one page, so that it can be searched, printed and read at one's ease. */
export function helpPage(view: HelpView): SafeHtml {
  const { frame, backHref } = view;
  const words = wordsIn(frame.locale);
  return cardPage({
    ...frame,
    title: words.title,
    wide: true,
    back: backHref === undefined ? undefined : { href: backHref, label: words.back },
    body: html`<p class="intro">${words.intro}</p><div class="help">${contents(view)}<div class="topics">${helpTopics.map(
      (topic) => section(view, topic),
    )}</div></div>`,
  });
}

function contents(view: HelpView): SafeHtml {
  const words = wordsIn(view.frame.locale);
  const lists = groups.map((group) => {
    const entries = helpTopics
      .filter((topic) => places[topic].group === group)
      .map(
        (topic) =>
          html`<li><a href="#${topic}">${icon(places[topic].icon)}<span>${tellOf(view, topic).short}</span></a></li>`,
      );
    return html`<h3>${words.groups[group]}</h3><ul>${entries}</ul>`;
  });
  return html`<nav class="contents" id="${contentsId}" aria-labelledby="contents-heading"><h2 id="contents-heading">${words.contents}</h2>${lists}</nav>`;
}

function section(view: HelpView, topic: HelpTopic): SafeHtml {
  const { locale } = view.frame;
  const words = wordsIn(locale);
  const { title, lead, steps } = tellOf(view, topic);
  const also = places[topic].also.map((other) =>
    link({ label: tellOf(view, other).short, href: `#${other}` }),
  );
  return html`<section class="topic" id="${topic}" aria-labelledby="${topic}-heading"><h2 id="${topic}-heading">${icon(places[topic].icon)}<span>${title}</span></h2>${prose(
    html`<p>${lead}</p>${topic === 'admin' ? helpDesk(view) : undefined}<ul>${steps.map(
      (step) => html`<li>${step}</li>`,
    )}</ul>`,
  )}${
    also.length === 0
      ? undefined
      : html`<p class="also">${words.seeAlso} ${joinHtml(also, ' ')}</p>`
  }<p class="to-contents"><a href="#${contentsId}">${words.toContents}</a></p></section>`;
}

interface Told {
  readonly title: string;
  readonly short: string;
  readonly lead: string;
  readonly steps: readonly string[];
}

/** What is told of a topic, with the numbers that hold here. */
function tellOf({ frame }: HelpView, topic: HelpTopic): Told {
  const { locale, organisation } = frame;
  const { topics } = wordsIn(locale);
  switch (topic) {
    case 'locked-out':
      return topics[topic](formatDuration(wrongPasswords.pauseSeconds, locale));
    case 'start-again':
      return topics[topic](formatDuration(attemptMinutes * 60, locale));
    case 'admin':
      return topics[topic](organisation.name);
    default:
      return topics[topic];
  }
}

/** The way to the organisation's own help desk; the address is there to be read on paper as well. */
function helpDesk({ frame, helpDeskHref }: HelpView): SafeHtml {
  const { locale, organisation } = frame;
  const words = wordsIn(locale);
  if (helpDeskHref === undefined) return html`<p>${words.noHelpDesk(organisation.name)}</p>`;
  const isMail = helpDeskHref.startsWith('mailto:');
  return html`${actions(
    linkButton({
      label: words.helpDesk(organisation.name),
      href: helpDeskHref,
      kind: 'primary',
      ...(isMail ? { icon: 'email' } : { external: locale }),
    }),
  )}<p class="hint address">${helpDeskHref.replace(/^mailto:([^?]*).*$/, '$1')}</p>`;
}
