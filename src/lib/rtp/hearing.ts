/**
 * Owns what is heard of the other side of a call: of all the packets that come from its address one source at
 * a time, which keys are pressed there, and the sound itself.
 */
import { decodeSpeech } from './g711.ts';
import { readRtp, sequenceDistance, type RtpPacket } from './packet.ts';
import { ownEventPayloadType, type RtpPeer } from './sdp.ts';
import { hearPress, latestPackets, type HeardPress } from './telephone-events.ts';
import { listenForTones } from './tones.ts';

/** What came in one packet. */
export interface Heard {
  /** The keys whose press begins with it; seldom more than none. */
  readonly keys: string;
  /** Its sound; undefined where it carries none, or later sound was heard before. */
  readonly sound: Int16Array | undefined;
}

/** All times are of one clock, in milliseconds. */
export interface Hearing {
  /** Hears a packet, decrypted. */
  readonly hear: (packet: Buffer, peer: RtpPeer, now: number) => Heard;
  /** What comes from now on is of another telephone. */
  readonly turn: () => void;
}

/**
 * A source that is quiet for so long may be followed by another of the same address, as where an exchange
 * puts a call through. Until then nobody else is heard, whatever address he pretends to have.
 */
const quietSourceMs = 1_000;
/** Of a packet so many samples are heard at most: 100 ms. */
const longestSound = 800;

const nothing: Heard = { keys: '', sound: undefined };

/** Hears a call from its beginning. */
export function hearCall(): Hearing {
  let source: { readonly ssrc: number; readonly heardAt: number } | undefined;
  let press: HeardPress | undefined;
  let tones = listenForTones();
  let newestSound: number | undefined;

  const turn = (): void => {
    source = undefined;
    press = undefined;
    tones = listenForTones();
    newestSound = undefined;
  };

  const isOfSource = ({ ssrc }: RtpPacket, now: number): boolean => {
    if (source !== undefined && source.ssrc !== ssrc) {
      if (now - source.heardAt < quietSourceMs) return false;
      turn();
    }
    source = { ssrc, heardAt: now };
    return true;
  };

  /** Of packets that overtook one another only the newest are heard: a doubled tone would be two keys. */
  const isNext = ({ sequence }: RtpPacket): boolean => {
    const ahead = newestSound === undefined ? 1 : sequenceDistance(sequence, newestSound);
    if (ahead <= 0 && ahead > -latestPackets) return false;
    newestSound = sequence;
    return true;
  };

  return {
    hear: (bytes, peer, now) => {
      const packet = readRtp(bytes);
      if (packet === undefined) return nothing;
      const codec = peer.codecs.get(packet.payloadType);
      if (codec === undefined && !isEvent(peer, packet.payloadType)) return nothing;
      if (!isOfSource(packet, now)) return nothing;
      if (codec === undefined) {
        const heard = hearPress(press, packet);
        press = heard.last;
        return { keys: heard.key ?? '', sound: undefined };
      }
      if (!isNext(packet)) return nothing;
      const sound = decodeSpeech(codec, packet.payload.subarray(0, longestSound));
      // Where keys come as events, their tones may still be in the sound: those would be heard twice.
      return { keys: peer.eventPayloadType === undefined ? tones.hear(sound) : '', sound };
    },
    turn,
  };
}

/** Some answer with a payload type of their own for keys, and then send what we called them. */
function isEvent({ eventPayloadType }: RtpPeer, payloadType: number): boolean {
  if (eventPayloadType === undefined) return false;
  return payloadType === eventPayloadType || payloadType === ownEventPayloadType;
}
