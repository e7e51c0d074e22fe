/** Owns how the list of people looks. */
import { mayAct } from '../../../accounts/administering.ts';
import { isBlocked, roles, type PerUserMfaState, type User } from '../../../accounts/user.ts';
import { html, type SafeHtml } from '../../../lib/html.ts';
import type { Methods } from '../../../methods/method.ts';
import { actions, button, link, linkButton } from '../../../ui/components/button.ts';
import { card, details, detailsRow } from '../../../ui/components/card.ts';
import { checkAll, checkbox } from '../../../ui/components/choice.ts';
import { field, selectField } from '../../../ui/components/field.ts';
import { asYouType, fieldRow, fieldset, form } from '../../../ui/components/form.ts';
import { badge, emptyState } from '../../../ui/components/list.ts';
import { errorSummary, notice } from '../../../ui/components/notice.ts';
import { table, type Cell } from '../../../ui/components/table.ts';
import { timeAgo } from '../../../ui/components/time.ts';
import { jobsPath } from '../jobs/path.ts';
import { groupsPath, newUserPath, personPath, usersPath } from '../path.ts';
import { adminPage, type Admin } from '../portal.ts';
import { wordFor, wordsIn } from '../words.ts';
import { furtherColumns, type Asked } from './asked.ts';
import { actOfMany, manyIds } from './many.ts';

export interface Listed {
  readonly user: User;
  readonly kinds: readonly string[];
  readonly lastSignIn: Date | undefined;
}

export interface ListView extends Admin {
  readonly asked: Asked;
  readonly people: readonly Listed[];
  /** After whom the next page begins; undefined on the last. */
  readonly next: string | undefined;
  readonly now: Date;
  readonly methods: Methods;
}

/** A state, in the tone that it has everywhere. */
export function stateBadge(state: PerUserMfaState, locale: Admin['frame']['locale']): SafeHtml {
  const tones = { disabled: 'neutral', enabled: 'warning', enforced: 'success' } as const;
  return badge(wordsIn(locale).states[state], tones[state]);
}

/** The page of people, with what narrows it down and what can be done with those selected. */
export function listPage(view: ListView): SafeHtml {
  const { frame, people, asked, next } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const isNarrowed = asked.text !== '' || isFiltered(asked);
  const [first] = people;
  const ways = [
    asked.after === undefined
      ? undefined
      : linkButton({ label: words.users.first, href: listHref({ ...asked, after: undefined }) }),
    next === undefined
      ? undefined
      : linkButton({ label: words.users.next, href: listHref({ ...asked, after: next }) }),
  ].filter((each) => each !== undefined);
  const noneSelected =
    asked.none === undefined
      ? undefined
      : errorSummary({
          locale,
          errors: [
            {
              message: words.users.noneSelected,
              field: first === undefined ? undefined : boxId(first.user),
            },
          ],
        });
  const removed =
    asked.removed === undefined
      ? undefined
      : notice({ locale, kind: 'success', title: words.acts.remove.done, announce: true });
  return adminPage(view, 'users', {
    title: words.users.title,
    intro: words.users.intro,
    actions: mayAct(view.current.user.role, 'add-people')
      ? linkButton({ label: words.users.add, href: newUserPath, icon: 'add' })
      : undefined,
    error: asked.none !== undefined,
    body: html`${noneSelected}${removed}${asYouType({ part: listId, form: searchForm(view) })}<div class="stack" id="${listId}">${
      people.length === 0
        ? card({
            body: emptyState({
              icon: 'people',
              title: words.users.none,
              body: words.users.noneBody,
              action: isNarrowed
                ? linkButton({ label: words.users.everybody, href: usersPath })
                : undefined,
            }),
          })
        : peopleForm(view)
    }${ways.length === 0 ? undefined : actions(...ways)}${filesCard(view)}</div>`,
  });
}

function searchForm({ frame, asked, methods }: ListView): SafeHtml {
  const { locale } = frame;
  const { users, states, kinds, roles: named } = wordsIn(locale);
  const any = { value: '', label: users.any };
  const select = (
    name: 'state' | 'standing' | 'kind' | 'role',
    options: readonly { readonly value: string; readonly label: string }[],
  ): SafeHtml =>
    selectField({
      locale,
      name,
      label: users[name],
      mayBeEmpty: true,
      value: asked[name] ?? '',
      options: [any, ...options],
    });
  return form({
    action: usersPath,
    csrf: undefined,
    method: 'get',
    body: html`${field({
      locale,
      name: 'text',
      type: 'search',
      label: users.search,
      hint: users.searchHint,
      mayBeEmpty: true,
      value: asked.text,
      maxlength: 113,
    })}${detailsRow(
      details({
        summary: users.filter,
        open: isFiltered(asked),
        body: html`${fieldRow(
          select(
            'state',
            (['disabled', 'enabled', 'enforced'] as const).map((value) => ({
              value,
              label: states[value],
            })),
          ),
          select(
            'standing',
            (['blocked', 'off', 'never'] as const).map((value) => ({
              value,
              label: users.standings[value],
            })),
          ),
        )}${fieldRow(
          select(
            'kind',
            methods.kinds.map(({ id }) => ({ value: id, label: wordFor(kinds, id, kinds.other) })),
          ),
          select(
            'role',
            roles.map((value) => ({ value, label: named[value] })),
          ),
        )}${field({
          locale,
          name: 'group',
          label: users.group,
          hint: users.groupHint,
          mayBeEmpty: true,
          value: asked.group ?? '',
          width: 'medium',
          maxlength: 200,
        })}${link({ label: users.toGroups, href: groupsPath })}`,
      }),
      details({
        summary: users.moreColumns,
        open: furtherColumns.some((name) => asked[`c-${name}`] !== undefined),
        body: fieldset({
          legend: users.moreColumnsLegend,
          body: furtherColumns.map((name) =>
            checkbox({
              name: `c-${name}`,
              label: users.columns[name],
              checked: asked[`c-${name}`] !== undefined,
            }),
          ),
        }),
      }),
    )}${actions(button({ label: users.show, kind: 'primary', icon: 'search' }))}`,
  });
}

/** The people with a box each; every quick step is a button that goes to its own page. */
function peopleForm(view: ListView): SafeHtml {
  const { frame, people, now, current, asked, next } = view;
  const { locale } = frame;
  const words = wordsIn(locale);
  const { columns } = words.users;
  const open = manyIds.filter((id) => mayAct(current.user.role, actOfMany(id)));
  const withBoxes = open.length > 0;
  const further = furtherColumns.filter((name) => asked[`c-${name}`] !== undefined);
  const rows = people.map(({ user, kinds, lastSignIn }) => [
    ...(withBoxes
      ? [
          checkbox({
            name: `p-${user.id}`,
            id: boxId(user),
            label: words.users.select(user.displayName),
            labelHidden: true,
            checked: asked.all !== undefined,
          }),
        ]
      : []),
    html`<div><p>${link({ label: user.displayName, href: personPath(user.id) })}</p><p class="hint">${user.userPrincipalName}</p></div>`,
    html`<div>${stateBadge(user.perUserMfaState, locale)}${standing(user, now, locale)}</div>`,
    kinds.length === 0
      ? words.users.nothingRegistered
      : kinds.map((id) => wordFor(words.kinds, id, words.kinds.other)).join(', '),
    lastSignIn === undefined ? words.users.never : timeAgo({ locale, at: lastSignIn, now }),
    ...further.map((name) => furtherCell(name, user, view)),
  ]);
  const head = html`<div class="list-head"><p data-said>${words.users.shown(people.length, {
    hasMore: next !== undefined,
    isFirst: asked.after === undefined,
  })}</p>${
    withBoxes
      ? html`${checkAll({
          label: words.users.selectAll,
          href: listHref(asked, { all: true }),
        })}${link({ label: words.users.toQuick, href: `#${quickId}` })}`
      : undefined
  }</div>`;
  const drawn = card({
    body: html`${head}${table({
      locale,
      caption: words.users.title,
      captionHidden: true,
      rowHeader: withBoxes ? 1 : 0,
      columns: [
        ...(withBoxes ? [{ label: columns.select, labelHidden: true }] : []),
        { label: columns.name },
        { label: columns.state },
        { label: columns.methods },
        { label: columns.last },
        ...further.map((name) => ({ label: columns[name] })),
      ],
      rows,
    })}`,
  });
  if (!withBoxes) return drawn;
  return form({
    action: `${usersPath}/quick/${open[0] ?? ''}`,
    csrf: undefined,
    method: 'get',
    // What was searched for goes along, so that Cancel leads back to it.
    hidden: asIn(asked),
    body: html`${drawn}${card({
      id: quickId,
      heading: words.users.quick,
      body: html`${
        next === undefined && asked.after === undefined
          ? undefined
          : checkbox({
              name: 'everybody',
              label: words.users.everyone,
              hint: words.users.everyoneHint,
              alone: true,
            })
      }${actions(
        ...open.map((id) =>
          button({
            label: words.steps[id].button,
            formaction: `${usersPath}/quick/${id}`,
          }),
        ),
      )}`,
    })}`,
  });
}

/** Where people come from files and go into one. */
function filesCard({ frame, current, asked }: ListView): SafeHtml {
  const { users } = wordsIn(frame.locale);
  const { role } = current.user;
  return card({
    heading: users.files,
    body: actions(
      mayAct(role, 'add-people') &&
        linkButton({ label: users.toImport, href: `${usersPath}/import` }),
      mayAct(role, 'set-state') &&
        linkButton({ label: users.toStates, href: `${usersPath}/states` }),
      mayAct(role, 'export-people') &&
        linkButton({
          label: users.toExport,
          href: listHref({ ...asked, after: undefined }).replace(usersPath, `${usersPath}/export`),
          icon: 'download',
        }),
      linkButton({ label: users.toJobs, href: jobsPath }),
    ),
  });
}

function furtherCell(
  name: (typeof furtherColumns)[number],
  user: User,
  { frame, now }: ListView,
): Cell {
  const { locale } = frame;
  switch (name) {
    case 'role':
      return wordsIn(locale).roles[user.role];
    case 'groups':
      return user.groups.join(', ');
    case 'mail':
      return html`<span class="long-text">${user.mail ?? '–'}</span>`;
    case 'added':
      return timeAgo({ locale, at: user.createdAt, now });
  }
}

function standing(user: User, now: Date, locale: Admin['frame']['locale']): SafeHtml | undefined {
  const words = wordsIn(locale);
  if (!user.accountEnabled) return html` ${badge(words.off, 'error')}`;
  return isBlocked(user, now) ? html` ${badge(words.blocked, 'error')}` : undefined;
}

function boxId({ id }: User): string {
  return `select-${id}`;
}

/** The address of the list as it was asked for; `all`: with everybody on the page selected. */
export function listHref(asked: Asked, { all = false }: { readonly all?: boolean } = {}): string {
  const typed = new URLSearchParams({ ...asIn(asked), ...(all ? { all: '1' } : {}) }).toString();
  return typed === '' ? usersPath : `${usersPath}?${typed}`;
}

/** What was asked for, as fields of an address; what was not is not there. */
export function asIn({
  text,
  state,
  standing: at,
  kind,
  group,
  role,
  after,
  ...rest
}: Asked): Readonly<Record<string, string>> {
  const further = furtherColumns.filter((name) => rest[`c-${name}`] !== undefined);
  return {
    ...Object.fromEntries(further.map((name) => [`c-${name}`, '1'])),
    ...(text === '' ? {} : { text }),
    ...(state === undefined ? {} : { state }),
    ...(at === undefined ? {} : { standing: at }),
    ...(kind === undefined ? {} : { kind }),
    ...(group === undefined ? {} : { group }),
    ...(role === undefined ? {} : { role }),
    ...(after === undefined ? {} : { after }),
  };
}

function isFiltered({ state, standing: at, kind, group, role }: Asked): boolean {
  return [state, at, kind, group, role].some((one) => one !== undefined);
}

const quickId = 'quick-steps';
const listId = 'people-list';
