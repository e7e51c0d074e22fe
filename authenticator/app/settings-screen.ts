/** Owns the settings: language, notifications, backup, installing, and what this app is. */
import { languages } from '../words.ts';
import { element, fill, newId } from '../ui/element.ts';
import { button } from '../ui/form.ts';
import { facts, notice, tile } from '../ui/notice.ts';
import { isPaired } from '../vault/account.ts';
import type { App, Screen } from './hand.ts';

declare const appVersion: string;

export function settingsScreen(app: App): Screen {
  const { words } = app;
  const said = words.settings;
  const notifications = element('div', { class: 'setting' });
  const storage = element('span', {}, '');

  const drawNotifications = (isReached: boolean): void => {
    const allowed = app.notifications.state();
    // Allowed, and yet nothing comes: the browser has no push service, or had no network.
    const state = allowed === 'on' && !isReached ? 'off' : allowed;
    const pushes = app
      .state()
      .accounts.some((account) => isPaired(account) && account.device.pushKey !== null);
    const sentence =
      state === 'cannot'
        ? said.notificationsCannot
        : state === 'denied'
          ? said.notificationsDenied
          : !pushes
            ? said.notificationsNone
            : state === 'on'
              ? said.notificationsOn
              : said.notificationsOff;
    fill(
      notifications,
      facts([said.notifications, sentence]),
      state === 'off' && pushes
        ? button(allowed === 'on' ? said.notificationsAgain : words.pairing.notifyButton, {
            style: 'secondary',
            icon: 'bell',
            press: () => {
              void app.notifications.allow().then((now) => {
                if (now === 'failed') app.say(said.notificationsFailed);
                drawNotifications(now === 'on');
              });
            },
          })
        : null,
    );
  };
  // What is allowed is taken for true until the browser has answered.
  drawNotifications(true);
  void app.notifications.isReached().then(drawNotifications);
  void isStorageKept().then((isKept) => {
    storage.textContent = isKept ? said.storageKept : said.storageLoose;
  });

  const id = newId('language');
  const language = element('select', { id, class: 'input' });
  language.append(
    ...[['', said.languageAuto] as const, ...languages].map(([value, name]) => {
      const option = element('option', { value, lang: value === '' ? undefined : value }, name);
      option.selected = value === app.chosenLanguage();
      return option;
    }),
  );
  language.addEventListener('change', () => void app.chooseLanguage(language.value));

  return {
    title: said.title,
    back: '#/',
    body: [
      element('div', { class: 'field' }, element('label', { for: id }, said.language), language),
      notifications,
      element(
        'div',
        { class: 'tiles' },
        tile({
          label: said.backup,
          detail: said.backupDetail,
          icon: 'download',
          href: '#/backup',
        }),
        tile({
          label: said.restore,
          detail: said.restoreDetail,
          icon: 'upload',
          href: '#/restore',
        }),
      ),
      ...installOffer(app),
      element('h2', {}, said.about),
      facts([said.version, appVersion], [said.storage, storage]),
      element('p', { class: 'intro' }, said.madeBy),
      button(said.check, {
        style: 'link',
        icon: 'refresh',
        press: () => {
          void app.updating.look().then((isThere) => {
            app.say(isThere ? words.update.ready : said.newest);
          });
        },
      }),
    ],
  };
}

/** What helps to get the app onto the home screen, on this phone; nothing where it is there. */
export function installOffer(app: App): readonly HTMLElement[] {
  const said = app.words.install;
  switch (app.installing.state()) {
    case 'installed':
    case 'none':
      return [];
    case 'askable':
      return [
        notice(
          'info',
          element('h2', {}, said.offer),
          element('p', {}, said.offerWhy),
          button(said.button, {
            style: 'secondary',
            icon: 'device',
            press: () => void app.installing.ask(),
          }),
        ),
      ];
    case 'by-hand-ios':
      return [
        notice(
          'info',
          element('h2', {}, said.offer),
          element('p', {}, said.iosWhy),
          element('ol', {}, ...said.iosSteps.map((step) => element('li', {}, step))),
        ),
      ];
    case 'by-hand':
      return [notice('info', element('h2', {}, said.offer), element('p', {}, said.android))];
  }
}

async function isStorageKept(): Promise<boolean> {
  try {
    return await navigator.storage.persisted();
  } catch {
    return false;
  }
}
