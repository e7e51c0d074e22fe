/** An application in front of Tweestap, made with `openid-client`: an independent implementation. */
import * as client from 'openid-client';

/** One way to us and back. */
export interface Errand {
  readonly address: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface RelyingParty {
  readonly config: client.Configuration;
  readonly redirectUri: string;
  /** Makes an authorization request, as RFC 9700 wants it. */
  begin(parameters?: Readonly<Record<string, string>>): Promise<Errand>;
  /** Redeems what came back, with every check of the library. */
  redeem(
    arrivedAt: URL,
    errand: Errand,
    checks?: client.AuthorizationCodeGrantChecks,
  ): ReturnType<typeof client.authorizationCodeGrant>;
  refresh(token: string): ReturnType<typeof client.refreshTokenGrant>;
  userInfo(token: string, subject: string): ReturnType<typeof client.fetchUserInfo>;
}

/** Discovers the provider and gets ready. */
export async function relyingParty(
  origin: string,
  application: { readonly clientId: string; readonly clientSecret: string | undefined },
  redirectUri: string,
): Promise<RelyingParty> {
  const { clientId, clientSecret } = application;
  const config = await client.discovery(
    new URL(origin),
    clientId,
    undefined,
    clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret),
    { execute: [client.allowInsecureRequests] },
  );
  client.enableNonRepudiationChecks(config);
  return {
    config,
    redirectUri,
    begin: async (parameters = {}) => {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email groups',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...parameters,
      });
      return { address, verifier, state, nonce };
    },
    redeem: (arrivedAt, errand, checks = {}) =>
      client.authorizationCodeGrant(config, arrivedAt, {
        pkceCodeVerifier: errand.verifier,
        expectedState: errand.state,
        expectedNonce: errand.nonce,
        idTokenExpected: true,
        ...checks,
      }),
    refresh: (token) => client.refreshTokenGrant(config, token),
    userInfo: (token, subject) => client.fetchUserInfo(config, token, subject),
  };
}
