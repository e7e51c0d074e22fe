/** Owns what an Access-Request says, read once and strictly. */
import { normaliseAddress } from '../../lib/ip.ts';
import { decodeText, textOf, valueOf, valuesOf, type Packet } from '../../lib/radius/packet.ts';
import { revealPassword } from '../../lib/radius/user-password.ts';
import type { KnownClient } from './known-clients.ts';

export interface AccessRequest {
  readonly client: KnownClient;
  /** As typed: a user principal name, or its part before the organisation's own domain. */
  readonly name: string;
  /** What was typed into the field of the password; may be empty. */
  readonly typed: string;
  /** What the client was given with a challenge; undefined in a first round. */
  readonly state: string | undefined;
  /** Where the person sits, as the client says it, else where the client is. */
  readonly address: string;
}

/**
 * Reads it. `unreadable`: no name, or a password that is no text. `not-pap`: it brings something else
 * than a password (CHAP, EAP), which we could only compare if we kept passwords in the clear.
 */
export function readRequest(
  packet: Packet,
  client: KnownClient,
  from: string,
): AccessRequest | 'unreadable' | 'not-pap' {
  const name = textOf(packet, 'user-name');
  if (name === undefined || name.trim() === '') return 'unreadable';
  const hidden = valueOf(packet, 'user-password');
  if (hidden === undefined) {
    const hasOther = (['chap-password', 'eap-message'] as const).some(
      (attribute) => valuesOf(packet, attribute).length > 0,
    );
    return hasOther ? 'not-pap' : 'unreadable';
  }
  const revealed = revealPassword(hidden, client.key, packet.authenticator);
  const typed = revealed === undefined ? undefined : decodeText(revealed);
  if (typed === undefined) return 'unreadable';
  const states = valuesOf(packet, 'state');
  return {
    client,
    name,
    typed,
    // One that cannot be read is one that was never given.
    state: states.length === 0 ? undefined : (textOf(packet, 'state') ?? ''),
    address: normaliseAddress(textOf(packet, 'calling-station-id') ?? '') ?? from,
  };
}
