/**
 * Owns whose an access token is, for our own interfaces. Nothing in a token says what may be done with
 * it: the program, its role, the person and their session are looked up with every request, so whatever
 * ended or changed holds at once.
 */
import type { CryptoKey, JWTHeaderParameters } from 'jose';

import type { ApplicationStore } from '../../applications/application-store.ts';
import type { Role } from '../../accounts/user.ts';
import { roleOfProgram } from '../../administration/acting-admin.ts';
import type { Clock } from '../../lib/clock.ts';
import type { CurrentSession, CurrentSessions } from '../../signin/current-session.ts';
import { ownSessionOf } from './own-session.ts';
import { apiScope } from './clients.ts';
import type { SigningKeys } from './keys.ts';
import type { OidcStore } from './oidc-store.ts';

/** Who presents a token: a program with its role as it is now, or somebody signed in. */
export type Bearer =
  | {
      readonly kind: 'program';
      readonly application: { readonly clientId: string; readonly role: Role };
    }
  | { readonly kind: 'person'; readonly clientId: string; readonly current: CurrentSession };

/** Finds who presents a token; undefined where it is none of ours, has ended, or is for something else. */
export type FindBearer = (token: string) => Promise<Bearer | undefined>;

/** How long published keys are known before they are read anew: one that is withdrawn signs no longer. */
const keysKnownMs = 5_000;
const longestToken = 2_000;

/** Makes the look-up. */
export function createBearers(parts: {
  readonly origin: string;
  readonly store: Pick<OidcStore, 'find' | 'findBy'>;
  readonly applications: Pick<ApplicationStore, 'find'>;
  readonly currentById: CurrentSessions['byId'];
  readonly keys: Pick<SigningKeys, 'published'>;
  readonly clock: Clock;
}): FindBearer {
  const { origin, store, applications, clock } = parts;
  const keyFor = publicKeys(parts.keys);

  const program = async (token: string): Promise<Bearer | undefined> => {
    const clientId = await clientOf(token);
    const application = clientId === undefined ? undefined : await applications.find(clientId);
    const role = roleOfProgram(application);
    if (application === undefined || role === undefined) return undefined;
    return { kind: 'program', application: { clientId: application.clientId, role } };
  };

  /** Whom we gave this token to, if it is ours and lives. The engine times it by the machine's clock. */
  const clientOf = async (token: string): Promise<string | undefined> => {
    // With the first token: it takes a tenth of a second, and many an installation never sees one.
    const { errors, jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        issuer: origin,
        audience: origin,
        algorithms: ['ES256'],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'client_id', 'sub'],
      });
      const { client_id: clientId, sub } = payload;
      // A token that was given to a person's application is for nobody's own account here.
      return typeof clientId === 'string' && clientId === sub ? clientId : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };

  const person = async (token: string): Promise<Bearer | undefined> => {
    const now = clock.now();
    const payload = (await store.find('AccessToken', token, now))?.payload;
    const { clientId, grantId, accountId, sessionUid, scope, aud } = payload ?? {};
    if (
      typeof clientId !== 'string' ||
      typeof grantId !== 'string' ||
      typeof sessionUid !== 'string' ||
      typeof scope !== 'string' ||
      ![aud].flat().includes(origin) ||
      !scope.split(' ').includes(apiScope)
    ) {
      return undefined;
    }
    const [grant, engineSession, application] = await Promise.all([
      store.find('Grant', grantId, now),
      store.findBy('Session', 'uid', sessionUid, now),
      applications.find(clientId),
    ]);
    const sessionId = ownSessionOf(engineSession?.payload);
    if (grant === undefined || sessionId === undefined || application?.api !== true) {
      return undefined;
    }
    const current = await parts.currentById(sessionId);
    if (current === undefined || current.user.id !== accountId) return undefined;
    return { kind: 'person', clientId, current };
  };

  return async (token) => {
    if (token.length > longestToken) return undefined;
    if (/^[\w-]{20,100}$/.test(token)) return person(token);
    return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? program(token) : undefined;
  };
}

type FindKey = (header: JWTHeaderParameters) => Promise<CryptoKey | Uint8Array>;

function publicKeys(keys: Pick<SigningKeys, 'published'>): FindKey {
  let known: ReadonlyMap<string, CryptoKey | Uint8Array> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const { importJWK } = await import('jose');
    const found = new Map<string, CryptoKey | Uint8Array>();
    for (const { kid, privateJwk } of await keys.published()) {
      const { d: _private, ...publicJwk } = privateJwk;
      found.set(kid, await importJWK(publicJwk, 'ES256'));
    }
    known = found;
    readAt = performance.now();
  };
  const readOnce = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return async ({ kid }) => {
    if (performance.now() - readAt > keysKnownMs) await readOnce();
    const key = kid === undefined ? undefined : known.get(kid);
    if (key !== undefined) return key;
    const { errors } = await import('jose');
    throw new errors.JWKSNoMatchingKey();
  };
}
