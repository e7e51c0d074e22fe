/**
 * Owns the sound of one call: a port of ours, what both sides agreed on, what is said there and which keys
 * are heard. Hears only the address and port that were agreed, decrypted where encryption was.
 */
import { isIPv6 } from 'node:net';

import { normaliseAddress } from '../ip.ts';
import { systemRandom, type Random } from '../random.ts';
import { hearCall } from './hearing.ts';
import { openPorts, type PortRange } from './ports.ts';
import { answerTo, offerOf, readAnswer, type OwnMedia, type RtpPeer } from './sdp.ts';
import { speakInCall } from './speaking.ts';
import { keyAndSaltLength, srtpReceiver, srtpSender } from './srtp.ts';

export interface MediaOptions {
  /** The IP address to listen on, of this machine. */
  readonly host: string;
  /** What the other side is told to send to, an IP address; `host` unless told. */
  readonly announcedHost?: string;
  /** The ports that a firewall lets through, two for each call; any free ones unless told. */
  readonly ports?: PortRange;
  /**
   * Whether the sound is encrypted (SRTP) or there is none; false unless told. Its keys stand in what is
   * offered: offer it where nobody reads that on the way.
   */
  readonly isEncrypted?: boolean;
  /** Chance; the machine's own unless told. */
  readonly random?: Random;
}

/** The sound of one call. */
export interface Media {
  /** Where it is heard: an even one. */
  readonly port: number;
  /** What we offer (SDP). */
  readonly offer: () => string;
  /**
   * Takes the answer to our offer; false where there is nothing in common. From then on it sends, silence
   * where nothing is played, until it is closed.
   */
  readonly connect: (answer: string) => boolean;
  /** Answers an offer of the other side during the call (SDP); null where there is nothing in common. */
  readonly answer: (offer: string) => string | null;
  /**
   * Plays samples (8,000 a second) behind whatever is still playing. Resolves when the last was sent; at once
   * when aborted or closed. Never rejects.
   */
  readonly play: (samples: Int16Array, signal: AbortSignal) => Promise<void>;
  /**
   * Dials `0`–`9`, `A`–`D`, `*`, `#`, and `,` for a pause of two seconds; anything else is passed over. As
   * events where the other side agreed to them, else as tones. Resolves as `play` does.
   */
  readonly dial: (keys: string, signal: AbortSignal) => Promise<void>;
  /** Who hears each pressed key, once, when it is pressed. Must not throw. */
  readonly onKey: (heard: (key: string) => void) => void;
  /**
   * Who hears the sound of each packet (8,000 samples a second), 20 ms of it as a rule, in its order: what was
   * overtaken is left out. Must not throw.
   */
  readonly onSound: (heard: (samples: Int16Array) => void) => void;
  /** Ends it: nothing is sent or heard any more. Closing twice does no harm. */
  readonly close: () => void;
}

/** Opens a port; throws where there is none. */
export async function openMedia(options: MediaOptions): Promise<Media> {
  const { host, announcedHost = host, isEncrypted = false, random = systemRandom } = options;
  const { rtp, rtcp, port } = await openPorts(host, options.ports, random);
  const srtpKey = isEncrypted ? random.bytes(keyAndSaltLength) : undefined;
  const own: OwnMedia = {
    host: announcedHost,
    port,
    sessionId: random.bytes(4).readUInt32BE(),
    ...(srtpKey === undefined ? {} : { srtpKey }),
  };
  const keyListeners: ((key: string) => void)[] = [];
  const soundListeners: ((samples: Int16Array) => void)[] = [];
  const hearing = hearCall();
  const encrypt = srtpKey === undefined ? undefined : srtpSender(srtpKey);
  const speaking = speakInCall(
    {
      ssrc: random.bytes(4).readUInt32BE(),
      // In the lower half: whoever misses the first packets still knows how often the numbers went around.
      sequence: random.bytes(2).readUInt16BE() & 0x7fff,
      timestamp: random.bytes(4).readUInt32BE(),
    },
    (packet, to) => {
      const bytes = encrypt === undefined ? packet : encrypt(packet);
      // Whoever is not there is missed by the silence that follows, not by this.
      rtp.send(bytes, to.port, to.host, () => undefined);
    },
  );

  let peer: RtpPeer | undefined;
  let decrypting: { readonly key: Buffer; readonly decrypt: Decrypt } | undefined;
  let version = 1;
  let isClosed = false;

  const isReachable = (agreed: RtpPeer): boolean => isIPv6(agreed.host) === isIPv6(host);

  const agree = (agreed: RtpPeer): void => {
    // A description that is only repeated changes nothing, least of all which presses were heard.
    if (agreed.host !== peer?.host || agreed.port !== peer.port) hearing.turn();
    const key = agreed.srtp?.keyAndSalt;
    // Nor is anything forgotten that was heard under the same key: it could be said again.
    if (key !== undefined && decrypting?.key.equals(key) !== true) {
      decrypting = { key, decrypt: srtpReceiver(key) };
    }
    peer = agreed;
    speaking.speakTo(agreed);
  };

  rtp.on('message', (datagram, from) => {
    if (peer === undefined || isClosed) return;
    if (from.port !== peer.port || normaliseAddress(from.address) !== peer.host) return;
    const packet = isEncrypted ? decrypting?.decrypt(datagram) : datagram;
    if (packet === undefined) return;
    const { keys, sound } = hearing.hear(packet, peer, performance.now());
    for (const key of keys) for (const listener of keyListeners) listener(key);
    if (sound !== undefined) for (const listener of soundListeners) listener(sound);
  });

  return {
    port,
    offer: () => offerOf(own),
    connect: (answer) => {
      const agreed = readAnswer(answer, { isEncrypted });
      if (agreed === null || !isReachable(agreed)) return false;
      agree(agreed);
      return true;
    },
    answer: (offer) => {
      const answered = answerTo(offer, { ...own, version: version + 1 });
      if (answered === null || !isReachable(answered.peer)) return null;
      version += 1;
      agree(answered.peer);
      return answered.sdp;
    },
    play: speaking.play,
    dial: speaking.dial,
    onKey: (heard) => {
      keyListeners.push(heard);
    },
    onSound: (heard) => {
      soundListeners.push(heard);
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      speaking.stop();
      rtp.close();
      rtcp?.close();
    },
  };
}

type Decrypt = ReturnType<typeof srtpReceiver>;
