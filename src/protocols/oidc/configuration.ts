/**
 * Owns how the engine is set up: strict. Code flow with PKCE only, ES256 only, no way to register,
 * to ask without a browser or to be asked from elsewhere, and its pages are ours.
 */
import { errors, type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider';

import type { UserStore } from '../../accounts/user-store.ts';
import { maySignIn } from '../../accounts/user.ts';
import type { ApplicationStore } from '../../applications/application-store.ts';
import type { SigningKey } from '../../applications/key-store.ts';
import { locales } from '../../i18n/locale.ts';
import type { Clock } from '../../lib/clock.ts';
import { acrValues, type Required } from '../../sessions/proven.ts';
import type { SessionStore } from '../../sessions/session-store.ts';
import { createAdapters } from './adapter.ts';
import { claimsByScope, claimsOf } from './claims.ts';
import { apiScope, isStillEnough, mayUseApi, ownMetadata } from './clients.ts';
import type { Courier } from './courier.ts';
import { faultIn, shielded } from './engine-fault.ts';
import type { Report } from './events.ts';
import type { OidcStore } from './oidc-store.ts';
import { showPage } from './own-page.ts';
import { enginePaths, interactionPath } from './paths.ts';
import { createPolicy, noStrengths } from './policy.ts';
import { askToSignOut } from './sign-out.ts';
import { faultPage, refusedPage } from './views.ts';
import { currentVisit, type Visit } from './visit.ts';

export interface EngineParts {
  /** The origin people see: the issuer, and where every link leads. */
  readonly origin: string;
  readonly store: OidcStore;
  readonly applications: Pick<ApplicationStore, 'find'>;
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly clock: Clock;
  readonly courier: Courier;
  /** What somebody here could prove at best. */
  readonly offered: readonly Required[];
  /** What the organisation asks of this person now, from where they are. */
  readonly standingOf: (visit: Visit) => Promise<Required>;
  readonly report: Report;
}

/** The engine's own cookies. Those of one request are for one path, so they cannot be `__Host-`. */
export function cookieNames(isSecure: boolean): {
  readonly session: string;
  readonly interaction: string;
  readonly resume: string;
} {
  return isSecure
    ? {
        session: '__Host-oidc',
        interaction: '__Secure-oidc-interaction',
        resume: '__Secure-oidc-resume',
      }
    : {
        session: 'tweestap-oidc',
        interaction: 'tweestap-oidc-interaction',
        resume: 'tweestap-oidc-resume',
      };
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How long things live, in seconds. What belongs to a session ends with it at the latest. */
const lives = {
  code: minute,
  accessToken: hour,
  idToken: hour,
  programToken: 10 * minute,
  interaction: hour,
  session: day,
  /** Since its last use; with `offline_access`, which no session ends, and in all. */
  refreshToken: day,
  offlineToken: 14 * day,
  offlineInAll: 90 * day,
} as const;

/** The engine's configuration, with the keys it publishes; it signs with the first. */
export function configurationOf(parts: EngineParts, keys: readonly SigningKey[]): Configuration {
  const { origin, clock, courier, report } = parts;
  const isSecure = origin.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure: isSecure, signed: false } as const;

  return {
    adapter: createAdapters({
      ...parts,
      reused: (grantId) => report({ kind: 'reused', grantId }),
    }),
    jwks: { keys: keys.map(toJwk) },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: [...ownMetadata] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clientBasedCORS: () => false,
    clockTolerance: 0,

    responseTypes: ['code'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => askToSignOut(ctx, `${enginePaths.end_session}/confirm`),
      },
      resourceIndicators: {
        enabled: true,
        // A program's token is for our own interface. A person's is for userinfo, unless an application
        // that may asks for the interface by its scope; it is opaque, and looked up with every use.
        defaultResource: (ctx) => (isForProgram(ctx) || asksForApi(ctx) ? origin : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource, client) => {
          if (resource !== origin) throw new errors.InvalidTarget();
          if (!isForProgram(ctx)) {
            if (!mayUseApi(client)) throw new errors.InvalidTarget();
            return {
              scope: apiScope,
              audience: origin,
              accessTokenFormat: 'opaque',
              accessTokenTTL: lives.accessToken,
            };
          }
          return {
            scope: '',
            audience: origin,
            accessTokenFormat: 'jwt',
            accessTokenTTL: lives.programToken,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    extraTokenClaims: (_ctx, token) => {
      const role = token.kind === 'ClientCredentials' ? token.client?.['tweestap_role'] : undefined;
      return typeof role === 'string' ? { roles: [role] } : undefined;
    },

    acrValues: [...acrValues],
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: [...claimsByScope.openid],
      profile: [...claimsByScope.profile],
      email: [...claimsByScope.email],
      groups: [...claimsByScope.groups],
    },
    // Many applications never ask userinfo: what was asked for is in the ID token too.
    conformIdTokenClaims: false,
    findAccount: (ctx, id, given) =>
      shielded(async () => {
        // An application may require more since its tokens were given (attack ATK-22).
        const isSpent = given?.kind === 'AuthorizationCode' || given?.kind === 'RefreshToken';
        const { client } = ctx.oidc;
        const visit = currentVisit();
        if (isSpent) {
          const strengths = visit?.strengths ?? noStrengths;
          const isEnough = client !== undefined && isStillEnough(client, given.amr, strengths);
          if (!isEnough) return undefined;
        }
        const user = visit?.person?.id === id ? visit.person : await parts.users.find(id);
        if (user === undefined || !maySignIn(user, clock.now())) return undefined;
        return { accountId: user.id, claims: () => ({ ...claimsOf(user) }) };
      }),

    interactions: {
      policy: createPolicy(parts),
      url: (_ctx, interaction) => interactionPath(interaction.uid),
    },
    loadExistingGrant: grantWhatIsAsked,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: (_ctx, token) => !token.scopes.has('offline_access'),
    ttl: {
      AuthorizationCode: lives.code,
      AccessToken: lives.accessToken,
      ClientCredentials: lives.programToken,
      IdToken: lives.idToken,
      Interaction: lives.interaction,
      RefreshToken: (_ctx, token) =>
        token.expiresWithSession === true
          ? lives.refreshToken
          : Math.max(1, Math.min(lives.offlineToken, lives.offlineInAll - token.totalLifetime())),
      Grant: (_ctx, grant) =>
        grant.getOIDCScope().split(' ').includes('offline_access')
          ? lives.offlineInAll
          : sessionSeconds(clock) + lives.accessToken,
      Session: () => sessionSeconds(clock),
    },

    routes: enginePaths,
    cookies: { names: cookieNames(isSecure), long: cookie, short: cookie },
    discovery: { ui_locales_supported: [...locales] },
    renderError,
    fetch: async (address, options) => {
      // Word of a sign-out is all that the engine ever sends to anybody.
      const body = options?.method === 'POST' ? options.body : undefined;
      if (!(body instanceof URLSearchParams) || typeof address !== 'string') {
        throw new Error('The engine wanted to fetch something.');
      }
      const outcome = await courier.post(new URL(address), body.toString());
      return new Response(null, { status: outcome === 'refused' ? 502 : 204 });
    },
  };
}

function toJwk({ kid, algorithm, privateJwk }: SigningKey): JWK {
  return { ...privateJwk, kid, alg: algorithm, use: 'sig' };
}

function isForProgram({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.route === 'token' && oidc.params?.['grant_type'] === 'client_credentials';
}

/** Whether an authorization request is one for our interface, by an application that may ask. */
function asksForApi({ oidc }: KoaContextWithOIDC): boolean {
  const { scope } = oidc.params ?? {};
  return (
    oidc.route !== 'token' &&
    typeof scope === 'string' &&
    scope.split(' ').includes(apiScope) &&
    mayUseApi(oidc.client)
  );
}

/** How long the session of this browser may last yet. */
function sessionSeconds(clock: Clock): number {
  const end = currentVisit()?.session?.expiresAt;
  if (end === undefined) return lives.session;
  return Math.max(1, Math.ceil((end.getTime() - clock.now().getTime()) / 1000));
}

/** Nobody is asked for consent: applications are the organisation's own, and get what they ask. */
async function grantWhatIsAsked(ctx: KoaContextWithOIDC) {
  const { provider, account, client, session } = ctx.oidc;
  if (account === undefined || client === undefined || session === undefined) return undefined;
  const held = session.grantIdFor(client.clientId);
  const known = held === undefined ? undefined : await provider.Grant.find(held);
  const wanted = ctx.oidc.requestParamOIDCScopes;
  const resources = Object.entries(ctx.oidc.resourceServers ?? {});
  // A grant lives as long as it was made for; what outlives the session needs one of its own.
  const isTooShort =
    wanted.has('offline_access') && !known?.getOIDCScope().split(' ').includes('offline_access');
  const isKept = known !== undefined && known.accountId === account.accountId && !isTooShort;
  const grant = isKept
    ? known
    : new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  const scopes = [...wanted].filter((scope) => !grant.getOIDCScope().split(' ').includes(scope));
  const claims = [...ctx.oidc.requestParamClaims].filter(
    (claim) => !grant.openid?.claims?.includes(claim),
  );
  const missing = resources.filter(([name]) => grant.getResourceScope(name) !== apiScope);
  const isComplete = scopes.length === 0 && claims.length === 0 && missing.length === 0;
  if (isKept && isComplete) return grant;
  if (scopes.length > 0) grant.addOIDCScope(scopes);
  if (claims.length > 0) grant.addOIDCClaims(claims);
  // The engine lets only those get here who may have it.
  for (const [name] of missing) grant.addResourceScope(name, apiScope);
  await grant.save();
  return grant;
}

const renderError: NonNullable<Configuration['renderError']> = (ctx, out, error) => {
  const visit = currentVisit();
  if (visit === undefined) return;
  const fault = faultIn(error);
  if (fault !== undefined) {
    ctx.status = fault.status;
    showPage(ctx, faultPage(visit.request, fault.code));
  } else if (error instanceof errors.SessionNotFound) {
    showPage(ctx, faultPage(visit.request, 'ATTEMPT_EXPIRED'));
  } else if (out.error === 'server_error') {
    showPage(ctx, faultPage(visit.request, 'INTERNAL'));
  } else {
    const { error: code, error_description: description } = out;
    const details = description === undefined ? code : `${code}: ${description}`;
    showPage(ctx, refusedPage(visit.request, details));
  }
};
