/** Owns how trusted devices look: the list, and the question before all are ended. */
import { formatDate } from '../../../i18n/format.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { OwnDevice, OwnDevices } from '../../../own-account/trusted-devices.ts';
import { deviceName } from '../../../signin/device-name.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { badge, emptyState, itemList, type ListItem } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { ownPage, type Own } from '../portal.ts';
import { trustedDevicesPath } from './path.ts';
import { wordsIn } from './words.ts';

export interface ListView extends Own {
  readonly own: OwnDevices;
  readonly now: Date;
  /** What was just done here. */
  readonly done: 'ended' | 'all-ended' | 'gone' | undefined;
}

/** All of them, this one marked; where there is none, how one gets here. */
export function listPage(view: ListView): SafeHtml {
  const { own, done } = view;
  const { locale } = view.frame;
  const words = wordsIn(locale);
  const told =
    done === undefined
      ? undefined
      : notice({
          locale,
          kind: done === 'gone' ? 'warning' : 'success',
          announce: true,
          body: words.done[done],
        });
  return ownPage(view, 'trustedDevices', {
    title: words.title,
    intro: words.intro,
    body: html`${told}${own.devices.length === 0 ? nothing(view) : devicesCard(view)}`,
  });
}

/** Asks before all are ended: everybody at home would be asked again. */
export function endAllPage(view: Own, count: number): SafeHtml {
  const { frame, csrf } = view;
  const words = wordsIn(frame.locale);
  return ownPage(view, 'trustedDevices', {
    title: words.endAll.title,
    back: { href: trustedDevicesPath, label: words.back },
    body: form({
      action: `${trustedDevicesPath}/end-all`,
      csrf,
      body: html`<p>${words.endAll.body(count)}</p>${actions(
        button({ label: words.endAll.confirm, kind: 'danger' }),
        link({ label: words.cancel, href: trustedDevicesPath }),
      )}`,
    }),
  });
}

function nothing({ own, frame }: ListView): SafeHtml {
  const words = wordsIn(frame.locale).none;
  return card({
    body: emptyState({
      title: words.title,
      icon: 'device',
      body: own.mayTrust ? words.allowed(own.days) : words.notAllowed,
    }),
  });
}

function devicesCard(view: ListView): SafeHtml {
  const { own, frame } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  return card({
    heading: words.list.heading,
    body: [
      ...(own.mayTrust ? [] : [notice({ locale, kind: 'info', body: words.suspended })]),
      itemList(own.devices.map((device) => itemOf(view, device))),
      actions(linkButton({ label: words.list.endAll, href: `${trustedDevicesPath}/end-all` })),
    ],
  });
}

function itemOf({ frame, csrf, now }: ListView, device: OwnDevice): ListItem {
  const { locale } = frame;
  const words = wordsIn(locale).list;
  const { createdAt, lastUsedAt, expiresAt, address } = device;
  const name = deviceName(device.userAgent, locale);
  return {
    icon: 'device',
    title: name,
    badge: device.isThisOne ? badge(words.thisOne, 'brand') : undefined,
    detail: html`<p>${words.since} ${timeAgo({ locale, at: createdAt, now })} · ${words.until} ${formatDate(
      expiresAt,
      locale,
    )}</p><p>${words.used} ${timeAgo({ locale, at: lastUsedAt, now })} ${words.from} ${address}</p>`,
    actions: [
      form({
        action: `${trustedDevicesPath}/end`,
        csrf,
        inline: true,
        hidden: { device: device.id },
        body: button({ label: words.end, compact: true, about: name }),
      }),
    ],
  };
}
