/**
 * Owns which client a packet comes from: the address says who it may be, the signature says who it is.
 * The list is read again every second, so that whoever is removed gets no answer soon after, on any node.
 */
import type { RadiusClientStore } from '../../applications/radius-client-store.ts';
import type { RadiusClient } from '../../applications/radius-client.ts';
import { addressRanges, type AddressRanges } from '../../lib/ip.ts';
import { judgeMessageAuthenticator } from '../../lib/radius/message-authenticator.ts';
import { valuesOf, type Packet } from '../../lib/radius/packet.ts';

/** A client that may ask. */
export interface KnownClient extends RadiusClient {
  readonly key: Buffer;
}

/** Who asks, or why that is nobody: for the log, never for whoever asks. */
export type Recognised =
  | { readonly kind: 'client'; readonly client: KnownClient }
  | {
      readonly kind: 'nobody';
      readonly reason: 'unknown-address' | 'unsigned' | 'wrongly-signed';
    };

export interface KnownClients {
  recognise(packet: Packet, address: string): Promise<Recognised>;
}

/** How old the list may be. */
const rereadMs = 1_000;

interface Listed {
  readonly client: KnownClient;
  readonly ranges: AddressRanges;
}

/** The list as it was at one moment, and who of it asks from which address. */
interface Reading {
  readonly at: number;
  readonly list: Promise<readonly Listed[]>;
  readonly byAddress: Map<string, readonly Listed[]>;
}

/** Makes the look-up. */
export function createKnownClients(store: Pick<RadiusClientStore, 'list'>): KnownClients {
  let read: Reading | undefined;

  const current = (): Reading => {
    const at = performance.now();
    if (read !== undefined && at - read.at <= rereadMs) return read;
    const list = store.list().then((all) => all.map(listed));
    const reading: Reading = { at, list, byAddress: new Map() };
    read = reading;
    // What could not be read is read again at once.
    list.catch(() => {
      if (read === reading) read = undefined;
    });
    return reading;
  };

  const listedAt = async (address: string): Promise<readonly Listed[]> => {
    const { list, byAddress } = current();
    const all = await list;
    const known = byAddress.get(address);
    if (known !== undefined) return known;
    const here = all.filter(({ ranges }) => ranges.has(address));
    byAddress.set(address, here);
    return here;
  };

  return {
    recognise: async (packet, address) => {
      const here = await listedAt(address);
      if (here.length === 0) return { kind: 'nobody', reason: 'unknown-address' };
      for (const { client } of here) {
        const judged = judgeMessageAuthenticator(packet, client.key);
        if (judged === 'valid') return { kind: 'client', client };
        if (judged === 'absent') return recogniseUnsigned(packet, here);
      }
      return { kind: 'nobody', reason: 'wrongly-signed' };
    },
  };
}

/**
 * A request that is not signed is believed of a client that never signs, which asks from this machine
 * (`radius-clients.ts`). With a Proxy-State it never is: that is what an answer is forged with.
 */
function recogniseUnsigned(packet: Packet, here: readonly Listed[]): Recognised {
  const unsigned = here.find(({ client }) => !client.signs);
  return unsigned === undefined || valuesOf(packet, 'proxy-state').length > 0
    ? { kind: 'nobody', reason: 'unsigned' }
    : { kind: 'client', client: unsigned.client };
}

function listed(client: RadiusClient): Listed {
  return {
    client: { ...client, key: Buffer.from(client.secret) },
    ranges: addressRanges(client.addresses),
  };
}
