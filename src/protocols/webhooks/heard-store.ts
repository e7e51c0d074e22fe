/**
 * Owns what is promised of whatever may be said to us once: a provider's report, by a webhook, SMPP or SIP;
 * what an app signed; a ticket of a site. Each is heard once, on whatever node it arrives (attack ATK-45).
 * Only ids are kept, and only as long as an old one could still be accepted.
 */
export interface HeardStore {
  /**
   * Notes the report and returns true for the one caller who was first; false for every other, now
   * and later. One atomic insert: it needs no transaction and no reading before.
   */
  firstTime(provider: string, eventId: string, now: Date): Promise<boolean>;
  /** Forgets one report that could not be heard to its end, so that the provider may try again. */
  takeBack(provider: string, eventId: string): Promise<void>;
  /** Drops what was noted before `before`; returns how many there were. */
  forget(before: Date): Promise<number>;
}
