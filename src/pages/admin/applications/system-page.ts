/** Owns how one application or client looks: what to type there, how it is tried, what can be done with it. */
import { mayAct } from '../../../accounts/administering.ts';
import type { ShownApplication } from '../../../applications/applications.ts';
import type { ShownRadiusClient } from '../../../applications/radius-clients.ts';
import type { ShownLdapClient } from '../../../applications/ldap-clients.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import { actions, button, linkButton } from '../../../ui/components/button.ts';
import { card, prose } from '../../../ui/components/card.ts';
import { form } from '../../../ui/components/form.ts';
import { facts, type Fact } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { auditLogPath, signInLogPath, withFields } from '../logs/path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn as adminWordsIn } from '../words.ts';
import { requiredWord } from './list-page.ts';
import { applicationPath, applicationsPath, ldapClientPath, radiusClientPath } from './path.ts';
import { wordsIn } from './words.ts';

/** Where this installation answers, for whoever types it into another system. */
export interface OwnDoors {
  readonly origin: string;
  /** Undefined where a door is closed. */
  readonly radiusPort: number | undefined;
  readonly ldapPort: number | undefined;
  readonly ldapsPort: number | undefined;
}

/** What is looked at. */
export type System =
  | { readonly kind: 'app'; readonly application: ShownApplication }
  | { readonly kind: 'radius'; readonly client: ShownRadiusClient }
  | {
      readonly kind: 'ldap';
      readonly client: ShownLdapClient;
      readonly bindDn: string;
      readonly baseDn: string;
    };

export interface SystemView extends Admin {
  readonly system: System;
  readonly doors: OwnDoors;
  readonly strengths: Readonly<Record<string, string>>;
  readonly now: Date;
  readonly isChanged: boolean;
}

export function nameOf(system: System): string {
  return system.kind === 'app' ? system.application.name : system.client.name;
}

export function pathOf(system: System): string {
  switch (system.kind) {
    case 'app':
      return applicationPath(system.application.clientId);
    case 'radius':
      return radiusClientPath(system.client.id);
    case 'ldap':
      return ldapClientPath(system.client.name);
  }
}

/** What can be done with it: an LDAP client has nothing to change, and only an application another secret. */
export function actsOn(system: System): readonly ('edit' | 'renew' | 'remove')[] {
  if (system.kind !== 'app') return ['remove'];
  const { role, isPublic } = system.application;
  const isForPeople = role === undefined;
  return [
    ...(isForPeople ? (['edit'] as const) : []),
    ...(isPublic ? [] : (['renew'] as const)),
    'remove',
  ];
}

/** The page of one. */
export function systemPage(view: SystemView): SafeHtml {
  const { frame, system, current, isChanged } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const may = mayAct(current.user.role, 'change-applications');
  const isClosed = doorIsClosed(view);
  return adminPage(view, 'applications', {
    title: nameOf(system),
    back: { href: applicationsPath, label: words.back },
    body: html`${
      isChanged
        ? notice({ locale, kind: 'success', body: words.done.changed, announce: true })
        : undefined
    }${
      isClosed ? notice({ locale, kind: 'warning', body: words.page.closed }) : undefined
    }${card({ heading: words.page.tell, body: facts(toType(view)) })}${card({
      body: html`${facts(known(view))}${
        may
          ? actions(
              ...actsOn(system).map((act) =>
                linkButton({ label: words.page[act], href: `${pathOf(system)}/${act}` }),
              ),
            )
          : undefined
      }`,
    })}${
      mayAct(current.user.role, 'see-logs')
        ? card({
            heading: words.page.test,
            intro: words.page.testIntro,
            body: actions(follow(view)),
          })
        : undefined
    }`,
  });
}

function doorIsClosed({ system, doors }: SystemView): boolean {
  if (system.kind === 'radius') return doors.radiusPort === undefined;
  return system.kind === 'ldap' && (doors.ldapPort ?? doors.ldapsPort) === undefined;
}

function toType({ frame, system, doors }: SystemView): readonly Fact[] {
  const { page: words } = wordsIn(frame.locale);
  const host = new URL(doors.origin).hostname;
  const code = (text: string): SafeHtml => html`<code>${text}</code>`;
  const port = (term: string, value: number | undefined): readonly Fact[] =>
    value === undefined ? [] : [{ term, value: code(String(value)) }];
  switch (system.kind) {
    case 'app': {
      const { clientId, role } = system.application;
      return role === undefined
        ? [
            { term: words.issuer, value: code(doors.origin) },
            {
              term: words.discovery,
              value: code(`${doors.origin}/.well-known/openid-configuration`),
            },
            { term: words.clientId, value: code(clientId) },
          ]
        : [
            { term: words.tokenAddress, value: code(`${doors.origin}/oidc/token`) },
            { term: words.grant, value: code('client_credentials') },
            { term: words.clientId, value: code(clientId) },
          ];
    }
    case 'radius':
      return [{ term: words.server, value: code(host) }, ...port(words.port, doors.radiusPort)];
    case 'ldap':
      return [
        { term: words.server, value: code(host) },
        ...port(words.encrypted, doors.ldapsPort),
        ...port(words.port, doors.ldapPort),
        { term: words.baseDn, value: code(system.baseDn) },
        { term: words.bindDn, value: code(system.bindDn) },
      ];
  }
}

function known(view: SystemView): readonly Fact[] {
  const { frame, system, now } = view;
  const { locale } = frame;
  const { page: words, modes } = wordsIn(locale);
  const lines = (all: readonly string[]): SafeHtml | string =>
    all.length === 0 ? '–' : html`${all.map((each) => html`<div><code>${each}</code></div>`)}`;
  const { createdAt } = system.kind === 'app' ? system.application : system.client;
  const added = { term: words.added, value: timeAgo({ locale, at: createdAt, now }) };
  switch (system.kind) {
    case 'app': {
      const { application } = system;
      const { role } = application;
      if (role !== undefined) {
        return [
          { term: words.role, value: wordFor(adminWordsIn(locale).roles, role, role) },
          added,
        ];
      }
      return [
        { term: words.requires, value: requiredWord(view, application.required) },
        { term: words.kind, value: application.isPublic ? words.public : words.confidential },
        { term: words.redirectUris, value: lines(application.redirectUris) },
        { term: words.postLogoutRedirectUris, value: lines(application.postLogoutRedirectUris) },
        { term: words.backchannelLogoutUri, value: application.backchannelLogoutUri ?? '–' },
        added,
      ];
    }
    case 'radius':
      return [
        { term: words.mode, value: modes[system.client.mode] },
        { term: words.from, value: lines(system.client.addresses) },
        { term: words.signs, value: system.client.signs ? words.yes : words.no },
        added,
      ];
    case 'ldap':
      return [added];
  }
}

/** The log that shows by itself what reaches us from there. */
function follow({ frame, system }: SystemView): SafeHtml {
  const { page: words } = wordsIn(frame.locale);
  const isForPeople = system.kind === 'app' && system.application.role === undefined;
  return isForPeople
    ? linkButton({
        label: words.follow,
        href: withFields(signInLogPath, {
          application: system.application.clientId,
          follow: '1',
        }),
      })
    : linkButton({ label: words.followAudit, href: withFields(auditLogPath, { follow: '1' }) });
}

/** Says what will happen, and asks. */
export function systemActPage(
  view: Admin & { readonly system: System; readonly act: 'renew' | 'remove' },
): SafeHtml {
  const { frame, csrf, system, act } = view;
  const words = wordsIn(frame.locale);
  const { title, will, confirm } = words.acts[act];
  const path = pathOf(system);
  return adminPage(view, 'applications', {
    title: title(nameOf(system)),
    back: { href: path, label: nameOf(system) },
    body: card({
      body: form({
        action: `${path}/${act}`,
        csrf,
        body: html`${prose(html`<ul>${will.map((each) => html`<li>${each}</li>`)}</ul>`)}${actions(
          button({ label: confirm, kind: 'danger' }),
          linkButton({ label: words.cancel, href: path }),
        )}`,
      }),
    }),
  });
}
