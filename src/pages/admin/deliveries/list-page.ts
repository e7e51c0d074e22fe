/** Owns how the list of what was sent looks, and how the providers do. */
import { mayAct } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import type { ProviderHealth } from '../../../delivery/health.ts';
import type { Cost, MessageKind } from '../../../delivery/message.ts';
import type { DeliveryState, FoundDelivery } from '../../../delivery/outbox-store.ts';
import { formatDateTime, formatMoney, formatNumber } from '../../../i18n/format.ts';
import type { Locale } from '../../../i18n/locale.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, details } from '../../../ui/components/card.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { fieldRow, form } from '../../../ui/components/form.ts';
import { badge, emptyState } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { table } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { dayFields } from '../logs/frame.ts';
import { withFields } from '../logs/path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { deliveriesPath, deliveryPath, numberBlocksPath, testDeliveryPath } from './path.ts';
import { wordsIn } from './words.ts';

export const messageKinds = [
  'text',
  'call',
  'mail',
  'push',
] as const satisfies readonly MessageKind[];
export const deliveryStates = [
  'queued',
  'sent',
  'failed',
] as const satisfies readonly DeliveryState[];

/** What was asked for, as it stands in the address; empty where it was not. */
export interface DeliveriesAsked {
  readonly kind?: MessageKind | undefined;
  readonly state?: DeliveryState | undefined;
  readonly person: string;
  readonly from: string;
  readonly to: string;
  readonly behind?: string | undefined;
}

export interface DeliveriesView extends Admin {
  readonly asked: DeliveriesAsked;
  readonly found: readonly FoundDelivery[];
  /** Behind which the older ones begin; undefined where there are none. */
  readonly older: string | undefined;
  readonly people: ReadonlyMap<string, User>;
  /** Whether the person that was asked for is nobody's name. */
  readonly isNobody: boolean;
  readonly health: readonly ProviderHealth[];
  /** How many blocks of numbers are closed now. */
  readonly closedBlocks: number;
  readonly now: Date;
}

/** The page of the list. */
export function deliveriesPage(view: DeliveriesView): SafeHtml {
  const { frame, current, asked, found, older } = view;
  const words = wordsIn(frame.locale);
  const { behind, ...fields } = asked;
  const isNarrowed = Object.values(fields).some((value) => value !== undefined && value !== '');
  const ways = [
    behind === undefined
      ? undefined
      : linkButton({ label: words.newest, href: withFields(deliveriesPath, fields) }),
    older === undefined
      ? undefined
      : linkButton({
          label: words.older,
          href: withFields(deliveriesPath, { ...fields, behind: older }),
        }),
  ].filter((way) => way !== undefined);
  return adminPage(view, 'deliveries', {
    title: words.title,
    intro: words.intro,
    actions: [
      linkButton({ label: words.blocks.see, href: numberBlocksPath }),
      ...(mayAct(current.user.role, 'retry-delivery')
        ? [linkButton({ label: words.test.open, href: testDeliveryPath })]
        : []),
    ],
    body: html`${closedNotice(view)}${healthCard(view)}${filterForm(view, isNarrowed)}${
      view.isNobody
        ? html`<p class="hint">${words.nobodyFound(asked.person.trim())}</p>`
        : undefined
    }${card({
      body:
        found.length === 0
          ? emptyState({
              icon: 'email',
              title: words.none,
              action: isNarrowed
                ? linkButton({ label: words.filter.clear, href: deliveriesPath })
                : undefined,
            })
          : tableOf(view),
    })}${ways.length === 0 ? undefined : actions(...ways)}`,
  });
}

function closedNotice({ frame, closedBlocks }: DeliveriesView): SafeHtml {
  const { locale } = frame;
  const { blocks: words } = wordsIn(locale);
  return closedBlocks === 0
    ? html``
    : notice({
        locale,
        kind: 'warning',
        body: html`<p>${words.someClosed(closedBlocks)} ${link({
          label: words.see,
          href: numberBlocksPath,
        })}</p>`,
      });
}

/** What it cost, or nothing where its provider does not say. */
export function costOf(cost: Cost | undefined, locale: Locale): string {
  return cost === undefined ? '' : formatMoney(cost.millionths / 1_000_000, cost.currency, locale);
}

/** The state in a word. */
export function stateBadge(state: DeliveryState, locale: Locale): SafeHtml {
  const tones = { queued: 'neutral', sent: 'success', failed: 'error' } as const;
  return badge(wordsIn(locale).states[state], tones[state]);
}

function healthCard({ frame, health, now }: DeliveriesView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words.health;
  return card({
    heading: words.health.title,
    intro: words.health.intro,
    body:
      health.length === 0
        ? html`<p>${words.health.none}</p>`
        : table({
            locale,
            caption: words.health.title,
            captionHidden: true,
            columns: [
              { label: columns.provider },
              { label: columns.kind },
              { label: columns.standing },
              { label: columns.sent, align: 'end' },
              { label: columns.failed, align: 'end' },
              { label: columns.waiting, align: 'end' },
              { label: columns.cost, align: 'end' },
            ],
            rows: health.map(({ provider, kind, rest, sent, failed, waiting, costs }) => [
              provider,
              words.kinds[kind],
              rest === undefined
                ? badge(words.health.well, 'success')
                : html`<div>${badge(words.health.rests, 'warning')}<p class="hint">${words.health.restsSince(
                    formatDateTime(rest.since, locale),
                    formatDateTime(rest.probeAt > now ? rest.probeAt : now, locale),
                  )} ${rest.fault}</p></div>`,
              formatNumber(sent, locale),
              formatNumber(failed, locale),
              formatNumber(waiting, locale),
              costs.map((cost) => costOf(cost, locale)).join(', '),
            ]),
          }),
  });
}

function filterForm({ frame, asked }: DeliveriesView, isOpen: boolean): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { filter } = words;
  const select = <value extends string>(
    name: 'kind' | 'state',
    values: readonly value[],
    labels: Readonly<Record<value, string>>,
  ): SafeHtml =>
    selectField({
      locale,
      name,
      label: filter[name],
      mayBeEmpty: true,
      value: asked[name] ?? '',
      options: [
        { value: '', label: filter.any },
        ...values.map((value) => ({ value, label: labels[value] })),
      ],
    });
  return details({
    summary: filter.open,
    open: isOpen,
    body: form({
      action: deliveriesPath,
      csrf: undefined,
      method: 'get',
      body: html`${field({
        locale,
        name: 'person',
        type: 'search',
        label: filter.person,
        hint: filter.personHint,
        mayBeEmpty: true,
        value: asked.person,
        maxlength: 113,
      })}${fieldRow(
        select('kind', messageKinds, words.kinds),
        select('state', deliveryStates, words.states),
      )}${dayFields(frame, asked)}${actions(
        button({ label: filter.show, kind: 'primary', icon: 'search' }),
      )}`,
    }),
  });
}

function tableOf({ frame, found, people, now }: DeliveriesView): SafeHtml {
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words;
  return table({
    locale,
    caption: words.title,
    captionHidden: true,
    columns: [
      { label: columns.when },
      { label: columns.kind },
      { label: columns.who },
      { label: columns.state },
      { label: columns.provider },
      { label: columns.tries, align: 'end' },
      { label: columns.cost, align: 'end' },
    ],
    rows: found.map((record) => [
      html`<a href="${deliveryPath(record.id)}">${timeAgo({ locale, at: record.createdAt, now })}</a>`,
      words.kinds[record.kind],
      whoOf(record, people, locale),
      html`<div>${stateBadge(record.state, locale)}${
        record.fault === undefined ? undefined : html`<p class="hint">${record.fault}</p>`
      }</div>`,
      record.provider,
      formatNumber(record.tries, locale),
      costOf(record.cost, locale),
    ]),
  });
}

function whoOf(
  { userId }: FoundDelivery,
  people: DeliveriesView['people'],
  locale: Locale,
): SafeHtml | string {
  const user = people.get(userId ?? '');
  if (user === undefined) return wordsIn(locale).nobody;
  return html`<div><p>${user.displayName}</p><p class="hint">${user.userPrincipalName}</p></div>`;
}
