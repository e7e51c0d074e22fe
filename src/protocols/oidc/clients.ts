/** Owns how an application looks to the engine: as client metadata (RFC 7591 §2). */
import type { Application } from '../../applications/application.ts';
import { isNative } from '../../applications/applications.ts';
import type { Strengths } from '../../policies/strengths.ts';
import { requirementNamed, type Required, type Requirement } from '../../sessions/proven.ts';

/** What the engine carries along for us, beside what it knows itself. */
export const ownMetadata = ['tweestap_required', 'tweestap_role', 'tweestap_api'] as const;

/** What an application asks for that wants to use our interface as whoever signs in to it. */
export const apiScope = 'api';

/** The metadata of an application. Code flow with PKCE only; ES256 only. */
export function clientMetadata(application: Application): Readonly<Record<string, unknown>> {
  const { clientSecret, backchannelLogoutUri } = application;
  const opensForPeople = application.grants.includes('authorization_code');
  return {
    client_id: application.clientId,
    client_name: application.name,
    application_type: isNative(application) ? 'native' : 'web',
    redirect_uris: [...application.redirectUris],
    post_logout_redirect_uris: [...application.postLogoutRedirectUris],
    grant_types: [...application.grants],
    response_types: opensForPeople ? ['code'] : [],
    id_token_signed_response_alg: 'ES256',
    tweestap_required: application.required,
    ...(application.role === undefined ? {} : { tweestap_role: application.role }),
    ...(application.api === true ? { tweestap_api: true } : {}),
    ...(clientSecret === undefined
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_basic', client_secret: clientSecret }),
    ...(backchannelLogoutUri === undefined
      ? {}
      : {
          backchannel_logout_uri: backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
  };
}

/** Whether people may let this client use our interface as themselves. */
export function mayUseApi(client: Readonly<Record<string, unknown>> | undefined): boolean {
  return client?.['tweestap_api'] === true;
}

/** What every sign-in for this client must prove. */
export function requirementOf(client: Readonly<Record<string, unknown>>): Requirement {
  const name = client['tweestap_required'];
  // Written by `clientMetadata` alone; whatever else it is, it must not let more people in.
  return requirementNamed(typeof name === 'string' ? name : 'phishing-resistant');
}

/**
 * Whether the proofs that a code or a refresh token was given for (RFC 8176) are enough for what its client
 * requires now. No more is known of them by then than in which ways they were made.
 */
export function isStillEnough(
  client: Readonly<Record<string, unknown>>,
  amr: readonly string[] = [],
  { mayReach }: Pick<Strengths, 'mayReach'>,
): boolean {
  const { required, strengths } = requirementOf(client);
  return reaches(amr, required) && strengths.every((id) => mayReach(id, amr));
}

function reaches(amr: readonly string[], required: Required): boolean {
  switch (required) {
    case 'password':
      return true;
    case 'second-step':
      return amr.includes('mfa') || amr.includes('pop');
    case 'phishing-resistant':
      return amr.includes('pop');
  }
}
