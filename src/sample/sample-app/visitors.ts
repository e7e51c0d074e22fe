/**
 * Owns who is signed in to the sample application, in memory: it is gone with the process, and then
 * one click at Tweestap brings it back.
 */
import { randomBytes } from 'node:crypto';

/** What the application learned of somebody. */
export interface Claims {
  readonly sub: string;
  readonly name: string;
  readonly account: string;
  readonly email: string | undefined;
  readonly groups: readonly string[];
  readonly acr: string;
  readonly amr: readonly string[];
  /** Unix seconds. */
  readonly authTime: number;
  /** The session at Tweestap, by which a back-channel logout names it. */
  readonly sid: string | undefined;
}

export interface Visitor {
  readonly claims: Claims;
  /** Shown again as a hint when they sign out. */
  readonly idToken: string;
  /** Tweestap said that their session there has ended. */
  readonly isEnded: boolean;
}

export interface Visitors {
  find(id: string | undefined): Visitor | undefined;
  /** Lets somebody in under a new name; returns it, for their cookie. */
  enter(claims: Claims, idToken: string): string;
  leave(id: string | undefined): void;
  /** Ends by session where one is named, else all of a person's; returns how many. */
  end(which: { readonly sub: string | undefined; readonly sid: string | undefined }): number;
}

const mostVisitors = 1000;

export function createVisitors(): Visitors {
  const visitors = new Map<string, Visitor>();
  return {
    find: (id) => (id === undefined ? undefined : visitors.get(id)),
    enter: (claims, idToken) => {
      const id = randomBytes(24).toString('base64url');
      visitors.set(id, { claims, idToken, isEnded: false });
      const [oldest] = visitors.keys();
      if (visitors.size > mostVisitors && oldest !== undefined) visitors.delete(oldest);
      return id;
    },
    leave: (id) => {
      if (id !== undefined) visitors.delete(id);
    },
    end: ({ sub, sid }) => {
      let ended = 0;
      for (const [id, visitor] of visitors) {
        const { claims } = visitor;
        if (sid === undefined ? claims.sub !== sub : claims.sid !== sid) continue;
        visitors.set(id, { ...visitor, isEnded: true });
        ended += 1;
      }
      return ended;
    },
  };
}
