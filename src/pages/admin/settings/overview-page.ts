/** Owns the page that leads to all settings. */
import type { SafeHtml } from '../../../lib/html.ts';
import type { IconName } from '../../../ui/icons.ts';
import { tiles } from '../../../ui/components/tile.ts';
import { greetingsPath } from '../greetings/path.ts';
import { wordsIn as greetingWordsIn } from '../greetings/words.ts';
import { adminPage, type Admin } from '../portal.ts';
import { groupPath, methodsPath, strengthsPath } from './path.ts';
import { wordsIn } from './words.ts';

/** Where the overview leads, in its order. */
export const overviewIds = [
  'organisation',
  'service',
  'methods',
  'registration',
  'reset',
  'fraud',
  'sessions',
  'strengths',
  'deliveries',
  'greetings',
  'administration',
] as const;
export type OverviewId = (typeof overviewIds)[number];

const icons: Readonly<Record<OverviewId, IconName>> = {
  organisation: 'globe',
  service: 'settings',
  methods: 'shield',
  registration: 'add',
  reset: 'refresh',
  fraud: 'blocked',
  sessions: 'clock',
  strengths: 'security-key',
  deliveries: 'text-message',
  greetings: 'phone-call',
  administration: 'people',
};

/** The overview of those that there are. */
export function overviewPage(view: Admin, shown: readonly OverviewId[]): SafeHtml {
  const words = wordsIn(view.frame.locale);
  return adminPage(view, 'settings', {
    title: words.title,
    intro: words.intro,
    body: tiles(
      shown.map((id) => {
        const { title, detail } =
          id === 'methods'
            ? words.methodsCard
            : id === 'greetings'
              ? greetingWordsIn(view.frame.locale)
              : words.groups[id];
        return {
          label: title,
          detail,
          icon: icons[id],
          to: { href: pathOf(id) },
        };
      }),
    ),
  });
}

function pathOf(id: OverviewId): string {
  if (id === 'methods') return methodsPath;
  if (id === 'greetings') return greetingsPath;
  return id === 'strengths' ? strengthsPath : groupPath(id);
}
