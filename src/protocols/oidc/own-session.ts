/**
 * Owns how the engine's session names the session of ours that it belongs to. Apart from `adapter.ts`,
 * which brings the whole engine along.
 */
import type { OidcRecord } from './oidc-store.ts';

/** In the engine's session record: the id of our session. */
export const ownField = 'own';

/** The id of the session of ours that a record of the engine's session belongs to. */
export function ownSessionOf(payload: OidcRecord['payload'] | undefined): Buffer | undefined {
  const own = payload?.[ownField];
  return typeof own === 'string' ? Buffer.from(own, 'base64url') : undefined;
}
