/** Owns the screens of one account: what it is and what it is called, who signed in, and its end. */
import { codeView } from '../codes/code-view.ts';
import { element, fill } from '../ui/element.ts';
import { button, field, form } from '../ui/form.ts';
import { icon } from '../ui/icon.ts';
import { facts, notice, tile } from '../ui/notice.ts';
import {
  isPaired,
  ownerOf,
  titleOf,
  type Account,
  type TweestapAccount,
} from '../vault/account.ts';
import type { App, Screen } from './hand.ts';

/** What the account is; name it, look at its activity, remove it. */
export function accountScreen(app: App, account: Account): Screen {
  const { words } = app;
  const said = words.account;
  const code = codeView(account, app);
  code.tick(Date.now());
  const name = field({
    label: said.name,
    hint: account.kind === 'tweestap' ? said.nameHint : said.nameHintOther,
    attributes: { value: account.name, maxlength: 60 },
  });
  return {
    title: titleOf(account),
    back: '#/',
    body: [
      element('p', { class: 'intro' }, ownerOf(account)),
      element('div', { class: 'card' }, code.root),
      ...(account.kind === 'tweestap' ? standing(app, account) : []),
      isPaired(account)
        ? tile({
            label: said.activity,
            detail: said.activityDetail,
            icon: 'history',
            href: `#/account/${account.id}/activity`,
          })
        : null,
      form(
        async () => {
          await keep(app, account, (kept) => ({ ...kept, name: name.input.value.trim() }));
          app.say(said.saved);
        },
        name.root,
        button(words.save, { style: 'secondary' }),
      ),
      isPaired(account) ? deviceForm(app, account) : null,
      element(
        'div',
        { class: 'end' },
        element(
          'a',
          { class: 'button danger link', href: `#/account/${account.id}/remove` },
          icon('remove'),
          said.remove,
        ),
      ),
    ],
    tick: code.tick,
  };
}

function standing({ words }: App, account: TweestapAccount): readonly HTMLElement[] {
  const said = words.account;
  const { device, isRemovedThere } = account;
  const approves = device === null || isRemovedThere ? null : device.pin;
  return [
    ...(isRemovedThere ? [notice('warning', element('p', {}, said.removedThere))] : []),
    ...(device === null ? [notice('info', element('p', {}, said.codesOnly))] : []),
    facts(
      approves === null ? null : [said.approving, approves ? said.approvingPin : said.approvingYes],
      [said.organisation, account.organisation],
      [said.signInName, account.userPrincipalName],
      [said.server, new URL(account.origin).host],
    ),
  ];
}

function deviceForm(app: App, account: Parameters<App['lineOf']>[0]): HTMLFormElement {
  const { words } = app;
  const said = words.account;
  const device = field({
    label: said.device,
    hint: said.deviceHint,
    attributes: { value: account.device.name, maxlength: 60, required: true },
  });
  return form(
    async () => {
      const name = device.input.value.trim() || account.device.name;
      const told = await app.lineOf(account).change({ name });
      device.fail(told.kind === 'ok' ? null : said.deviceKept);
      if (told.kind !== 'ok') return;
      await keep(app, account, (kept) =>
        isPaired(kept) ? { ...kept, device: { ...kept.device, name } } : kept,
      );
      app.say(said.saved);
    },
    device.root,
    button(words.save, { style: 'secondary' }),
  );
}

/** Who signed in, as the server knows it. */
export function activityScreen(app: App, account: Account): Screen {
  const { words, region } = app;
  const said = words.activity;
  const place = element('div', { 'aria-busy': 'true', role: 'status' }, said.loading);
  const whenever = new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'short' });

  const load = async (): Promise<void> => {
    if (!isPaired(account)) return;
    const answer = await app.lineOf(account).activity();
    place.removeAttribute('aria-busy');
    if (answer.kind !== 'ok') {
      fill(
        place,
        notice(
          'warning',
          element('p', {}, said.unreachable),
          button(words.tryAgain, { style: 'secondary', press: () => void load() }),
        ),
      );
      return;
    }
    fill(
      place,
      answer.value.length === 0 ? element('p', {}, said.empty) : null,
      element(
        'ul',
        { class: 'activity' },
        ...answer.value.map(({ at, application, address, browser, result }) =>
          element(
            'li',
            { class: `event ${result}` },
            icon(result === 'success' ? 'success' : result === 'failure' ? 'error' : 'info'),
            element(
              'div',
              {},
              element('strong', {}, `${said[result]}: ${application ?? words.request.ownPages}`),
              element(
                'p',
                {},
                [browser === '' ? words.request.unknown : browser, address].join(' · '),
              ),
              element('p', {}, whenever.format(at)),
            ),
          ),
        ),
      ),
      element('p', { class: 'intro' }, said.hint),
    );
  };
  void load();
  return {
    title: said.title,
    back: `#/account/${account.id}`,
    body: [element('p', { class: 'intro' }, `${titleOf(account)} · ${ownerOf(account)}`), place],
  };
}

/** The end of an account on this phone, and of this phone at the account. */
export function removeScreen(app: App, account: Account): Screen {
  const { words } = app;
  const said = words.account;
  const title = titleOf(account);
  const remove = async (): Promise<void> => {
    const told = isPaired(account) ? await app.lineOf(account).leave() : undefined;
    await app.change((accounts) => accounts.filter(({ id }) => id !== account.id));
    const isTold =
      told === undefined ||
      told.kind === 'ok' ||
      (told.kind === 'refused' && told.error === 'unknown-account');
    app.go('#/');
    app.say(isTold ? said.removed(title) : said.removedQuietly(title));
  };
  const sending = form(remove);
  sending.id = 'remove';
  return {
    title: said.removeTitle(title),
    back: `#/account/${account.id}`,
    body: [
      element('p', { class: 'intro' }, ownerOf(account)),
      notice(
        'warning',
        element('p', {}, account.kind === 'tweestap' ? said.removeBody : said.removeOther),
      ),
      sending,
    ],
    low: [
      button(said.remove, { style: 'danger', icon: 'remove', form: 'remove' }),
      element('a', { class: 'button secondary', href: `#/account/${account.id}` }, words.cancel),
    ],
  };
}

async function keep(
  app: App,
  { id }: Account,
  change: (account: Account) => Account,
): Promise<void> {
  await app.change((accounts) =>
    accounts.map((account) => (account.id === id ? change(account) : account)),
  );
}
