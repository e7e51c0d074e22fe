/**
 * Owns bringing word to applications that somebody signed out (OpenID Connect Back-Channel Logout
 * 1.0 §2.5). The person waits a moment for it and not longer: an application that does not answer
 * is tried again behind their back.
 */
import { setTimeout as wait } from 'node:timers/promises';

import { callOutside, isPublicAddress, OutgoingError } from '../../lib/outgoing.ts';

export interface Courier {
  /**
   * Posts a form to the address an application was registered with. Resolves when it was taken, when
   * it is in vain, or after two seconds, whichever comes first; never rejects.
   */
  post(address: URL, body: string): Promise<'taken' | 'refused' | 'on-its-way'>;
  /** Gives up what is still on its way. */
  close(): void;
}

/** What became of a message, for the log. */
export interface Delivered {
  /** The host only: addresses of applications may hold secrets. */
  readonly host: string;
  readonly tries: number;
  /** An HTTP status, or why there was none. */
  readonly result: number | OutgoingError['reason'];
}

/** Makes the courier. `internalHosts` may have private addresses. */
export function createCourier(parts: {
  readonly internalHosts: readonly string[];
  /** Whether people are sent to this origin of our own machine too: then an application lives there. */
  readonly livesHere: (address: URL) => Promise<boolean>;
  readonly report: (delivered: Delivered) => void;
  /** Pauses before the second try, the third …, in milliseconds. The token lives two minutes. */
  readonly pausesMs?: readonly number[];
  readonly patienceMs?: number;
}): Courier {
  const { report, pausesMs = [1000, 5000, 20_000], patienceMs = 2000 } = parts;
  const internalHosts = parts.internalHosts.map((host) => host.toLowerCase());
  const closing = new AbortController();

  /** An address inside is called only where the operator, or the address itself, says that it is. */
  const allows =
    (livesHere: boolean) =>
    (address: string, host: string): boolean => {
      if (isPublicAddress(address) || internalHosts.includes(host)) return true;
      return livesHere && isLoopbackHost(host) && isLoopbackAddress(address);
    };

  const tryOnce = async (address: URL, body: string): Promise<Delivered['result']> => {
    try {
      const isHere = isLoopbackHost(hostOf(address)) && (await parts.livesHere(address));
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await callOutside(
        address,
        { method: 'POST', headers, body },
        { allows: allows(isHere) },
      );
      return answer.status;
    } catch (error) {
      if (error instanceof OutgoingError) return error.reason;
      throw error;
    }
  };

  const deliver = async (address: URL, body: string): Promise<'taken' | 'refused'> => {
    for (let tries = 1; ; tries += 1) {
      const result = await tryOnce(address, body);
      const pause = pausesMs[tries - 1];
      if (!isWorthAnotherTry(result) || pause === undefined || closing.signal.aborted) {
        report({ host: address.host, tries, result });
        return result === 200 || result === 204 ? 'taken' : 'refused';
      }
      await wait(pause, undefined, { signal: closing.signal, ref: false });
    }
  };

  return {
    post: (address, body) => {
      const patience = new AbortController();
      const delivery = deliver(address, body).catch((): 'refused' => 'refused');
      const enough = wait(patienceMs, 'on-its-way' as const, { signal: patience.signal }).catch(
        () => 'on-its-way' as const,
      );
      return Promise.race([delivery, enough]).finally(() => patience.abort());
    },
    close: () => closing.abort(),
  };
}

/** A server that is down or overwhelmed may be up again; one that says no has said it. */
function isWorthAnotherTry(result: Delivered['result']): boolean {
  if (typeof result === 'number') return result >= 500 || result === 429;
  return result === 'failed' || result === 'too-slow';
}

/** As a resolver takes it: an IPv6 address without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}
