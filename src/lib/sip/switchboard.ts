/**
 * Owns which calls there are, so that requests of the other side find theirs (RFC 3261 §12.2.2), and what
 * still has to be said of them.
 */
import type { DialogAddress, OpenDialog } from './dialog.ts';
import type { SipRequest } from './message.ts';
import type { Answer } from './server-transaction.ts';

/** Where a call says that it is there. */
export interface Switchboard {
  /** A call that is under way; returns what forgets it. */
  ringing(callId: string, localTag: string, early: Early): () => void;
  /** A call that was answered; returns what forgets it. */
  answered(address: DialogAddress, dialog: OpenDialog): () => void;
  /** What still has to be said before the line may be closed. */
  last(work: Promise<unknown>): void;
}

/** What a request is answered that comes before the call was. */
export type Early = (request: SipRequest) => Answer;

/** Where calls are looked up. */
export interface Lookup {
  /** The call that rings, of which this request speaks. */
  ringingOf(request: SipRequest): Early | undefined;
  /** The call that was answered, of which this request speaks. */
  dialogOf(request: SipRequest): OpenDialog | undefined;
  /** Every call that was answered. */
  dialogs(): readonly OpenDialog[];
  isEmpty(): boolean;
  /** Resolves once all that has to be said was said, with what that led to: a CANCEL crossed by an answer, to a BYE. */
  silence(): Promise<void>;
}

/** One without calls. */
export function createSwitchboard(): Switchboard & Lookup {
  const ringing = new Map<string, Early>();
  const dialogs = new Map<string, OpenDialog>();
  const last = new Set<Promise<unknown>>();
  return {
    ringing: (callId, localTag, early) => keep(ringing, keyOf(callId, localTag), early),
    answered: ({ callId, localTag, remoteTag }, dialog) =>
      keep(dialogs, keyOf(callId, localTag, remoteTag), dialog),
    last: (work) => {
      const quiet: Promise<unknown> = work.catch(() => undefined).finally(() => last.delete(quiet));
      last.add(quiet);
    },
    ringingOf: ({ callId, to }) => ringing.get(keyOf(callId, to.parameters.get('tag') ?? '')),
    dialogOf: ({ callId, to, from }) => {
      const tags = [to, from].map(({ parameters }) => parameters.get('tag') ?? '');
      return dialogs.get(keyOf(callId, ...tags));
    },
    dialogs: () => [...dialogs.values()],
    isEmpty: () => dialogs.size === 0 && ringing.size === 0,
    silence: async () => {
      while (last.size > 0) await Promise.all(last);
    },
  };
}

function keep<value>(map: Map<string, value>, key: string, each: value): () => void {
  map.set(key, each);
  return () => {
    if (map.get(key) === each) map.delete(key);
  };
}

function keyOf(...names: readonly string[]): string {
  return names.join(' ');
}
