/**
 * Owns what a *kind* of registration is: the thing itself that a person has (a phone, an
 * authenticator app, a key), whichever way it is asked. Methods name the kind they draw on.
 */
import type { z } from 'zod';

import type { Locale } from '../i18n/locale.ts';

/** One entry of **Add method** on Security info. */
export interface Place {
  /** The place it fills; '' takes any that is free. */
  readonly slot: string;
  readonly label: string;
}

export interface KindDefinition<secret> {
  /** `phone`, `authenticator-app`: what a registration is kept under. */
  readonly id: string;
  /** The places a person may fill with registrations of this kind: their number is the maximum. */
  readonly slots: readonly string[];
  readonly icon: string;
  readonly secret: z.ZodType<secret>;
  /** What it is called in a list: "Office phone". */
  readonly name: (secret: secret, locale: Locale) => string;
  /** Which one it is, masked, for its owner's eyes: "+31 ·· ·· ·· 12"; '' where nothing tells it apart. */
  readonly detail: (secret: secret, locale: Locale) => string;
  readonly places: (locale: Locale) => readonly Place[];
  /** What **Change** does: `replace` by another one proved in its place; `none`: delete and add. */
  readonly change: 'replace' | 'none';
  /**
   * What is to be kept once an older database was put back at `now`: nothing that may have been used
   * since is good any more. Absent where nothing of it is used up.
   */
  readonly afterRestore?: (secret: secret, now: Date) => secret;
}

/** A kind with its type sealed: what goes in is parsed, so outside no generics are needed. */
export interface Kind {
  readonly id: string;
  readonly slots: readonly string[];
  readonly icon: string;
  readonly name: (secret: unknown, locale: Locale) => string;
  readonly detail: (secret: unknown, locale: Locale) => string;
  readonly places: (locale: Locale) => readonly Place[];
  readonly change: 'replace' | 'none';
  readonly afterRestore: ((secret: unknown, now: Date) => unknown) | undefined;
}

/** Seals a kind's type. A stored secret of the wrong shape throws. */
export function defineKind<secret>(kind: KindDefinition<secret>): Kind {
  const { id, slots, icon, places, change, afterRestore } = kind;
  return {
    id,
    slots,
    icon,
    places,
    change,
    name: (secret, locale) => kind.name(kind.secret.parse(secret), locale),
    detail: (secret, locale) => kind.detail(kind.secret.parse(secret), locale),
    afterRestore:
      afterRestore === undefined
        ? undefined
        : (secret, now) => afterRestore(kind.secret.parse(secret), now),
  };
}
