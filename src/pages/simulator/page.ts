/** Owns the page as a whole: who there is, their telephones, the mailbox, the network. */
import type { MessageKind } from '../../delivery/message.ts';
import type { ArrivedPush, ChannelFault } from '../../delivery/providers/simulator/network.ts';
import { html, type SafeHtml } from '../../lib/html.ts';
import { decodeBase32 } from '../../lib/otp/base32.ts';
import { totp } from '../../lib/otp/otp.ts';
import { linkButton } from '../../ui/components/button.ts';
import { card } from '../../ui/components/card.ts';
import { emptyState, facts } from '../../ui/components/list.ts';
import { qrPanel, secretDisplay } from '../../ui/components/secret.ts';
import { table } from '../../ui/components/table.ts';
import { portalPage, type PageFrame } from '../../ui/layout.ts';
import { mailboxView, type Mailbox } from './mailbox-view.ts';
import { networkView } from './network-view.ts';
import { pushView } from './push-view.ts';
import { phoneName, phoneView } from './phone-view.ts';
import type { Phone } from './phones.ts';
import type { SamplePerson } from './sample-person.ts';
import { pagePath, type View } from './view.ts';

export interface Scene {
  readonly phones: readonly Phone[];
  readonly mailbox: Mailbox;
  /** Oldest first. */
  readonly pushes: readonly ArrivedPush[];
  readonly faults: Readonly<Record<MessageKind, ChannelFault>>;
  /** What this state of things is called; another one looks different. */
  readonly seen: string;
  /** Where the page asks whether something changed. */
  readonly livePath: string;
}

/** The whole page. */
export function simulatorPage(frame: PageFrame, scene: Scene, view: View): SafeHtml {
  const { words, person } = view;
  return portalPage({
    ...frame,
    title: person === undefined ? words.title : `${words.heading}: ${person.displayName}`,
    heading: person === undefined ? words.heading : person.displayName,
    homeHref: '/simulator',
    navigation: navigation(view),
    intro: person === undefined ? words.intro : person.note[view.locale],
    actions: html`<noscript>${linkButton({ label: words.refresh, href: pagePath(view), icon: 'refresh' })}</noscript>`,
    body: html`<div class="simulator">${
      person === undefined ? undefined : account(person, view)
    }<live-simulator url="${scene.livePath}" seen="${scene.seen}">${liveParts(scene, view)}</live-simulator>${
      person === undefined ? everyone(view) : undefined
    }${card({
      id: 'network',
      heading: words.faults.heading,
      intro: words.faults.intro,
      body: networkView(scene.faults, view),
    })}</div>`,
  });
}

/** What changes while one looks: replaced part by part, each under its id. */
export function liveParts(scene: Scene, view: View): SafeHtml {
  const { words, person } = view;
  const { phones } = scene;
  const ringing = phones.filter(({ call }) => call?.call.phase === 'ringing');
  const shown =
    phones.length === 0
      ? html`<div id="no-phones" data-part>${emptyState({
          title: words.noPhones,
          icon: 'device',
          body: words.noPhonesBody,
        })}</div>`
      : phones.map((phone) => phoneView(phone, view));
  return html`<div id="app-codes" data-parts>${appCode(view)}</div><p class="ringing-now" id="ringing" role="status">${ringing.map(
    (phone) => html`<a href="#${phone.id}">${words.ringing(phoneName(phone, view))}</a>`,
  )}</p><section aria-labelledby="phones-heading"><h2 id="phones-heading">${words.phones}</h2><div class="phones" id="phones" data-parts>${shown}</div></section><section aria-labelledby="mailbox"><h2 id="mailbox" tabindex="-1">${
    person === undefined ? words.mailbox : words.mailboxOf(person.displayName)
  }</h2><div id="mailboxes" data-parts>${mailboxView(scene.mailbox, view)}</div></section>${card({
    id: 'pushes',
    heading: words.pushes.heading,
    intro: words.pushes.intro,
    body: html`<div id="push-lists" data-parts>${pushView(scene.pushes, view)}</div>`,
  })}`;
}

function navigation(view: View): Parameters<typeof portalPage>[0]['navigation'] {
  const { words, people, person } = view;
  const item = (
    label: string,
    other: SamplePerson | undefined,
  ): {
    readonly label: string;
    readonly href: string;
    readonly icon: 'people' | 'person';
    readonly current: boolean;
  } => ({
    label,
    href: pagePath({ person: other }),
    icon: other === undefined ? 'people' : 'person',
    current: other?.userPrincipalName === person?.userPrincipalName,
  });
  return [
    {
      heading: words.navigation.people,
      items: [
        item(words.navigation.everyone, undefined),
        ...people.map((other) => item(other.displayName, other)),
      ],
    },
    {
      heading: words.navigation.more,
      items: [
        {
          label: words.navigation.mailbox,
          href: pagePath(view, { anchor: 'mailbox' }),
          icon: 'email',
        },
        {
          label: words.navigation.pushes,
          href: pagePath(view, { anchor: 'pushes' }),
          icon: 'notification',
        },
        {
          label: words.navigation.faults,
          href: pagePath(view, { anchor: 'network' }),
          icon: 'settings',
        },
      ],
    },
  ];
}

function account(person: SamplePerson, view: View): SafeHtml {
  const words = view.words.account;
  return card({
    heading: words.heading(person.displayName),
    body: html`${facts([
      { term: words.userName, value: html`<code>${person.userPrincipalName}</code>` },
    ])}${secretDisplay({
      locale: view.locale,
      label: words.password,
      value: person.password,
      groupOf: 0,
      size: 'normal',
    })}${person.app === undefined ? undefined : authenticatorApp(person.app, view)}`,
  });
}

/** For an app of one's own: it then shows this person's codes. */
function authenticatorApp(app: NonNullable<SamplePerson['app']>, view: View): SafeHtml {
  const words = view.words.account.app;
  return qrPanel({
    text: app.address,
    label: words.qr,
    body: [
      html`<p>${words.scan}</p>`,
      secretDisplay({ locale: view.locale, label: words.key, value: app.key, size: 'normal' }),
    ],
  });
}

/** For whoever has no app at hand: what this person's app shows now. */
function appCode({ person, words, now, locale }: View): SafeHtml | undefined {
  const key = person?.app === undefined ? null : decodeBase32(person.app.key);
  if (key === null) return undefined;
  const { code, hint } = words.account.app;
  return html`<div id="app-code" data-part>${card({
    body: html`${secretDisplay({
      locale,
      label: code,
      value: totp(key, now.getTime() / 1000),
      groupOf: 3,
    })}<p class="hint">${hint}</p>`,
  })}</div>`;
}

function everyone(view: View): SafeHtml {
  const { words, people } = view;
  return html`<section class="section"><h2>${words.navigation.people}</h2>${table({
    locale: view.locale,
    caption: words.navigation.people,
    captionHidden: true,
    columns: [
      { label: words.account.userName },
      { label: words.account.password },
      { label: words.account.note },
    ],
    rows: people.map((person) => [
      html`<a href="${pagePath({ person })}">${person.userPrincipalName}</a>`,
      html`<code>${person.password}</code>`,
      person.note[view.locale],
    ]),
  })}</section>`;
}
