/** Owns how the list of methods looks, and what is told of each. */
import { formatList } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import type { SafeHtml } from '../../../lib/html.ts';
import type { Method } from '../../../methods/method.ts';
import type { Policy } from '../../../policies/policy.ts';
import { link } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { badge, facts } from '../../../ui/components/list.ts';
import { table } from '../../../ui/components/table.ts';
import { settingsPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { isOn } from './dangers.ts';
import { methodPath } from './path.ts';
import { methodName } from './told.ts';
import { wordsIn } from './words.ts';

export interface MethodsView extends Admin {
  readonly policy: Policy;
  /** With how many people have registered something for it. */
  readonly listed: readonly { readonly method: Method; readonly people: number }[];
}

/** The list. */
export function methodsPage(view: MethodsView): SafeHtml {
  const { frame, policy, listed } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words.method;
  return adminPage(view, 'settings', {
    title: words.methodsCard.title,
    intro: words.method.intro,
    back: { href: settingsPath, label: words.back },
    body: card({
      body: table({
        locale,
        caption: words.methodsCard.title,
        captionHidden: true,
        columns: [
          { label: columns.name },
          { label: columns.state },
          { label: columns.groups },
          { label: columns.people },
        ],
        rows: listed.map(({ method, people }) => [
          link({ label: methodName(method.id, locale), href: methodPath(method.id) }),
          isOn(policy, method) ? badge(words.on, 'success') : badge(words.off),
          forWhom(policy, method, locale),
          method.begin === undefined ? undefined : words.method.people(people),
        ]),
      }),
    }),
  });
}

function forWhom(policy: Policy, { id }: Method, locale: Locale): string {
  const words = wordsIn(locale).method;
  const { includedGroups = [], excludedGroups = [] } = policy.methods[id] ?? {};
  const [only, not] = [formatList(includedGroups, locale), formatList(excludedGroups, locale)];
  if (includedGroups.length === 0) {
    return excludedGroups.length === 0 ? words.everybody : words.not(not);
  }
  return excludedGroups.length === 0 ? words.only(only) : words.onlyNot(only, not);
}

/** What one should know of a method before deciding about it. */
export function aboutMethod(method: Method, people: number, locale: Locale): SafeHtml {
  const words = wordsIn(locale).method;
  const { strength, provesIn, sends, isFor, begin } = method;
  const [first = 'sign-in'] = provesIn;
  return card({
    heading: words.about,
    body: facts([
      { term: words.strength, value: words.strengths[strength] },
      { term: words.provesIn, value: words.proves[provesIn.length > 1 ? 'both' : first] },
      { term: words.cost, value: words.costs[sends] },
      {
        term: words.registered,
        value: begin === undefined ? words.made : words.people(people),
      },
      ...(isFor === 'people' ? [{ term: words.columns.groups, value: words.nobodyWithRole }] : []),
    ]),
  });
}
