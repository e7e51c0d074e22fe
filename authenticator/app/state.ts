/**
 * Owns what the app knows at a moment, and how that changes: a pure function from what happened to
 * what is so. Screens draw it; nothing else decides which sign-in is shown.
 */
import type { PendingRequest } from '../../src/methods/notification/protocol.ts';
import type { Account } from '../vault/account.ts';

/** How the line to an account's server is. */
export type LineState = 'asking' | 'heard' | 'unreachable';

/** A sign-in that waits, and whose it is. */
export interface OpenRequest {
  /** The account's own id on this phone. */
  readonly accountId: string;
  readonly request: PendingRequest;
  /** When it ends by this phone's clock, in milliseconds since 1970. */
  readonly endsAt: number;
}

export interface State {
  readonly accounts: readonly Account[];
  /** In the order in which they were asked. */
  readonly requests: readonly OpenRequest[];
  readonly lines: ReadonlyMap<string, LineState>;
  /** Answered here, so that a list that was on its way does not bring them back. */
  readonly answered: ReadonlySet<string>;
  /** The person wants to look at something else first. */
  readonly setAside: ReadonlySet<string>;
  /** How far servers' clocks are ahead, in milliseconds, by account. */
  readonly clocks: ReadonlyMap<string, number>;
  readonly hasUpdate: boolean;
  readonly canInstall: boolean;
}

export type Event =
  | { readonly kind: 'accounts'; readonly accounts: readonly Account[] }
  | {
      readonly kind: 'pending';
      readonly accountId: string;
      readonly requests: readonly PendingRequest[];
      readonly aheadMs: number;
    }
  | { readonly kind: 'line'; readonly accountId: string; readonly state: LineState }
  | { readonly kind: 'answered'; readonly requestId: string }
  | { readonly kind: 'set-aside'; readonly requestId: string }
  | { readonly kind: 'taken-up' }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'update' }
  | { readonly kind: 'installable'; readonly can: boolean };

export const emptyState: State = {
  accounts: [],
  requests: [],
  lines: new Map(),
  answered: new Set(),
  setAside: new Set(),
  clocks: new Map(),
  hasUpdate: false,
  canInstall: false,
};

/** What is so after this happened. The same object where nothing changes. */
export function reduce(state: State, event: Event): State {
  switch (event.kind) {
    case 'accounts': {
      const ids = new Set(event.accounts.map(({ id }) => id));
      const requests = state.requests.filter(({ accountId }) => ids.has(accountId));
      return { ...state, accounts: event.accounts, requests };
    }
    case 'pending': {
      const { accountId, aheadMs } = event;
      const others = state.requests.filter((each) => each.accountId !== accountId);
      const own = event.requests
        .filter(({ id }) => !state.answered.has(id))
        .map((request) => ({ accountId, request, endsAt: request.expiresAt - aheadMs }));
      const requests = [...others, ...own].toSorted(
        (one, other) => one.request.askedAt - other.request.askedAt,
      );
      return {
        ...state,
        requests,
        lines: new Map(state.lines).set(accountId, 'heard'),
        clocks: new Map(state.clocks).set(accountId, aheadMs),
      };
    }
    case 'line':
      if (state.lines.get(event.accountId) === event.state) return state;
      return { ...state, lines: new Map(state.lines).set(event.accountId, event.state) };
    case 'answered':
      return {
        ...state,
        answered: new Set(state.answered).add(event.requestId),
        requests: state.requests.filter(({ request }) => request.id !== event.requestId),
      };
    case 'set-aside':
      return { ...state, setAside: new Set(state.setAside).add(event.requestId) };
    case 'taken-up':
      return state.setAside.size === 0 ? state : { ...state, setAside: new Set() };
    case 'tick': {
      const requests = state.requests.filter(({ endsAt }) => endsAt > event.now);
      return requests.length === state.requests.length ? state : { ...state, requests };
    }
    case 'update':
      return state.hasUpdate ? state : { ...state, hasUpdate: true };
    case 'installable':
      return state.canInstall === event.can ? state : { ...state, canInstall: event.can };
  }
}

/** The sign-in that is asked about now: the oldest that was not set aside. */
export function requestToShow(state: State): OpenRequest | undefined {
  return state.requests.find(({ request }) => !state.setAside.has(request.id));
}

/** Sign-ins that wait although the person looks at something else. */
export function requestsAside(state: State): readonly OpenRequest[] {
  return state.requests.filter(({ request }) => state.setAside.has(request.id));
}

/** Beyond this codes may be refused: the server takes the present and the previous one. */
const clockToleranceMs = 25_000;

/** How far this phone's clock is off by what servers said, in milliseconds; 0 where it is right. */
export function clockFault(state: State): number {
  const off = [...state.clocks.values()].find((ahead) => Math.abs(ahead) > clockToleranceMs);
  return off ?? 0;
}
