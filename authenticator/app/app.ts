/**
 * Owns the Tweestap Authenticator: opens the vault, shows one screen at a time, follows every account's
 * server while somebody looks, and puts a sign-in that waits before everything else. Read `start`.
 */
import { follow, type Following } from '../approvals/following.ts';
import { openRequest, type RequestDialog } from '../approvals/request-dialog.ts';
import { createLine, type Line, type Terms } from '../approvals/server-calls.ts';
import { addScreen, manualScreen, otherScreen } from '../pairing/add-screens.ts';
import { codeInFragment, type Invitation } from '../pairing/link.ts';
import { pairScreen } from '../pairing/pair-screen.ts';
import { scanScreen } from '../pairing/scan-screen.ts';
import {
  clearNotifications,
  isSubscribed,
  notificationState,
  subscriptionFor,
} from '../service-worker/pushing.ts';
import { keepUpToDate, type Updating } from '../service-worker/updating.ts';
import { element, fill } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';
import { isPaired, type Account, type Device, type PairedAccount } from '../vault/account.ts';
import { openVault, type Vault } from '../vault/database.ts';
import { localeFor, regionFor, wordsIn } from '../words.ts';
import { accountScreen, activityScreen, removeScreen } from './account-screen.ts';
import { backupScreen, restoreScreen } from './backup-screens.ts';
import { accountById, type App, type Screen } from './hand.ts';
import { homeScreen } from './home-screen.ts';
import { watchInstalling, type Installing } from './installing.ts';
import { settingsScreen } from './settings-screen.ts';
import { emptyState, reduce, requestToShow, type State } from './state.ts';

declare const appVersion: string;

const root = document.querySelector('#app') ?? document.body;

void start();

async function start(): Promise<void> {
  // The browser offers to install at once or never.
  const installing = watchInstalling();
  const trouble = whatIsMissing();
  if (trouble !== undefined) return showTrouble(trouble);
  let vault: Vault;
  let accounts: readonly Account[];
  let chosen = '';
  try {
    vault = await openVault();
    accounts = await vault.accounts();
    chosen = (await vault.setting('language')) ?? '';
  } catch {
    return showTrouble('storage');
  }

  // The code leaves the address at once: nobody who looks at the history finds it.
  const code = codeInFragment(location.hash);
  if (code !== null) history.replaceState(null, '', `${location.pathname}#/`);

  const { app, show, begin } = run({ vault, accounts, chosenLanguage: chosen, installing });
  show();
  if (code !== null) app.invite({ kind: 'tweestap', origin: location.origin, code });
  begin(code === null);
}

interface Running {
  readonly app: App;
  show(): void;
  /** Follows the servers and keeps the app up to date; nothing has been typed yet. */
  begin(mayUpdateAtOnce: boolean): void;
}

function run(parts: {
  readonly vault: Vault;
  readonly accounts: readonly Account[];
  readonly chosenLanguage: string;
  readonly installing: Installing;
}): Running {
  const { vault, installing } = parts;
  let { chosenLanguage } = parts;
  let locale = localeFor(chosenLanguage, navigator.languages);
  let state: State = reduce(emptyState, { kind: 'accounts', accounts: parts.accounts });
  let invitation: Invitation | undefined;
  let updating: Updating | undefined;
  let screen: Screen | undefined;
  let dialog: RequestDialog | undefined;
  const lines = new Map<string, { readonly key: CryptoKey; readonly line: Line }>();
  const followings = new Map<string, { readonly line: Line; readonly following: Following }>();

  /** What was answered in one tab is not asked about in another. */
  const answers = new BroadcastChannel('tweestap-authenticator-answers');

  const bar = element('header', { class: 'bar' });
  const main = element('main', { id: 'main', tabindex: '-1' });
  const low = element('div', { class: 'low' });
  const toast = element('div', { class: 'toast', role: 'status' });
  fill(root, bar, main, low, toast);

  const app: App = {
    get words() {
      return wordsIn(locale);
    },
    get locale() {
      return locale;
    },
    get region() {
      return regionFor(locale, navigator.languages);
    },
    conclude: (title) => {
      const heading = element('h1', { tabindex: '-1' }, title);
      main.querySelector('h1')?.replaceWith(heading);
      document.title = `${title} – ${app.words.app}`;
      fill(bar, element('span', { class: 'brand' }, icon('steps'), app.words.app));
      heading.focus();
    },
    state: () => state,
    dispatch: (event) => {
      const before = state;
      state = reduce(state, event);
      if (state === before) return;
      if (event.kind === 'answered') answers.postMessage(event.requestId);
      screen?.update?.(state);
      drawRequest();
    },
    go: (route) => {
      if (location.hash === route) show();
      else location.hash = route;
    },
    say,
    change: async (change) => {
      setAccounts(await vault.change(change));
    },
    lineOf,
    refresh,
    invitation: () => invitation,
    invite: (next) => {
      invitation = next;
      app.go('#/pair');
    },
    notifications: {
      state: notificationState,
      isReached: async () =>
        state.accounts.every(
          (account) =>
            !isPaired(account) ||
            account.device.pushKey === null ||
            account.device.pushEndpoint !== null,
        ) && (await isSubscribed()),
      allow: async () => {
        if (notificationState() === 'off') await Notification.requestPermission();
        const now = notificationState();
        if (now !== 'on') return now;
        const told = await Promise.all(state.accounts.filter(isPaired).map(tellWhereToPush));
        return told.every(Boolean) ? 'on' : 'failed';
      },
    },
    installing,
    updating: {
      use: () => updating?.use(),
      look: async () => (await updating?.look()) ?? false,
    },
    chosenLanguage: () => chosenLanguage,
    chooseLanguage: async (language) => {
      chosenLanguage = language;
      locale = localeFor(language, navigator.languages);
      await vault.set('language', language);
      show();
    },
  };

  function setAccounts(accounts: readonly Account[]): void {
    app.dispatch({ kind: 'accounts', accounts });
    followAll();
  }

  // One screen at a time.

  function screenFor(route: string): Screen {
    const [first = '', id = '', part = ''] = route.replace(/^#?\/?/, '').split('/');
    switch (first) {
      case 'add':
        if (id === 'scan') return scanScreen(app);
        if (id === 'manual') return manualScreen(app);
        return id === 'other' ? otherScreen(app) : addScreen(app);
      case 'pair':
        return invitation === undefined ? addScreen(app) : pairScreen(app, invitation);
      case 'account': {
        const account = accountById(state, id);
        if (account === undefined) return homeScreen(app);
        if (part === 'activity') return activityScreen(app, account);
        return part === 'remove' ? removeScreen(app, account) : accountScreen(app, account);
      }
      case 'settings':
        return settingsScreen(app);
      case 'backup':
        return backupScreen(app);
      case 'restore':
        return restoreScreen(app);
      default:
        return homeScreen(app);
    }
  }

  function show(): void {
    const isFirst = screen === undefined;
    screen?.close?.();
    const { words } = app;
    document.documentElement.lang = locale;
    screen = screenFor(location.hash);
    const { title, back, aside, body, low: next } = screen;
    document.title = title === words.app ? title : `${title} – ${words.app}`;
    fill(
      bar,
      back === undefined
        ? element('span', { class: 'brand' }, icon('steps'), words.app)
        : element('a', { class: 'button link', href: back }, icon('back'), words.back),
      aside,
    );
    fill(main, element('h1', {}, title), ...body);
    fill(low, ...(next ?? []));
    low.hidden = next === undefined;
    scrollTo(0, 0);
    // Whoever listens hears the new heading; at the first there is nothing to interrupt.
    const field = main.querySelector<HTMLElement>('form .input:not([type=file])');
    const isForm = field !== null && !/^#\/(?:account|settings)/.test(location.hash);
    if (dialog === undefined && !isFirst) (isForm ? field : main).focus({ preventScroll: true });
    screen.tick?.(Date.now());
  }

  function say(text: string): void {
    fill(toast, element('span', {}, text));
    toast.classList.add('shown');
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toast.classList.remove('shown'), 4_000);
  }
  let toastTimer: ReturnType<typeof setTimeout> | undefined;

  // A sign-in that waits, before everything else.

  function drawRequest(): void {
    if (dialog !== undefined) {
      const { requestId } = dialog;
      const others = state.requests.filter(({ request }) => request.id !== requestId);
      dialog.update(others.length !== state.requests.length, others.length);
      return;
    }
    const next = requestToShow(state);
    const account = next === undefined ? undefined : accountById(state, next.accountId);
    if (next === undefined || account === undefined || !isPaired(account)) return;
    dialog = openRequest(app, next, account, () => {
      dialog = undefined;
      drawRequest();
    });
    dialog.tick(Date.now());
    dialog.update(true, state.requests.length - 1);
    // Before the first touch a browser would only complain.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([60, 60, 60]);
  }

  /** Another tab has answered: the question goes away, as if it had never been here. */
  function forget(requestId: string): void {
    state = reduce(state, { kind: 'answered', requestId });
    if (dialog?.requestId === requestId) dialog.answeredElsewhere();
    screen?.update?.(state);
  }

  // The servers, while somebody looks.

  function lineOf(account: PairedAccount): Line {
    const { device, id, origin } = account;
    const known = lines.get(id);
    if (known !== undefined && known.key === device.signingKey) return known.line;
    const line = createLine({
      origin,
      account: device.account,
      signingKey: device.signingKey,
      onTerms: (terms) => void keepTerms(id, terms),
    });
    lines.set(id, { key: device.signingKey, line });
    return line;
  }

  function followAll(): void {
    const paired = document.hidden ? [] : state.accounts.filter(isPaired);
    for (const [id, { line, following }] of followings) {
      if (paired.some((account) => account.id === id && lineOf(account) === line)) continue;
      following.stop();
      followings.delete(id);
    }
    for (const account of paired) {
      if (followings.has(account.id)) continue;
      const { id } = account;
      const line = lineOf(account);
      const following = follow(line, {
        pending: (requests) =>
          app.dispatch({ kind: 'pending', accountId: id, requests, aheadMs: line.aheadMs() }),
        unreachable: () => app.dispatch({ kind: 'line', accountId: id, state: 'unreachable' }),
        removed: () =>
          void app.change((accounts) =>
            accounts.map((each) =>
              each.id === id && each.kind === 'tweestap' ? { ...each, isRemovedThere: true } : each,
            ),
          ),
      });
      followings.set(id, { line, following });
    }
  }

  function refresh(): void {
    for (const { following } of followings.values()) void following.ask();
    if (!document.hidden) void clearNotifications();
  }

  /** Policy may have changed, the app may be newer, the browser may push to elsewhere. */
  async function keepTerms(id: string, { pin, pushKey }: Terms): Promise<void> {
    const account = accountById(state, id);
    if (account === undefined || !isPaired(account)) return;
    const { device } = account;
    if (device.pin !== pin || device.pushKey !== pushKey) await changeDevice(id, { pin, pushKey });
    if (device.version !== appVersion) {
      const told = await lineOf(account).change({ version: appVersion });
      if (told.kind === 'ok') await changeDevice(id, { version: appVersion });
    }
    const now = accountById(state, id);
    if (now !== undefined && isPaired(now) && notificationState() === 'on') {
      await tellWhereToPush(now);
    }
  }

  /** Whether the server knows where to push, or does not want to. */
  async function tellWhereToPush(account: PairedAccount): Promise<boolean> {
    const { pushKey, pushEndpoint } = account.device;
    if (pushKey === null) return true;
    const keys = state.accounts.filter(isPaired).flatMap(({ device }) => device.pushKey ?? []);
    const push = await subscriptionFor(pushKey, keys);
    if (push === null) return false;
    if (push.endpoint === pushEndpoint) return true;
    const told = await lineOf(account).change({ push });
    if (told.kind !== 'ok') return false;
    await changeDevice(account.id, { pushEndpoint: push.endpoint });
    return true;
  }

  function changeDevice(id: string, change: Partial<Device>): Promise<void> {
    return app.change((accounts) =>
      accounts.map((account) =>
        account.id === id && account.kind === 'tweestap' && account.device !== null
          ? { ...account, device: { ...account.device, ...change } }
          : account,
      ),
    );
  }

  const comeBack = (): void => {
    followAll();
    if (!document.hidden) refresh();
  };

  return {
    app,
    show,
    begin: (mayUseAtOnce) => {
      addEventListener('unhandledrejection', () => say(app.words.trouble.unexpected));
      addEventListener('hashchange', openedOrShow);
      installing.onChange((can) => app.dispatch({ kind: 'installable', can }));
      document.addEventListener('visibilitychange', comeBack);
      addEventListener('online', comeBack);
      addEventListener('offline', () => screen?.update?.(state));
      answers.onmessage = ({ data }) => forget(String(data));
      vault.onChange(() => void vault.accounts().then(setAccounts));
      setInterval(() => {
        const now = Date.now();
        screen?.tick?.(now);
        dialog?.tick(now);
        if (dialog === undefined) app.dispatch({ kind: 'tick', now });
      }, 250);
      followAll();
      if (!('serviceWorker' in navigator)) return;
      navigator.serviceWorker.addEventListener('message', refresh);
      void clearNotifications();
      void stayUpToDate(mayUseAtOnce);
    },
  };

  async function stayUpToDate(mayUseAtOnce: boolean): Promise<void> {
    try {
      const onReady = (): void => app.dispatch({ kind: 'update' });
      updating = await keepUpToDate({ mayUseAtOnce, onReady });
    } catch {
      // No service worker here: the app works as long as there is a network.
    }
  }

  /** A link with a code may be opened while the app is open. */
  function openedOrShow(): void {
    const code = codeInFragment(location.hash);
    if (code === null) return show();
    history.replaceState(null, '', `${location.pathname}#/`);
    app.invite({ kind: 'tweestap', origin: location.origin, code });
  }
}

type Trouble = 'insecure' | 'storage' | 'old';

/** What this browser lacks; undefined: nothing. */
function whatIsMissing(): Trouble | undefined {
  if (!isSecureContext) return 'insecure';
  if (!('subtle' in crypto) || !('randomUUID' in crypto)) return 'old';
  if (!('indexedDB' in globalThis) || !('BroadcastChannel' in globalThis)) return 'storage';
  const isNew = 'showModal' in HTMLDialogElement.prototype && 'toSorted' in Array.prototype;
  return isNew ? undefined : 'old';
}

function showTrouble(trouble: Trouble): void {
  const locale = localeFor(undefined, navigator.languages);
  const words = wordsIn(locale);
  document.documentElement.lang = locale;
  document.title = `${words.trouble.title} – ${words.app}`;
  fill(
    root,
    element(
      'main',
      { class: 'trouble' },
      icon('warning', 56),
      element('h1', {}, words.trouble.title),
      element('p', {}, words.trouble[trouble]),
      element(
        'button',
        { class: 'button primary', type: 'button', press: () => location.reload() },
        words.trouble.reload,
      ),
    ),
  );
}
