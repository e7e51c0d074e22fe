/** Owns asking once more with a password where a request is answered with 401 or 407 (RFC 3261 §22.2, §22.3). */
import type { Authenticator, Unanswered } from './digest.ts';
import type { Header, SipResponse } from './message.ts';

/** What came of it in the end. */
export interface Proved<heard> {
  readonly heard: heard;
  /** Of a 401 or 407: why it was not answered. */
  readonly unanswered: Unanswered | undefined;
}

/**
 * Asks with whatever proofs there are, and again as often as that is of use: a password that was refused
 * is not told twice. `mayGoOn` false: the last answer is the last.
 */
export async function askProving<heard extends { readonly response: SipResponse }>(
  authenticator: Authenticator,
  { method, uri }: { readonly method: string; readonly uri: string },
  ask: (proofs: readonly Header[]) => Promise<heard>,
  mayGoOn: () => boolean = () => true,
): Promise<Proved<heard>> {
  authenticator.beginRequest();
  for (;;) {
    const heard = await ask(authenticator.headersFor(method, uri));
    const { status } = heard.response;
    if ((status !== 401 && status !== 407) || !mayGoOn()) return { heard, unanswered: undefined };
    const unanswered = authenticator.take(heard.response);
    if (unanswered !== undefined) return { heard, unanswered };
  }
}
