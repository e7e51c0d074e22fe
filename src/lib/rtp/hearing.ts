/**
 * Owns what is heard of the other side of a call: of all the packets that come from its address one source at
 * a time, which keys are pressed there, and the sound itself.
 */
import { decodeSpeech } from './g711.ts';
import { readRtp, sequenceDistance, type RtpPacket } from './packet.ts';
import { ownEventPayloadType, type RtpPeer } from './sdp.ts';
import { hearPress, latestPackets, type HeardPress } from './telephone-events.ts';
import { listenForTones, type ToneListener } from './tones.ts';

/** All times are of one clock, in milliseconds. */
export interface Hearing {
  /** Hears a packet, decrypted. The keys whose press begins with it, of which there is seldom one. */
  readonly hear: (packet: Buffer, peer: RtpPeer, now: number) => string;
  /** What comes from now on is of another telephone. */
  readonly turn: () => void;
  /** When anything last came; undefined where nothing ever did. */
  readonly lastHeardAt: () => number | undefined;
}

/**
 * A source that is quiet for so long may be followed by another of the same address, as where an exchange
 * puts a call through. Until then nobody else is heard, whatever address he pretends to have.
 */
const quietSourceMs = 1_000;
/** Of a packet so many samples are heard at most: 100 ms. */
const longestSound = 800;

/** Hears a call from its beginning. `onSound` is given the sound of each packet, as they come. */
export function hearCall(onSound: (samples: Int16Array) => void = () => {}): Hearing {
  let source: { readonly ssrc: number; readonly heardAt: number } | undefined;
  let lastHeardAt: number | undefined;
  let press: HeardPress | undefined;
  let tones: { readonly listener: ToneListener; readonly sequence: number } | undefined;

  const isOfSource = ({ ssrc }: RtpPacket, now: number): boolean => {
    if (source !== undefined && source.ssrc !== ssrc) {
      if (now - source.heardAt < quietSourceMs) return false;
      press = undefined;
      tones = undefined;
    }
    source = { ssrc, heardAt: now };
    lastHeardAt = now;
    return true;
  };

  /** Of packets that overtook one another only the newest count: a doubled one would be a doubled tone. */
  const tonesIn = ({ sequence }: RtpPacket, samples: Int16Array): string => {
    const ahead = tones === undefined ? 1 : sequenceDistance(sequence, tones.sequence);
    if (ahead <= 0 && ahead > -latestPackets) return '';
    tones = { listener: tones?.listener ?? listenForTones(), sequence };
    return tones.listener.hear(samples);
  };

  return {
    hear: (bytes, peer, now) => {
      const packet = readRtp(bytes);
      if (packet === undefined) return '';
      const codec = peer.codecs.get(packet.payloadType);
      if (codec === undefined && !isEvent(peer, packet.payloadType)) return '';
      if (!isOfSource(packet, now)) return '';
      if (codec === undefined) {
        const heard = hearPress(press, packet);
        press = heard.last;
        return heard.key ?? '';
      }
      const samples = decodeSpeech(codec, packet.payload.subarray(0, longestSound));
      onSound(samples);
      // Where keys come as events, their tones may still be in the sound: those would be heard twice.
      return peer.eventPayloadType === undefined ? tonesIn(packet, samples) : '';
    },
    turn: () => {
      source = undefined;
      press = undefined;
      tones = undefined;
    },
    lastHeardAt: () => lastHeardAt,
  };
}

/** Some answer with a payload type of their own for keys, and then send what we called them. */
function isEvent({ eventPayloadType }: RtpPeer, payloadType: number): boolean {
  if (eventPayloadType === undefined) return false;
  return payloadType === eventPayloadType || payloadType === ownEventPayloadType;
}
