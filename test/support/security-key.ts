/** Owns a security key that is plugged into a window of the tests: Chromium's virtual authenticator. */
import type { CDPSession } from 'playwright-core';

import type { Window } from './chromium.ts';

export interface PluggedKey {
  /** False: it waits to be touched, and the page with it. */
  touches(touched: boolean): Promise<void>;
  /** What it gets wrong from now on; nothing where nothing is said. */
  cheats(how?: {
    readonly isBogusSignature?: boolean;
    readonly isBadUV?: boolean;
    readonly isBadUP?: boolean;
  }): Promise<void>;
  /** Whether its owner's finger is the right one. */
  knowsOwner(known: boolean): Promise<void>;
  /** How many credentials it has. */
  count(): Promise<number>;
  unplug(): Promise<void>;
}

/**
 * Plugs a new key in. `passkey`: it is of the device itself and remembers whose it is; otherwise it
 * is a key for USB that does not.
 */
export async function plugIn(
  window: Window,
  kind: 'passkey' | 'usb-key' = 'passkey',
): Promise<PluggedKey> {
  const session: CDPSession = await window.context.newCDPSession(window.page);
  await session.send('WebAuthn.enable');
  const isPasskey = kind === 'passkey';
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: isPasskey ? 'internal' : 'usb',
      hasResidentKey: isPasskey,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    touches: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    cheats: async (how = {}) => {
      await session.send('WebAuthn.setResponseOverrideBits', {
        authenticatorId,
        isBogusSignature: false,
        isBadUV: false,
        isBadUP: false,
        ...how,
      });
    },
    knowsOwner: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    count: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      return credentials.length;
    },
    unplug: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}
