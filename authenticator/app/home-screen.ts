/** Owns the first screen: the accounts with their codes, or what to do where there are none. */
import { codeView, type CodeView } from '../codes/code-view.ts';
import { element, fill } from '../ui/element.ts';
import { button } from '../ui/form.ts';
import { icon } from '../ui/icon.ts';
import { notice } from '../ui/notice.ts';
import { isPaired, moved, ownerOf, titleOf, type Account } from '../vault/account.ts';
import type { App, Screen } from './hand.ts';
import { clockFault, requestsAside, type State } from './state.ts';

export function homeScreen(app: App): Screen {
  const { words } = app;
  const said = words.home;
  const banners = element('div', { class: 'banners' });
  const list = element('ul', { class: 'accounts' });
  const empty = element('div', { class: 'empty' });
  const orderButton = button(said.order, {
    style: 'link',
    icon: 'order',
    press: () => {
      isOrdering = !isOrdering;
      draw(app.state());
    },
  });
  let isOrdering = false;
  let shown: readonly Account[] | undefined;
  let shownOrdering = false;
  let views: readonly { account: Account; code: CodeView; standing: HTMLElement }[] = [];

  const draw = (state: State): void => {
    const { accounts } = state;
    if (shown !== accounts || shownOrdering !== isOrdering) {
      const focused = document.activeElement?.getAttribute('data-move');
      views = accounts.map((account) => ({
        account,
        code: codeView(account, app),
        standing: element('p', { class: 'standing', hidden: true }),
      }));
      fill(list, ...views.map((view, place) => card(view, place, accounts.length)));
      const now = Date.now();
      for (const { code } of views) code.tick(now);
      shown = accounts;
      shownOrdering = isOrdering;
      if (focused !== null && focused !== undefined) {
        list.querySelector<HTMLElement>(`[data-move="${focused}"]`)?.focus();
      }
    }
    fill(empty, ...(accounts.length === 0 ? emptyState(app) : []));
    orderButton.hidden = accounts.length < 2;
    orderButton.lastChild?.replaceWith(isOrdering ? said.orderDone : said.order);
    for (const { account, standing } of views) {
      const words = standingOf(account, state, app);
      standing.hidden = words === null;
      if (standing.textContent !== words) {
        fill(standing, icon(isPaired(account) ? 'offline' : 'info', 16), words);
      }
    }
    drawBanners(state);
  };

  let shownBanners = '';
  const drawBanners = (state: State): void => {
    const aside = requestsAside(state).length;
    const fault = Math.abs(clockFault(state));
    const key = `${aside} ${state.hasUpdate} ${Math.round(fault / 60_000)}`;
    if (key === shownBanners) return;
    shownBanners = key;
    fill(
      banners,
      aside === 0
        ? null
        : notice(
            'warning',
            element('p', {}, said.waiting),
            button(said.look, {
              style: 'primary',
              press: () => app.dispatch({ kind: 'taken-up' }),
            }),
          ),
      fault === 0
        ? null
        : notice('warning', element('p', {}, said.clock(Math.round(fault / 60_000)))),
      state.hasUpdate
        ? notice(
            'info',
            element('p', {}, `${words.update.ready} ${words.update.later}`),
            button(words.update.button, {
              style: 'secondary',
              press: () => app.updating.use(),
            }),
          )
        : null,
    );
  };

  const card = (
    { account, code, standing }: (typeof views)[number],
    place: number,
    of: number,
  ): HTMLElement => {
    const title = titleOf(account);
    const move = (by: -1 | 1): void => {
      void app
        .change((accounts) => moved(accounts, account.id, by))
        .then(() => app.say(said.movedTo(title, place + 1 + by, of)));
    };
    const mover = (by: -1 | 1, isPossible: boolean): HTMLElement =>
      element(
        'button',
        {
          class: 'button secondary round',
          type: 'button',
          'aria-label': by === -1 ? said.up(title) : said.down(title),
          'aria-disabled': isPossible ? undefined : 'true',
          'data-move': `${account.id}${by}`,
          press: () => {
            if (isPossible) move(by);
          },
        },
        icon(by === -1 ? 'up' : 'down'),
      );
    return element(
      'li',
      { class: 'card' },
      element(
        'div',
        { class: 'card-top' },
        element(
          'a',
          { class: 'who', href: `#/account/${account.id}` },
          element('span', { class: 'mark', 'aria-hidden': 'true' }, markOf(title)),
          element(
            'span',
            { class: 'names' },
            element('strong', {}, title),
            element('span', { class: 'owner' }, ownerOf(account)),
          ),
          element('span', { class: 'hidden' }, said.details),
          isOrdering ? null : icon('chevron', 16),
        ),
        isOrdering ? mover(-1, place > 0) : null,
        isOrdering ? mover(1, place < of - 1) : null,
      ),
      isOrdering ? null : code.root,
      standing,
    );
  };

  draw(app.state());
  return {
    title: said.title,
    body: [banners, empty, list, element('div', { class: 'below' }, orderButton)],
    aside: element(
      'a',
      { class: 'button link', href: '#/settings' },
      icon('settings'),
      said.settings,
    ),
    low: [element('a', { class: 'button primary wide', href: '#/add' }, icon('add'), said.add)],
    update: draw,
    tick: (now) => {
      for (const { code } of views) code.tick(now);
    },
  };
}

/** One letter that stands for a name. */
export function markOf(title: string): string {
  return ([...title.trim()][0] ?? '·').toUpperCase();
}

function standingOf(account: Account, state: State, { words }: App): string | null {
  const said = words.home.standing;
  if (account.kind === 'other') return null;
  if (account.isRemovedThere) return said.removed;
  if (account.device === null) return said.codesOnly;
  if (!navigator.onLine) return said.offline;
  return state.lines.get(account.id) === 'unreachable' ? said.unreachable : null;
}

function emptyState({ words }: App): readonly HTMLElement[] {
  const said = words.home.empty;
  return [
    element('span', { class: 'sign', 'aria-hidden': 'true' }, icon('steps', 56)),
    element('h2', {}, said.title),
    element('p', { class: 'intro' }, said.body),
    element(
      'ol',
      { class: 'steps' },
      ...said.steps.map((step) => element('li', {}, element('span', {}, step))),
    ),
    element('a', { class: 'button link', href: '#/restore' }, icon('upload'), said.restore),
  ];
}
