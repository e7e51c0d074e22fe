/** Owns what a command is given and what it answers: whose attempt, and where things stand after it. */
import type { Locale } from '../i18n/locale.ts';
import type { DoorRef } from './at-a-door.ts';
import type { Attempt } from './attempt.ts';
import type { Step } from './next-step.ts';
import type { Known } from './situation.ts';
import type { DeviceCookie } from './trusting.ts';

/** Which attempt, and the token of the browser that it belongs to. */
export interface AttemptRef {
  readonly id: string;
  readonly browser: string | undefined;
  /** In place of a browser: the system that asks. A page never says this. */
  readonly door?: DoorRef | undefined;
  /** The language chosen on its pages, where one was: calls and texts speak it from then on. */
  readonly locale?: Locale | undefined;
  /** The cookie of a trusted device, where the browser has one; whose it is, is not known here. */
  readonly trustedDevice?: string | undefined;
}

/** Where things stand after a command, for the page that is shown next. */
export interface Progress {
  readonly attempt: Attempt;
  readonly step: Step;
  readonly known: Known;
  /** Present when the browser's token changed: set its cookie anew. */
  readonly browser?: string;
  /**
   * Present when a session was opened: set its cookie, and go to `attempt.request.returnTo`.
   * `knownBrowser` is the token for the long-lived cookie of a browser that is new to this person;
   * `keptSeconds` says how long the browser keeps the session's, undefined: until it is closed.
   */
  readonly session?: {
    readonly token: string;
    readonly knownBrowser: string | undefined;
    readonly keptSeconds: number | undefined;
  };
  /** Present when the browser's cookie of a trusted device changes. */
  readonly trustedDevice?: DeviceCookie;
  /** Present when a field of a form was refused: nothing was changed. */
  readonly refused?: { readonly field: string; readonly message: string };
}
