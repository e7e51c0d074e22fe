/**
 * Owns the access token that some mail servers want instead of a password (XOAUTH2): fetched from the
 * service that signs us in (RFC 6749 §4.4 or §6), kept as long as it says, fetched anew once the mail
 * server does not take it any more.
 */
import { z } from 'zod';

import type { Clock } from '../../../lib/clock.ts';
import { callProvider, jsonIn, unreadableAnswer } from '../../http-call.ts';
import { deliveryRefused } from '../../refusal.ts';
import type { SmtpSettings } from './settings.ts';

/** What a token is asked with. */
export type TokenSettings = NonNullable<SmtpSettings['oauth']>;

export interface AccessTokens {
  /**
   * One that is good for another minute. Throws `DELIVERY_REFUSED`, which may be tried again: an
   * operator sets right what the service does not take.
   */
  current(signal: AbortSignal): Promise<string>;
  /** The mail server did not take this one: another is fetched. */
  forget(token: string): void;
}

/** Whom an operator knows to be asked. */
const provider = 'the sign-in service for mail';
/** A token that ends within the next conversation is not worth one. */
const spareMs = 60_000;
/** RFC 6749 leaves open how long a token lasts where the service does not say. */
const unsaidSeconds = 300;

const answered = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).max(16_384).optional().catch(undefined),
});
const refused = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** Makes the keeper of one token; nothing is fetched before it is asked for. */
export function createAccessTokens(settings: TokenSettings, clock: Clock): AccessTokens {
  let kept: { readonly token: string; readonly until: number } | undefined;
  // Where the service gives a new one with each token, the old one is soon worth nothing.
  let { refreshToken } = settings;
  let fetching: Promise<string> | undefined;

  async function fetchToken(signal: AbortSignal): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scope, authorities } = settings;
    const answer = await callProvider({
      provider,
      url: new URL(tokenUrl),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({
        client_id: clientId,
        ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
        ...(refreshToken === undefined
          ? { grant_type: 'client_credentials' }
          : { grant_type: 'refresh_token', refresh_token: refreshToken }),
        ...(scope === undefined ? {} : { scope }),
      }).toString(),
      signal,
      authorities,
    });
    if (answer.status < 200 || answer.status >= 300) {
      const told = refused.safeParse(jsonIn(answer));
      const why = told.success ? `${answer.status} ${told.data.error}` : String(answer.status);
      const fault = `${provider} gave no token: ${why}`;
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault });
    }
    const said = answered.safeParse(jsonIn(answer));
    if (!said.success) {
      const { fault } = unreadableAnswer(provider);
      throw deliveryRefused({ retry: true, reason: 'unreachable', fault });
    }
    const { access_token: token, expires_in: seconds = unsaidSeconds } = said.data;
    refreshToken = said.data.refresh_token ?? refreshToken;
    kept = { token, until: clock.now().getTime() + seconds * 1_000 - spareMs };
    return token;
  }

  return {
    current: async (signal) => {
      if (kept !== undefined && clock.now().getTime() < kept.until) return kept.token;
      // Many mails at once want one token.
      fetching ??= fetchToken(signal).finally(() => {
        fetching = undefined;
      });
      return fetching;
    },
    forget: (token) => {
      if (kept?.token === token) kept = undefined;
    },
  };
}
