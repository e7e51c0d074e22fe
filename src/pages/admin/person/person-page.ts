/** Owns how one person looks to those in charge: who they are, what they have, what happened. */
import { refusalOf, type AdminAct, type Allowance } from '../../../accounts/administering.ts';
import type { PasswordElsewhere } from '../../../accounts/upstream/passwords.ts';
import { isBlocked, type User } from '../../../accounts/user.ts';
import type { AppPassword } from '../../../app-passwords/app-password.ts';
import type { ChainedEvent } from '../../../audit/audit-event.ts';
import type { SignInEvent } from '../../../audit/sign-in-event.ts';
import { formatDateTime } from '../../../i18n/format.ts';
import { localeNames } from '../../../i18n/locale.ts';
import { html, joinHtml, type SafeHtml } from '../../../lib/html.ts';
import { formatInternational } from '../../../lib/phone-number.ts';
import type { Methods } from '../../../methods/method.ts';
import type { Registration } from '../../../registrations/registration.ts';
import type { Session } from '../../../sessions/session.ts';
import type { TrustedDevice } from '../../../sessions/trusted-device.ts';
import { deviceName } from '../../../signin/device-name.ts';
import { actions, link, linkButton } from '../../../ui/components/button.ts';
import { card } from '../../../ui/components/card.ts';
import { badge, emptyState, facts, itemList, type Fact } from '../../../ui/components/list.ts';
import { notice } from '../../../ui/components/notice.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { isIconName } from '../../../ui/icons.ts';
import type { Named } from '../../my-profile/recent-sign-ins/views.ts';
import { securityInfoPath } from '../../my-profile/security-info/path.ts';
import { linkAccountPath } from '../directory/path.ts';
import { personPath, usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { stateBadge } from '../users/list-page.ts';
import { wordsIn } from '../words.ts';
import type { ActId } from './act-page.ts';
import type { Done } from './done.ts';
import { historyTable, signInTable } from './log-pages.ts';

export interface PersonView extends Admin {
  readonly user: User;
  /** What the organisation lets the roles do beyond the table. */
  readonly allowance: Allowance;
  /** Where the password is changed, where that is not here. */
  readonly passwordElsewhere: PasswordElsewhere | undefined;
  readonly now: Date;
  readonly registrations: readonly Registration[];
  readonly appPasswords: readonly AppPassword[];
  readonly devices: readonly TrustedDevice[];
  readonly sessions: readonly Session[];
  readonly events: readonly SignInEvent[];
  readonly history: readonly ChainedEvent[];
  readonly methods: Methods;
  readonly names: Named;
  /** The name of whoever acted, where it is another account. */
  readonly nameOf: (actor: string) => string | undefined;
  readonly done: Done | undefined;
}

/** Everything that is known of a person, and what can be done for them. */
export function personPage(view: PersonView): SafeHtml {
  const { user, frame, events, history, names, nameOf } = view;
  const { locale } = frame;
  const { person } = wordsIn(locale);
  const path = personPath(user.id);
  return adminPage(view, 'users', {
    title: user.displayName,
    intro: user.userPrincipalName,
    back: { href: usersPath, label: person.back },
    body: html`${told(view)}${standing(view)}${helpCard(view)}${profileCard(view)}${methodsCard(view)}${card(
      {
        heading: person.signIns,
        action:
          events.length === 0
            ? undefined
            : link({ label: person.signInsAll, href: `${path}/sign-ins` }),
        body: signInTable(view, events, names),
      },
    )}${appPasswordsCard(view)}${devicesCard(view)}${sessionsCard(view)}${card({
      heading: person.history,
      action:
        history.length === 0
          ? undefined
          : link({ label: person.historyAll, href: `${path}/history` }),
      body: historyTable(view, user, history, nameOf, names),
    })}`,
  });
}

function may({ current, user, allowance }: PersonView, act: AdminAct): boolean {
  return refusalOf(current.user, act, user, allowance) === undefined;
}

function told({ frame, done }: PersonView): SafeHtml | undefined {
  if (done === undefined) return undefined;
  const { locale } = frame;
  const words = wordsIn(locale);
  const title =
    done === 'nothing'
      ? words.act.nothing
      : done === 'contact'
        ? words.contact.done
        : words.acts[done].done;
  const kind = done === 'nothing' ? 'info' : 'success';
  return notice({ locale, kind, title, announce: true });
}

/** What stops this account, and what stops whoever looks at it. */
function standing(view: PersonView): SafeHtml {
  const { user, now, frame, current } = view;
  const { locale } = frame;
  const { person } = wordsIn(locale);
  const { blocked } = user;
  const until =
    blocked?.until === undefined
      ? person.blockedOpen
      : person.blockedUntil(formatDateTime(blocked.until, locale));
  const why = blocked?.reason === 'fraud-reported' ? person.fraud : (blocked?.reason ?? '');
  const refusal = refusalOf(current.user, 'revoke-sessions', user);
  return html`${
    user.accountEnabled
      ? undefined
      : notice({ locale, kind: 'error', title: person.offTitle, body: person.offBody })
  }${
    isBlocked(user, now)
      ? notice({
          locale,
          kind: 'error',
          title: person.blockedTitle,
          body: `${person.reason(why)}. ${until}`,
        })
      : undefined
  }${
    refusal === 'self'
      ? notice({
          locale,
          kind: 'info',
          body: html`<p>${person.you} ${link({ label: person.securityInfo, href: securityInfoPath })}</p>`,
        })
      : refusal === 'above'
        ? notice({ locale, kind: 'info', body: person.above })
        : undefined
  }`;
}

/** What makes sense for this account now, among what this role may do for it. */
function helpCard(view: PersonView): SafeHtml | undefined {
  const { user, now, frame, appPasswords } = view;
  const { acts, person } = wordsIn(frame.locale);
  const isStopped = isBlocked(user, now);
  // What the organisation's directory owns is done there.
  const isOurs = user.upstream === undefined;
  const offered: readonly (readonly [ActId, AdminAct, boolean])[] = [
    // Nothing else helps before that.
    ['unblock', 'unblock', isStopped],
    ['pass', 'issue-pass', true],
    ['re-register', 're-register', true],
    ['password', 'set-password', isOurs],
    ['revoke-sessions', 'revoke-sessions', true],
    ['delete-app-passwords', 'delete-app-passwords', appPasswords.length > 0],
    ['block', 'block', !isStopped],
    ['switch-off', 'switch-account', isOurs && user.accountEnabled],
    ['switch-on', 'switch-account', isOurs && !user.accountEnabled],
    ['remove', 'delete-account', true],
  ];
  const shown = offered.filter(([, act, fits]) => fits && may(view, act));
  if (shown.length === 0) return undefined;
  return card({
    heading: person.help,
    intro: person.helpIntro,
    body: actions(
      ...shown.map(([id]) =>
        linkButton({ label: acts[id].label, href: `${personPath(user.id)}/${id}` }),
      ),
    ),
  });
}

function profileCard(view: PersonView): SafeHtml {
  const { user, frame } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { person } = words;
  const { mobilePhone, businessPhone, businessPhoneExtension } = user;
  const path = personPath(user.id);
  const change = (about: string, act: ActId | 'rename'): SafeHtml =>
    linkButton({ label: person.change, about, href: `${path}/${act}`, compact: true });
  const mayRename = user.upstream === undefined && may(view, 'rename');
  const list: readonly Fact[] = [
    { term: person.name, value: user.displayName },
    ...directoryFact(view),
    {
      term: person.userName,
      value: user.userPrincipalName,
      action: mayRename ? change(person.userName, 'rename') : undefined,
    },
    {
      term: person.role,
      value: words.roles[user.role],
      action: may(view, 'change-role') ? change(person.role, 'role') : undefined,
    },
    {
      term: person.groups,
      value: user.groups.length === 0 ? '–' : user.groups.join(', '),
      action: may(view, 'change-groups') ? change(person.groups, 'groups') : undefined,
    },
    {
      term: person.state,
      value: stateBadge(user.perUserMfaState, locale),
      action: may(view, 'set-state') ? change(person.state, 'state') : undefined,
    },
    {
      term: person.mail,
      value: user.mail ?? '–',
      action: mayRename ? change(person.mail, 'rename') : undefined,
    },
    { term: person.otherMail, value: user.otherMail ?? '–' },
    {
      term: person.mobilePhone,
      value: mobilePhone === undefined ? '–' : formatInternational(mobilePhone),
    },
    {
      term: person.businessPhone,
      value:
        businessPhone === undefined
          ? '–'
          : formatInternational(businessPhone, businessPhoneExtension),
    },
    {
      term: person.language,
      value:
        user.preferredLanguage === undefined
          ? person.languageDefault
          : localeNames[user.preferredLanguage],
    },
  ];
  return card({
    heading: person.profile,
    action: may(view, 'change-contact')
      ? linkButton({
          label: person.edit,
          about: person.profile,
          href: `${path}/edit`,
          compact: true,
        })
      : undefined,
    body: facts(list),
  });
}

/** Which entry of the organisation's directory this is, and what follows; nothing for an account that was made here. */
function directoryFact(view: PersonView): readonly Fact[] {
  const { user, frame } = view;
  const { person } = wordsIn(frame.locale);
  if (user.upstream === undefined) return [];
  return [
    {
      term: person.directory,
      value: html`${user.upstream.dn}<div class="hint">${person.inDirectory}</div>`,
      action: may(view, 'link-account')
        ? linkButton({
            label: person.takeBack,
            about: person.directory,
            href: linkAccountPath(user.id),
            compact: true,
          })
        : undefined,
    },
    { term: person.password, value: passwordTold(view) },
  ];
}

/** Where the password of an account of the directory is changed: the help desk is asked for it first. */
function passwordTold({ passwordElsewhere, frame }: PersonView): SafeHtml {
  const { locale } = frame;
  const { kept, byOwner, there, ask, open } = wordsIn(locale).person.passwordOf;
  if (passwordElsewhere === undefined) return html`${kept}<div class="hint">${byOwner}</div>`;
  const { url } = passwordElsewhere;
  return html`${kept}<div class="hint">${
    url === undefined ? ask : html`${there} ${link({ label: open, href: url, external: locale })}`
  }</div>`;
}

function methodsCard(view: PersonView): SafeHtml {
  const { user, registrations, methods, frame, now } = view;
  const { locale } = frame;
  const { person, acts } = wordsIn(locale);
  const ago = (at: Date): SafeHtml => timeAgo({ locale, at, now });
  return card({
    heading: person.methods,
    action: may(view, 'set-phone')
      ? linkButton({
          label: acts.phone.label,
          href: `${personPath(user.id)}/phone`,
          icon: 'add',
          compact: true,
        })
      : undefined,
    body:
      registrations.length === 0
        ? emptyState({
            icon: 'shield',
            title: person.methodsNone,
            body: user.perUserMfaState === 'disabled' ? undefined : person.methodsNoneBody,
          })
        : itemList(
            registrations.flatMap((registration) => {
              const kind = methods.kind(registration.kind);
              if (kind === undefined) return [];
              const { id, secret, createdAt, lastUsedAt, suspendedAt } = registration;
              const name = kind.name(secret, locale);
              const detail = kind.detail(secret, locale);
              const isDefault = user.defaultMethod?.registrationId === id;
              const about = detail === '' ? name : `${name}, ${detail}`;
              return [
                {
                  icon: isIconName(kind.icon) ? kind.icon : undefined,
                  title: name,
                  badge: html`${isDefault ? badge(person.isDefault, 'brand') : undefined} ${
                    suspendedAt === undefined ? undefined : badge(person.suspended, 'warning')
                  }`,
                  detail: joinHtml(
                    [
                      ...(detail === '' ? [] : [html`${detail}`]),
                      html`${person.since} ${ago(createdAt)}`,
                      lastUsedAt === undefined
                        ? html`${person.neverUsed}`
                        : html`${person.used} ${ago(lastUsedAt)}`,
                    ],
                    ' · ',
                  ),
                  actions: may(view, 'remove-method')
                    ? [
                        linkButton({
                          label: person.remove,
                          about,
                          href: `${personPath(user.id)}/methods/${id}`,
                          compact: true,
                        }),
                      ]
                    : [],
                },
              ];
            }),
          ),
  });
}

function appPasswordsCard({ appPasswords, frame, now }: PersonView): SafeHtml {
  const { locale } = frame;
  const { person } = wordsIn(locale);
  const ago = (at: Date): SafeHtml => timeAgo({ locale, at, now });
  return card({
    heading: person.appPasswords,
    body:
      appPasswords.length === 0
        ? html`<p class="hint">${person.appPasswordsNone}</p>`
        : itemList(
            appPasswords.map(({ name, createdAt, lastUse }) => ({
              icon: 'app-password',
              title: name,
              detail: html`${person.made} ${ago(createdAt)} · ${
                lastUse === undefined
                  ? person.neverUsed
                  : html`${person.used} ${ago(lastUse.at)} (${lastUse.address})`
              }`,
            })),
          ),
  });
}

function devicesCard({ devices, frame, now }: PersonView): SafeHtml {
  const { locale } = frame;
  const { person } = wordsIn(locale);
  return card({
    heading: person.devices,
    body:
      devices.length === 0
        ? html`<p class="hint">${person.devicesNone}</p>`
        : itemList(
            devices.map(({ userAgent, address, createdAt, lastUsedAt }) => ({
              icon: 'device',
              title: deviceName(userAgent, locale),
              detail: html`${address} · ${person.trusted} ${timeAgo({ locale, at: createdAt, now })} · ${person.used} ${timeAgo(
                { locale, at: lastUsedAt, now },
              )}`,
            })),
          ),
  });
}

function sessionsCard({ sessions, frame, now }: PersonView): SafeHtml {
  const { locale } = frame;
  const { person } = wordsIn(locale);
  return card({
    heading: person.sessions,
    body:
      sessions.length === 0
        ? html`<p class="hint">${person.sessionsNone}</p>`
        : itemList(
            sessions.map(({ userAgent, address, createdAt, lastSeenAt }) => ({
              icon: 'globe',
              title: deviceName(userAgent, locale),
              detail: html`${address} · ${person.sessionSince} ${timeAgo({ locale, at: createdAt, now })} · ${person.seen} ${timeAgo(
                { locale, at: lastSeenAt, now },
              )}`,
            })),
          ),
  });
}
