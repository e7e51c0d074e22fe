/**
 * Owns the application's side of OpenID Connect, made with `openid-client` as anybody would: code
 * flow with PKCE, state and nonce, and logout tokens checked as the specification says.
 */
import type { Configuration } from 'openid-client';
import * as z from 'zod';

import type { Claims } from './visitors.ts';

/** One way to Tweestap and back. */
export interface Errand {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface RelyingParty {
  /** Where to send the browser; `stepUp` asks for the second step again. */
  begin(options: {
    readonly stepUp: boolean;
  }): Promise<{ readonly errand: Errand; readonly address: URL }>;
  /** Redeems what the browser came back with; throws where any check fails. */
  finish(
    arrivedAt: URL,
    errand: Errand,
  ): Promise<{ readonly claims: Claims; readonly idToken: string }>;
  /** Where to send the browser to sign out. */
  signOutAddress(idToken: string): Promise<URL>;
  /** Whose session ended, by a logout token; throws where it is not one of Tweestap's for us. */
  readLogout(
    token: string,
  ): Promise<{ readonly sub: string | undefined; readonly sid: string | undefined }>;
}

const twoSteps = 'https://refeds.org/profile/mfa';

const claimsSchema = z.object({
  sub: z.string(),
  name: z.string(),
  preferred_username: z.string(),
  email: z.string().optional(),
  groups: z.array(z.string()).default([]),
  acr: z.string(),
  amr: z.array(z.string()),
  auth_time: z.number(),
  sid: z.string().optional(),
});

const logoutSchema = z.object({
  sub: z.string().optional(),
  sid: z.string().optional(),
  // §2.4: a token with a nonce is an ID token, and none of ours.
  nonce: z.undefined().optional(),
  events: z.object({ 'http://schemas.openid.net/event/backchannel-logout': z.object({}) }),
});

/** Gets ready when it is first needed, and again when Tweestap was not there yet. */
export function createRelyingParty(parts: {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly origin: string;
}): RelyingParty {
  const { issuer, clientId, clientSecret, origin } = parts;
  let known: Promise<Configuration> | undefined;
  const library = () => import('openid-client');

  const discover = async (): Promise<Configuration> => {
    const client = await library();
    const isPlain = issuer.startsWith('http:');
    return client.discovery(
      new URL(issuer),
      clientId,
      undefined,
      clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
      { execute: isPlain ? [client.allowInsecureRequests] : [] },
    );
  };
  const configuration = (): Promise<Configuration> => {
    known ??= discover().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };

  return {
    begin: async ({ stepUp }) => {
      const [client, config] = [await library(), await configuration()];
      const errand = {
        verifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
      };
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: `${origin}/callback`,
        scope: 'openid profile email groups',
        code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
        state: errand.state,
        nonce: errand.nonce,
        ...(stepUp ? { acr_values: twoSteps, max_age: '0' } : {}),
      });
      return { errand, address };
    },
    finish: async (arrivedAt, errand) => {
      const [client, config] = [await library(), await configuration()];
      const tokens = await client.authorizationCodeGrant(config, arrivedAt, {
        pkceCodeVerifier: errand.verifier,
        expectedState: errand.state,
        expectedNonce: errand.nonce,
        idTokenExpected: true,
      });
      const {
        preferred_username: account,
        auth_time: authTime,
        ...claims
      } = claimsSchema.parse(tokens.claims());
      return {
        claims: { ...claims, account, authTime, email: claims.email, sid: claims.sid },
        idToken: tokens.id_token ?? '',
      };
    },
    signOutAddress: async (idToken) => {
      const [client, config] = [await library(), await configuration()];
      return client.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: `${origin}/signed-out`,
      });
    },
    readLogout: async (token) => {
      const [{ createRemoteJWKSet, jwtVerify }, config] = [
        await import('jose'),
        await configuration(),
      ];
      const { jwks_uri: keys = '' } = config.serverMetadata();
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), {
        issuer,
        audience: clientId,
        typ: 'logout+jwt',
        algorithms: ['ES256'],
        maxTokenAge: '2 minutes',
        requiredClaims: ['jti'],
      });
      const { sub, sid } = logoutSchema.parse(payload);
      if (sub === undefined && sid === undefined) throw new Error('It names nobody.');
      return { sub, sid };
    },
  };
}
