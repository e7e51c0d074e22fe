/** Owns how blocks of numbers that closed themselves look, and opening one again. */
import { mayAct } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import type { ClosedPrefix } from '../../../delivery/closed-prefix-store.ts';
import { formatNumber, formatPercentage } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, facts } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { nameOfActor } from '../logs/audit-pages.ts';
import { exactly } from '../logs/frame.ts';
import type { Named } from '../../my-profile/recent-sign-ins/views.ts';
import { adminPage, type Admin } from '../portal.ts';
import { groupPath } from '../settings/path.ts';
import { deliveriesPath, numberBlockPath, numberBlocksPath } from './path.ts';
import { wordsIn } from './words.ts';

export interface NumberBlocksView extends Admin {
  /** Every one that was ever closed, the newest first. */
  readonly blocks: readonly ClosedPrefix[];
  /** Those who opened one. */
  readonly people: ReadonlyMap<string, User>;
  readonly names: Named;
  readonly now: Date;
  /** Whether one was opened just now. */
  readonly isOpened: boolean;
}

/** The list, with what was seen of each and who opened it. */
export function numberBlocksPage(view: NumberBlocksView): SafeHtml {
  const { frame, current, blocks, isOpened } = view;
  const { locale } = frame;
  const { blocks: words, title } = wordsIn(locale);
  return adminPage(view, 'deliveries', {
    title: words.title,
    intro: words.intro,
    back: { href: deliveriesPath, label: title },
    actions: mayAct(current.user.role, 'see-policy')
      ? linkButton({ label: words.byHand, href: groupPath('deliveries') })
      : undefined,
    body: html`${
      isOpened ? notice({ locale, kind: 'success', body: words.done, announce: true }) : undefined
    }${card({
      body:
        blocks.length === 0
          ? emptyState({ icon: 'shield', title: words.none, body: words.noneBody })
          : tableOf(view),
    })}`,
  });
}

function tableOf(view: NumberBlocksView): SafeHtml {
  const { frame, blocks, now } = view;
  const { locale } = frame;
  const { blocks: words } = wordsIn(locale);
  const { columns } = words;
  return table({
    locale,
    caption: words.title,
    captionHidden: true,
    columns: [
      { label: columns.block },
      { label: columns.since },
      { label: columns.why },
      { label: columns.until },
    ],
    rows: blocks.map((block) => [
      block.prefix,
      timeAgo({ locale, at: block.closedAt, now }),
      whyOf(block, locale),
      standingOf(block, view),
    ]),
  });
}

function whyOf({ sent, answered }: ClosedPrefix, locale: Admin['frame']['locale']): string {
  const share = formatPercentage(sent === 0 ? 0 : answered / sent, locale);
  return wordsIn(locale).blocks.answered(
    formatNumber(answered, locale),
    formatNumber(sent, locale),
    share,
  );
}

function standingOf(
  { prefix, opened }: ClosedPrefix,
  { frame, current, people, names, now }: NumberBlocksView,
): SafeHtml {
  const { locale } = frame;
  const { blocks: words } = wordsIn(locale);
  if (opened === undefined) {
    const way = linkButton({
      label: words.open,
      href: numberBlockPath(prefix),
      about: prefix,
      compact: true,
    });
    return html`<div>${badge(words.closed, 'error')}<p class="hint">${words.untilOpened}</p>${
      mayAct(current.user.role, 'change-policy') ? actions(way) : undefined
    }</div>`;
  }
  return html`<div>${badge(words.opened, 'success')}<p class="hint">${timeAgo({
    locale,
    at: opened.at,
    now,
  })}, ${nameOfActor(opened.by, { people, names }, locale)}</p></div>`;
}

/** Says what opening it means, and asks. */
export function openBlockPage(view: Admin & { readonly block: ClosedPrefix }): SafeHtml {
  const { frame, csrf, block } = view;
  const { locale } = frame;
  const { blocks: words, retry } = wordsIn(locale);
  const { columns } = words;
  return adminPage(view, 'deliveries', {
    title: words.ask(block.prefix),
    back: { href: numberBlocksPath, label: words.title },
    body: card({
      body: html`${facts([
        { term: columns.since, value: exactly(block.closedAt, locale) },
        { term: columns.why, value: whyOf(block, locale) },
      ])}${form({
        action: numberBlockPath(block.prefix),
        csrf,
        body: html`${prose(html`<ul>${words.will.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
          button({ label: words.open, kind: 'primary' }),
          linkButton({ label: retry.cancel, href: numberBlocksPath }),
        )}`,
      })}`,
    }),
  });
}
