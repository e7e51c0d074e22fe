/**
 * Owns the tokens that a device reads with. Each says which device it is for and until when, under
 * the installation's key; nothing of it is kept. Whether the device is still there is asked each time.
 */
import { timingSafeEqual } from 'node:crypto';

import type { SecretBox } from '../../lib/secret-box.ts';

/** How long one is good. */
export const tokenMs = 10 * 60_000;

export interface DeviceTokens {
  issue(account: string, now: Date): { readonly token: string; readonly expiresAt: number };
  /** Whose it is; undefined where it is over, or none of ours. */
  read(token: string, now: Date): string | undefined;
}

/** Makes the tokens of this installation; every node makes and reads the same. */
export function createDeviceTokens(box: Pick<SecretBox, 'keyedHash'>): DeviceTokens {
  const sealOf = (said: string): Buffer => box.keyedHash('device-token', said);
  return {
    issue: (account, now) => {
      const expiresAt = now.getTime() + tokenMs;
      const said = `${expiresAt}.${account}`;
      return { token: `${said}.${sealOf(said).toString('base64url')}`, expiresAt };
    },
    read: (token, now) => {
      const end = token.lastIndexOf('.');
      const said = token.slice(0, end);
      const given = Buffer.from(token.slice(end + 1), 'base64url');
      const expected = sealOf(said);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const split = said.indexOf('.');
      return Number(said.slice(0, split)) > now.getTime() ? said.slice(split + 1) : undefined;
    },
  };
}
