/** Owns how one message looks to those in charge, sending it again, and sending oneself a test. */
import { mayAct } from '../../../accounts/administering.ts';
import type { User } from '../../../accounts/user.ts';
import type { TestRefusal } from '../../../administration/deliveries.ts';
import type { FoundDelivery } from '../../../delivery/outbox-store.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { radioTiles } from '../../../ui/components/choice.ts';
import { form } from '../../../ui/components/form.ts';
import { facts } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { exactly } from '../logs/frame.ts';
import { signInPath } from '../logs/path.ts';
import { personPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { costOf, messageKinds, stateBadge } from './list-page.ts';
import { deliveriesPath, deliveryPath, testDeliveryPath } from './path.ts';
import { wordsIn } from './words.ts';

export interface DeliveryView extends Admin {
  readonly record: FoundDelivery;
  readonly user: User | undefined;
  /** Whether the sign-in log tells of the attempt that it belongs to. */
  readonly hasSignIn: boolean;
  readonly done?: 'retried' | 'test' | undefined;
}

/** One message: whose, how far, and what its provider says. */
export function deliveryPage(view: DeliveryView): SafeHtml {
  const { frame, current, record, user, done } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words;
  const { state, attemptId, settledAt, cost } = record;
  const standing = { queued: words.waiting, sent: words.arrived, failed: words.failed }[state];
  const mayRetry = record.canRetry && mayAct(current.user.role, 'retry-delivery');
  return adminPage(view, 'deliveries', {
    title: words.one(words.kinds[record.kind]),
    back: { href: deliveriesPath, label: words.title },
    autoRefreshSeconds: state === 'queued' ? 3 : undefined,
    body: html`${
      done === undefined
        ? undefined
        : notice({ locale, kind: 'success', body: words.done[done], announce: true })
    }${card({
      body: html`<p>${standing}</p>${facts([
        { term: columns.state, value: stateBadge(state, locale) },
        {
          term: columns.who,
          value:
            user === undefined
              ? words.nobody
              : html`${link({ label: user.displayName, href: personPath(user.id) })} <span class="hint">${user.userPrincipalName}</span>`,
        },
        {
          term: columns.purpose,
          value: record.challengeId === undefined ? words.purposes.told : words.purposes.code,
        },
        { term: columns.when, value: exactly(record.createdAt, locale) },
        ...(settledAt === undefined
          ? []
          : [{ term: columns.settled, value: exactly(settledAt, locale) }]),
        { term: columns.provider, value: record.provider ?? '–' },
        { term: columns.fault, value: record.fault ?? words.noFault },
        { term: columns.tries, value: formatNumber(record.tries, locale) },
        ...(cost === undefined ? [] : [{ term: columns.cost, value: costOf(cost, locale) }]),
        ...(record.reference === undefined
          ? []
          : [{ term: columns.reference, value: html`<code>${record.reference}</code>` }]),
        { term: columns.id, value: html`<code>${record.id}</code>` },
      ])}${actions(
        mayRetry &&
          linkButton({ label: words.retry.open, href: `${deliveryPath(record.id)}/retry` }),
        attemptId !== undefined &&
          view.hasSignIn &&
          linkButton({ label: words.signIn, href: signInPath(attemptId) }),
      )}`,
    })}`,
  });
}

/** Says what will happen, and asks. */
export function retryPage(view: Admin & { readonly record: FoundDelivery }): SafeHtml {
  const { frame, csrf, record } = view;
  const words = wordsIn(frame.locale);
  const path = deliveryPath(record.id);
  return adminPage(view, 'deliveries', {
    title: words.retry.title,
    back: { href: path, label: words.one(words.kinds[record.kind]) },
    body: card({
      body: form({
        action: `${path}/retry`,
        csrf,
        body: html`${prose(html`<ul>${words.retry.will.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
          button({ label: words.retry.confirm, kind: 'primary' }),
          linkButton({ label: words.retry.cancel, href: path }),
        )}`,
      }),
    }),
  });
}

/** Asks what to send to oneself. */
export function testPage(
  view: Admin & {
    readonly kind: (typeof messageKinds)[number];
    /** What some provider carries. */
    readonly carried: readonly string[];
    readonly refused?: TestRefusal | undefined;
  },
): SafeHtml {
  const { frame, csrf, kind, carried, refused } = view;
  const { locale } = frame;
  const { test: words, title, retry } = wordsIn(locale);
  return adminPage(view, 'deliveries', {
    title: words.title,
    intro: words.intro,
    back: { href: deliveriesPath, label: title },
    error: refused !== undefined,
    body: html`${errorSummary({
      locale,
      errors: refused === undefined ? [] : [{ field: undefined, message: words.refused[refused] }],
    })}${card({
      body: form({
        action: testDeliveryPath,
        csrf,
        body: html`${radioTiles({
          locale,
          name: 'kind',
          legend: words.kind,
          value: kind,
          options: messageKinds
            .filter((each) => carried.includes(each))
            .map((each) => ({
              value: each,
              label: words.kinds[each],
              icon: icons[each],
            })),
        })}${actions(
          button({ label: words.confirm, kind: 'primary' }),
          linkButton({ label: retry.cancel, href: deliveriesPath }),
        )}`,
      }),
    })}`,
  });
}

const icons = {
  text: 'text-message',
  call: 'phone-call',
  mail: 'email',
  push: 'notification',
} as const;
