/** Owns what a screen is, and what it may ask of the app that shows it. */
import type { Locale } from '../../src/i18n/locale.ts';
import type { Line } from '../approvals/server-calls.ts';
import type { Invitation } from '../pairing/link.ts';
import type { Account, PairedAccount } from '../vault/account.ts';
import type { Child } from '../ui/element.ts';
import type { Words } from '../words.ts';
import type { Event, State } from './state.ts';

export interface Screen {
  /** Its heading, and the title of the page. */
  readonly title: string;
  /** Where Back leads; absent: this is the first screen. */
  readonly back?: string;
  /** What stands at the end of the bar above. */
  readonly aside?: Child;
  readonly body: readonly Child[];
  /** What one does next: at the bottom, where a thumb is. */
  readonly low?: readonly Child[];
  update?(state: State): void;
  /** Four times a second. */
  tick?(now: number): void;
  close?(): void;
}

export interface App {
  readonly words: Words;
  readonly locale: Locale;
  /** How dates are written: the language as the browser's owner has it (`nl-BE`). */
  readonly region: string;
  state(): State;
  dispatch(event: Event): void;
  go(route: string): void;
  /** Another heading for the screen that is shown, once there is no way back from it. */
  conclude(title: string): void;
  /** Shows a sentence for a moment; screen readers read it out. */
  say(text: string): void;
  /** Keeps a change of the accounts; rejects where the browser cannot. */
  change(change: (accounts: readonly Account[]) => readonly Account[]): Promise<void>;
  /** The line to the account's server. */
  lineOf(account: PairedAccount): Line;
  /** Asks every server what waits. */
  refresh(): void;
  invitation(): Invitation | undefined;
  /** Goes on to adding the account that this says. */
  invite(invitation: Invitation): void;
  readonly notifications: {
    /** Whether they are possible, and allowed; allowed, they may still not come. */
    state(): NotificationState;
    /** Whether every server that pushes knows where to, and the browser listens there. */
    isReached(): Promise<boolean>;
    /** Asks the person, then tells the servers where to push. */
    allow(): Promise<NotificationState | 'failed'>;
  };
  readonly installing: {
    state(): InstallState;
    /** Shows the browser's own question. */
    ask(): Promise<void>;
  };
  readonly updating: { use(): void; look(): Promise<boolean> };
  chooseLanguage(language: string): Promise<void>;
  chosenLanguage(): string;
}

export type NotificationState = 'on' | 'off' | 'denied' | 'cannot';

/** `by-hand-*`: the browser has it in a menu of its own. */
export type InstallState = 'installed' | 'askable' | 'by-hand-ios' | 'by-hand' | 'none';

export function accountById(state: State, id: string): Account | undefined {
  return state.accounts.find((account) => account.id === id);
}
